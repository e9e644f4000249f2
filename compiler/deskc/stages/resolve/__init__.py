"""Resolve scopes: walk the hierarchy from the least specific layer to the most, later layers win."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import attrgetter, le
from typing import NamedTuple

from deskc.core.desk import Bot
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, grouped
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope, Section, Shape, drops
from deskc.core.scopes import SECTIONS, SERVICE_SECTIONS, TRADING_SECTIONS, ScopeId, Target
from deskc.stages.resolve.binding import bindings
from deskc.stages.resolve.required import missing
from deskc.stages.resolve.shapes import shape_of

__all__ = ["resolve"]

_EMPTY: Mapping[str, Leaf] = {}


def resolve(layers: Layers, target: Target) -> Outcome[tuple[Scope, ...]]:
    """Resolve all scopes of one (environment, bot), bot level first, then by coin and side.

    A scope whose chain holds a broken layer is left out: its layer's finding has said why. So is one that lacks a
    required setting, or holds a reference that cannot be bound.
    """
    work = _Resolution(layers, layers.bots[target.bot], target)
    scopes = tuple(work.scopes())
    return Outcome(scopes, grouped(work.findings))


class _Level(NamedTuple):
    """One level of the hierarchy as a target sees it: a layer for every scope, or layers by coin, or by coin and side.

    In `by_side` the coin is None where the level's pattern has no coin.
    """

    fixed: Layer | None
    by_coin: Mapping[str, Layer]
    by_side: Mapping[tuple[str | None, str], Layer]


class _Resolution:
    """One target's resolution. What no coin speaks of is merged once; sections of the same patches are built once."""

    def __init__(self, layers: Layers, bot: Bot, target: Target) -> None:
        self.layers = layers
        self.bot = bot
        self.target = target
        self.findings: list[Finding] = []
        self.memo: dict[tuple[Patch, ...], Section] = {}
        self.incomplete: set[int] = set()  # the ids of sections, which the memo keeps alive
        self.shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}
        loaded = layers.schemas
        self.schemas = {name: loaded.of(name, bot.strategy) or schema for name, schema in loaded.sections.items()}
        self.defaults = {name: Patch("", schema.defaults) for name, schema in self.schemas.items()}
        self.levels = tuple(self.own_levels(bot.names(target.environment)))

    def own_levels(self, names: Mapping[str, str]) -> Iterator[_Level]:
        """Yield the levels that hold a layer for this target, by what its own axes are called."""
        for pattern, found in zip(self.layers.desk.hierarchy, self.layers.levels, strict=True):
            if any(axis not in names for axis in pattern.axes if axis not in ("coin", "side")):
                continue
            own = [
                layer
                for layer in found.values()
                if all(names.get(axis, name) == name for axis, name in layer.names.items())
            ]
            if not own:
                continue
            if "side" in pattern.axes:
                yield _Level(None, {}, {(layer.names.get("coin"), layer.names["side"]): layer for layer in own})
            elif "coin" in pattern.axes:
                yield _Level(None, {layer.names["coin"]: layer for layer in own}, {})
            else:
                yield _Level(own[0], {}, {})

    def scopes(self) -> Iterator[Scope]:
        """Yield every scope that is not poisoned."""
        environment, bot = self.target
        fixed = [level.fixed for level in self.levels if level.fixed]
        if any(layer.broken for layer in fixed):
            return
        common = self.sections(fixed, SERVICE_SECTIONS if self.bot.is_service else SECTIONS)
        whole = self.scope(ScopeId(environment, bot), fixed, common)
        if whole:
            yield whole
        trading = {name: section for name, section in common.items() if name in TRADING_SECTIONS}
        sides = sorted(self.bot.sides, key=str.encode) or (None,)
        for coin in sorted(self.bot.coins[environment], key=str.encode):
            for side in sides:
                chain, special = self.chain(coin, side)
                if not any(layer.broken for layer in special):
                    spoken = {name for layer in special for name in layer.patches if name in TRADING_SECTIONS}
                    own = {**trading, **self.sections(chain, spoken)} if spoken else trading
                    whole = self.scope(ScopeId(environment, bot, coin, side), chain, own)
                    if whole:
                        yield whole

    def chain(self, coin: str, side: str | None) -> tuple[list[Layer], list[Layer]]:
        """Return the layers that speak to a scope, least specific first, and those that speak to its coin or side."""
        chain: list[Layer] = []
        special: list[Layer] = []
        for fixed, by_coin, by_side in self.levels:
            if fixed is not None:
                chain.append(fixed)
                continue
            layer = by_coin.get(coin)
            if layer is None and side is not None:
                layer = by_side.get((coin, side)) or by_side.get((None, side))
            if layer is not None:
                chain.append(layer)
                special.append(layer)
        return chain, special

    def scope(self, scope: ScopeId, chain: Sequence[Layer], sections: Mapping[str, Section]) -> Scope | None:
        """Return a scope from its merged sections, or None where it is not whole: sort, bind references, label."""
        if not all(map(le, sections, list(sections)[1:])):
            sections = dict(sorted(sections.items()))
        for section in sections.values():
            if section.unbound or id(section) in self.incomplete:
                bound = self.whole(scope, sections)
                if bound is None:
                    return None
                sections = bound
                break
        return Scope(scope, _label(chain), sections)

    def whole(self, scope: ScopeId, sections: Mapping[str, Section]) -> Mapping[str, Section] | None:
        """Return a scope's sections with every `${ref:…}` bound, or None where something required or named is missing."""
        if any(id(section) in self.incomplete for section in sections.values()):
            return None
        targets = bindings(scope, sections, self.schemas)
        self.findings += targets.findings
        return None if targets.findings else self.bound(sections, targets.value)

    def sections(self, chain: Sequence[Layer], wanted: Collection[str]) -> dict[str, Section]:
        """Merge, for each wanted section that some layer speaks of, what the layers say."""
        found: dict[str, Section] = {}
        for name in sorted(wanted):
            patches: list[Patch] = []
            for layer in chain:
                patches += layer.patches.get(name, ())
            if patches:
                found[name] = self.section(name, (self.defaults[name], *patches))
        return found

    def section(self, name: str, patches: tuple[Patch, ...]) -> Section:
        """Merge the patches of one section."""
        known = self.memo.get(patches)
        if known is None:
            leaves = merge(patches)
            unbound = [path for patch in patches for path in patch.references if leaves.get(path) is patch.leaves[path]]
            known = self.memo[patches] = self.built(name, leaves, patches, unbound=tuple(unbound))
            lacking = tuple(missing(known, self.schemas[name], self.target))
            self.findings += lacking
            if lacking:
                self.incomplete.add(id(known))
        return known

    def built(
        self,
        name: str,
        leaves: Mapping[str, Leaf],
        patches: tuple[Patch, ...],
        *,
        unbound: tuple[str, ...] = (),
        bound: Mapping[str, Leaf] = _EMPTY,
    ) -> Section:
        """Freeze merged leaves as a section."""
        keys = tuple(leaves)
        shape = self.shapes.get((name, keys))
        if shape is None:
            shape = self.shapes[name, keys] = shape_of(keys, self.schemas[name])
        text = shape.frame % tuple(map(_text, map(leaves.__getitem__, shape.order)))
        return Section(leaves, text, shape, patches, unbound, bound)

    def bound(self, sections: Mapping[str, Section], targets: Mapping[str, Leaf]) -> dict[str, Section]:
        """Return a scope's sections with every `${ref:…}` replaced by the value it names."""
        found = dict(sections)
        for name, section in sections.items():
            if section.unbound:
                own = {path: targets[path] for path in section.unbound}
                taken = {
                    path: section.leaves[path]._replace(value=leaf.value, text=leaf.text) for path, leaf in own.items()
                }
                found[name] = self.built(name, {**section.leaves, **taken}, section.patches, bound=own)
        return found


_text = attrgetter("text")


def _label(chain: Sequence[Layer]) -> Leaf | None:
    """Return the last label of a chain; a coin's own counts before its bot's, whatever their order."""
    found: Leaf | None = None
    is_coin = False
    for layer in chain:
        if layer.config_version is not None and is_coin <= ("coin" in layer.names):
            found, is_coin = layer.config_version, "coin" in layer.names
    return found


def merge(patches: tuple[Patch, ...]) -> dict[str, Leaf]:
    """Apply patches in order: each first drops, then sets."""
    leaves = dict(patches[0].leaves)
    for patch in patches[1:]:
        for drop in patch.drops:
            for path in [path for path in leaves if drops(drop, path)]:
                del leaves[path]
            leaves.setdefault(drop.path, drop.leaf._replace(path=drop.path, value={}, text="{}"))
        leaves.update(patch.leaves)
    return leaves
