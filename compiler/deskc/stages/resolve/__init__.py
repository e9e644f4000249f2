"""Resolve scopes: walk the hierarchy from the least specific layer to the most, later layers win."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from deskc.core.desk import Bot
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, grouped
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope, Section
from deskc.core.scopes import SERVICE_SECTIONS, TRADING_SECTIONS, ScopeId, Target
from deskc.stages.resolve.binding import bindings
from deskc.stages.resolve.plans import Plan, Speakers, planned, speakers
from deskc.stages.resolve.sections import Sections

__all__ = ["resolve"]

_made_id, _made = partial(tuple.__new__, ScopeId), partial(tuple.__new__, Scope)
"""The generated constructors cost twice as much, and a fleet has thousands of scopes."""


def resolve(layers: Layers, target: Target) -> Outcome[tuple[Scope, ...]]:
    """Resolve all scopes of one (environment, bot), bot level first, then by coin and side.

    A scope whose chain holds a broken layer is left out: its layer's finding has said why. So is one that lacks a
    required setting, or holds a reference that cannot be bound.
    """
    spoken = speakers(layers, target)
    if any(layer.broken for layer in spoken.fixed):
        return Outcome(())
    work = _Resolution(layers, layers.bots[target.bot], target, spoken)
    scopes = tuple(work.scopes())
    return Outcome(scopes, grouped(work.findings))


class _Resolution:
    """One target's resolution: what no coin speaks of is merged once, what no side tells apart once a coin."""

    def __init__(self, layers: Layers, bot: Bot, target: Target, spoken: Speakers) -> None:
        self.bot = bot
        self.target = target
        self.spoken = spoken
        loaded = layers.schemas
        self.schemas = {name: loaded.of(name, bot.strategy) or schema for name, schema in loaded.sections.items()}
        self.built = Sections(target, self.schemas)
        self.findings: list[Finding] = self.built.findings
        wanted = spoken.sections & frozenset(SERVICE_SECTIONS) if bot.is_service else spoken.sections
        self.plans = {name: planned(name, spoken, self.built) for name in sorted(wanted)}

    def scopes(self) -> Iterator[Scope]:
        """Yield every scope that is whole and not poisoned."""
        environment, bot = self.target
        common = {name: plan.common for name, plan in self.plans.items() if plan.common}
        shared, labels = _label(self.spoken.fixed), _labels(self.spoken)
        whole = self.scope(ScopeId(environment, bot), shared, common)
        if whole is not None:
            yield whole
        plans = [plan for name, plan in self.plans.items() if name in TRADING_SECTIONS]
        sided = frozenset[str]().union(*(plan.sided for plan in plans))
        sides = sorted(self.bot.sides, key=str.encode) or (None,)
        broken = self.spoken.broken
        for coin in sorted(self.bot.coins[environment], key=str.encode):
            label = labels.get(coin, shared)
            sections: Mapping[str, Section] = {}
            for side in sides:
                if broken and not broken.isdisjoint(((coin, ""), (coin, side or ""))):
                    continue
                if not sections or coin in sided:
                    sections = self.sections(plans, coin, side, sections)
                whole = self.scope(_made_id((environment, bot, coin, side, None)), label, sections)
                if whole is not None:
                    yield whole

    def sections(
        self, plans: Sequence[Plan], coin: str, side: str | None, other: Mapping[str, Section]
    ) -> Mapping[str, Section]:
        """Resolve the sections that some layer speaks of to a coin's scope; `other` are those of another side."""
        found: dict[str, Section] = {}
        for plan in plans:
            shared = other.get(plan.name) if coin not in plan.sided else None
            section = shared or self.section(plan, coin, side)
            if section is not None:
                found[plan.name] = section
        return found

    def scope(self, scope: ScopeId, label: Leaf | None, sections: Mapping[str, Section]) -> Scope | None:
        """Return one scope with its references bound, or None where it is not whole."""
        if self.built.some_odd and any(section.is_odd for section in sections.values()):
            whole = self.whole(scope, sections)
            return None if whole is None else Scope(scope, label, whole)
        return _made((scope, label, sections))

    def whole(self, scope: ScopeId, sections: Mapping[str, Section]) -> Mapping[str, Section] | None:
        """Return a scope's sections with every `${ref:…}` bound, or None where something in them is missing."""
        if any(section.shape.missing for section in sections.values()):
            return None
        targets = bindings(scope, sections, self.schemas)
        self.findings += targets.findings
        if targets.findings:
            return None
        return {
            name: self.built.bound(name, section, targets.value) if section.unbound else section
            for name, section in sections.items()
        }

    def section(self, plan: Plan, coin: str, side: str | None) -> Section | None:
        """Resolve one section of a coin's scope; None where no layer speaks of it."""
        if coin not in plan.coins:
            return plan.common
        special = False
        patches: list[Patch] = []
        for fixed, by_coin, by_side in plan.steps:
            if fixed:
                patches += fixed
                continue
            found = by_side.get((coin, side or "")) if by_side else by_coin.get(coin)
            if found:
                patches += found
                special = True
        if not special:
            return plan.common
        return self.laid_over(plan, patches)

    def laid_over(self, plan: Plan, patches: Sequence[Patch]) -> Section:
        """Lay patches over a plan's lead: most set only what is set already, so texts replace each other in place."""
        texts = plan.texts.copy()
        for patch in patches:
            if patch.drops or patch.references:
                return self.built.merged(plan.name, (*plan.lead, *patches))
            texts.update(patch.texts)
        if plan.common is None or len(texts) > len(plan.texts):
            return self.built.merged(plan.name, (*plan.lead, *patches))
        shape = plan.common.shape
        return Section((*plan.lead, *patches), shape.frame % tuple(texts.values()), shape)


def _label(layers: Iterable[Layer]) -> Leaf | None:
    """Return the last label that layers of every scope give."""
    found: Leaf | None = None
    for layer in layers:
        found = layer.config_version or found
    return found


def _labels(spoken: Speakers) -> Mapping[str, Leaf]:
    """Return the labels that coins have of their own; they count before their bot's, whatever the levels' order."""
    found: dict[str, Leaf] = {}
    for layers in spoken.special.values():
        for (coin, _), layer in layers.items():
            if layer.config_version is not None and "coin" in layer.names:
                found[coin] = layer.config_version
    return found
