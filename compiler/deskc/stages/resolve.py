"""Resolve scopes: walk the hierarchy from the least specific layer to the most, later layers win."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from deskc.core import canonical, paths, references
from deskc.core.desk import Bot
from deskc.core.documents import Leaf
from deskc.core.findings import Finding
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope, Section, Shape, merge
from deskc.core.schemas import Schema
from deskc.core.scopes import TRADING_SECTIONS, ScopeId, Target
from deskc.core.violations import close_to, violations

__all__ = ["resolve"]

def resolve(layers: Layers, target: Target) -> Outcome[tuple[Scope, ...]]:
    """Resolve all scopes of one (environment, bot), bot level first, then by coin and side.

    A scope whose chain holds a broken layer is left out: its layer's finding has said why.
    """
    work = _Resolution(layers, layers.bots[target.bot], target)
    scopes = tuple(work.scopes())
    return Outcome(scopes, tuple(dict.fromkeys(work.findings)))


class _Step(NamedTuple):
    """What one level says about one section to a target: the same to every scope, or by coin, or by coin and side."""

    fixed: tuple[Patch, ...]
    by_coin: Mapping[str, tuple[Patch, ...]]
    by_side: Mapping[tuple[str, str | None], tuple[Patch, ...]]


class _Plan(NamedTuple):
    """How a target resolves one section.

    `lead` are the patches that every chain starts with, `steps` the levels after them, `coins` those that some step speaks to
    alone, `common` the section of all others. `texts` are the values to start from, in canonical order; none where some patch
    has to be looked at.
    """

    name: str
    lead: tuple[Patch, ...]
    steps: tuple[_Step, ...]
    coins: frozenset[str]
    common: Section | None
    texts: dict[str, str]


class _Resolution:
    """One target's resolution. What no coin speaks of is merged once; sections of the same patches are built once."""

    def __init__(self, layers: Layers, bot: Bot, target: Target) -> None:
        self.layers = layers
        self.bot = bot
        self.target = target
        self.names = bot.names(target.environment)
        self.findings: list[Finding] = []
        self.memo: dict[tuple[Patch, ...], Section] = {}
        self.shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}
        self.schemas = {name: layers.schemas.of(name, bot.strategy) or schema for name, schema in layers.schemas.sections.items()}
        self.fixed, self.by_coin = self.own_layers()
        spoken = {name for layer in self.fixed for name in layer.patches}
        spoken.update(name for found in self.by_coin.values() for layer in found.values() for name in layer.patches)
        self.plans = {name: self.plan(name) for name in sorted(spoken)}

    def own_layers(self) -> tuple[list[Layer], dict[int, dict[tuple[str, str | None], Layer]]]:
        """Return the layers that speak to every scope of the target, and by level those that speak to a coin or its side."""
        fixed: list[Layer] = []
        by_coin: dict[int, dict[tuple[str, str | None], Layer]] = {}
        for level, (pattern, found) in enumerate(zip(self.layers.desk.hierarchy, self.layers.levels, strict=True)):
            own_axes = [(index, axis) for index, axis in enumerate(pattern.axes) if axis not in ("coin", "side")]
            wanted = [self.names.get(axis) for _, axis in own_axes]
            own = [layer for key, layer in found.items() if [key[index] for index, _ in own_axes] == wanted]
            if len(own_axes) == len(pattern.axes):
                fixed += own
            elif own:
                by_coin[level] = {(layer.names.get("coin", ""), layer.names.get("side")): layer for layer in own}
        return fixed, by_coin

    def plan(self, name: str) -> _Plan:
        """Work out how to resolve a section: merge what all scopes share, and prepare what remains to be laid over it."""
        steps: list[_Step] = []
        for level in range(len(self.layers.levels)):
            patches = tuple(patch for layer in self.fixed if layer.level == level for patch in layer.patches.get(name, ()))
            special = {key: layer.patches[name] for key, layer in self.by_coin.get(level, {}).items() if name in layer.patches}
            by_coin = {coin: found for (coin, side), found in special.items() if side is None}
            if patches or special:
                steps.append(_Step(patches, by_coin, special if len(by_coin) < len(special) else {}))
        coins = frozenset(coin for step in steps for coin in (*step.by_coin, *(coin for coin, _ in step.by_side)))
        count = next((index for index, step in enumerate(steps) if not step.fixed), len(steps))
        lead = (Patch("", self.schemas[name].defaults), *(patch for step in steps[:count] for patch in step.fixed))
        everywhere = (*lead, *(patch for step in steps[count:] for patch in step.fixed))
        if len(everywhere) == 1 and not any(layer.patches.get(name) for layer in self.fixed):
            return _Plan(name, lead, tuple(steps), coins, None, {})
        common = self.merged(name, everywhere)
        start = merge(lead)
        texts = {path: (start.get(path) or common.leaves[path]).text for path in common.shape.order}
        return _Plan(name, lead, tuple(steps[count:]), coins, common, {} if common.unbound else texts)

    def scopes(self) -> Iterator[Scope]:
        """Yield every scope that is not poisoned."""
        if any(layer.broken for layer in self.fixed):
            return
        environment, bot = self.target
        common = {name: plan.common for name, plan in self.plans.items() if plan.common}
        yield self.scope(ScopeId(environment, bot), self.fixed, common)
        plans = [plan for name, plan in self.plans.items() if name in TRADING_SECTIONS]
        sides = sorted(self.bot.sides, key=str.encode) or (None,)
        broken = {key for found in self.by_coin.values() for key, layer in found.items() if layer.broken}
        for coin in sorted(self.bot.coins[environment], key=str.encode):
            chain = self.chain(coin)
            for side in sides:
                if broken and ((coin, None) in broken or (coin, side) in broken):
                    continue
                sections: dict[str, Section] = {}
                for plan in plans:
                    section = self.section(plan, coin, side) if coin in plan.coins else plan.common
                    if section is not None:
                        sections[plan.name] = section
                yield self.scope(ScopeId(environment, bot, coin, side), chain, sections)

    def chain(self, coin: str) -> list[Layer]:
        """Return the layers that may label a coin, least specific first."""
        own = [found[coin, None] for found in self.by_coin.values() if (coin, None) in found]
        return sorted((*self.fixed, *own), key=attrgetter("level")) if own else self.fixed

    def scope(self, scope: ScopeId, chain: Sequence[Layer], sections: Mapping[str, Section]) -> Scope:
        """Resolve one scope from its merged sections: bind references, find the label."""
        for section in sections.values():
            if section.unbound:
                sections = self.bind(scope, sections)
                break
        version: Leaf | None = None
        for layer in chain:
            version = layer.config_version or version
        return Scope(scope, version, sections)

    def section(self, plan: _Plan, coin: str, side: str | None) -> Section | None:
        """Resolve one section of a coin's scope; None where no layer speaks of it."""
        special = False
        patches: list[Patch] = []
        for fixed, by_coin, by_side in plan.steps:
            if fixed:
                patches += fixed
                continue
            found = by_coin.get(coin) or by_side.get((coin, side))
            if found:
                patches += found
                special = True
        if not special:
            return plan.common
        key = tuple(patches)
        known = self.memo.get(key)
        if known is None:
            known = self.memo[key] = self.laid_over(plan, key)
        return known

    def laid_over(self, plan: _Plan, patches: tuple[Patch, ...]) -> Section:
        """Lay patches over a plan's lead: most set only what is set already, so canonical texts replace each other in place."""
        texts = plan.texts.copy()
        for patch in patches:
            if patch.drops or patch.references:
                return self.merged(plan.name, (*plan.lead, *patches))
            texts.update(patch.texts)
        if plan.common is None or len(texts) > len(plan.texts):
            return self.merged(plan.name, (*plan.lead, *patches))
        shape = plan.common.shape
        return Section((*plan.lead, *patches), shape.frame % tuple(texts.values()), shape)

    def merged(self, name: str, patches: tuple[Patch, ...]) -> Section:
        """Merge the patches of one section, whatever they do."""
        leaves = merge(patches)
        return self.built(name, leaves, patches, unbound=unbound_in(patches, leaves))

    def built(
        self,
        name: str,
        leaves: Mapping[str, Leaf],
        patches: tuple[Patch, ...],
        *,
        unbound: tuple[str, ...] = (),
        bound: Mapping[str, Leaf] | None = None,
    ) -> Section:
        """Freeze merged leaves as a section."""
        keys = tuple(leaves)
        shape = self.shapes.get((name, keys))
        if shape is None:
            shape = self.shapes[name, keys] = shape_of(name, keys, self.schemas[name])
        text = shape.frame % tuple([leaves[path].text for path in shape.order])
        section = Section(patches, text, shape, leaves=leaves, unbound=unbound, bound=bound)
        if shape.missing and bound is None:
            self.require(section)
        return section

    def require(self, section: Section) -> None:
        """Report what the schema requires and no layer has set."""
        for container, wanted in section.shape.missing:
            inside = [leaf for patch in section.patches[1:] for leaf in patch.leaves.values() if leaf.path.startswith(container)]
            places = (inside[-1].key_place(f"{container} set here"),) if inside else ()
            message = f"{wanted} is required, and no layer of {self.target} sets it"
            self.findings.append(Finding("REQ001", "error", message, f"set {wanted} in one of its layers", places, (str(self.target),)))

    # References

    def bind(self, scope: ScopeId, sections: Mapping[str, Section]) -> dict[str, Section]:
        """Give every `${ref:…}` of a scope the value it names."""
        bound = dict(sections)
        for name, section in sections.items():
            targets: dict[str, Leaf] = {}
            for path in section.unbound:
                target = self.followed(scope, sections, (path,))
                if target is not None and self.fits(scope, section.leaves[path], target, self.schemas[name]):
                    targets[path] = target
            if section.unbound:
                taken = {path: section.leaves[path]._replace(value=target.value, text=target.text) for path, target in targets.items()}
                bound[name] = self.built(name, {**section.leaves, **taken}, section.patches, bound=targets)
        return bound

    def followed(self, scope: ScopeId, sections: Mapping[str, Section], chain: tuple[str, ...]) -> Leaf | None:
        """Return the leaf at the end of a chain of references; report a circle or a miss."""
        leaf = sections[chain[-1].partition(".")[0]].leaves[chain[-1]]
        reference = references.read(leaf.value)
        name = reference.name if reference else ""
        section = sections.get(name.partition(".")[0])
        if name in chain:
            loop = " → ".join((*chain[chain.index(name) :], name))
            self.misbound("REF003", f"references go in a circle: {loop}", "write a value at one of these places", leaf, scope)
        elif section is None or name not in section.leaves or isinstance(section.leaves[name].value, (dict, list)):
            guess = close_to(name, [path for other in sections.values() for path in other.leaves])
            way_out = f"did you mean {guess}?" if guess else f"deskc explain lists what {scope} holds"
            self.misbound("REF004", f"{name} is no scalar setting of this scope", way_out, leaf, scope)
        elif name in section.unbound:
            return self.followed(scope, sections, (*chain, name))
        else:
            return section.leaves[name]
        return None

    def fits(self, scope: ScopeId, leaf: Leaf, target: Leaf, schema: Schema) -> bool:
        """Check a bound value against the schema of the place it went to."""
        if "${" in target.text:
            self.misbound("REF005", f"{target.path} is bound only when a bot loads, so nothing can refer to it", "refer to a setting with a value", leaf, scope, target)
            return False
        instance = target.value
        for step in reversed(paths.split(leaf.path)[1:]):
            instance = {step: instance}
        found = tuple(violations(schema.partial.iter_errors(instance), prefix=schema.section))
        for violation in found:
            self.misbound(violation.code, violation.message, violation.help, leaf, scope, target)
        return not found

    def misbound(self, code: str, message: str, way_out: str, leaf: Leaf, scope: ScopeId, target: Leaf | None = None) -> None:  # noqa: PLR0913
        """Report a reference that cannot be bound."""
        places = (leaf.place(), *((target.place("the value comes from here"),) if target and target.line else ()))
        self.findings.append(Finding(code, "error", message, way_out, places, (str(scope),)))


def unbound_in(patches: tuple[Patch, ...], leaves: Mapping[str, Leaf]) -> tuple[str, ...]:
    """Return the paths whose winner is a reference that the compiler binds."""
    return tuple(path for patch in patches for path in patch.references if leaves.get(path) is patch.leaves[path])


def shape_of(section: str, keys: Sequence[str], schema: Schema) -> Shape:
    """Return the canonical order and frame for a section with these settings (RFC 8785: keys by UTF-16 code units)."""
    tree: dict[str, object] = {}
    for path in keys:
        branch = tree
        steps = paths.split(path)[1:]
        for step in steps[:-1]:
            below = branch.get(str(step))
            if not isinstance(below, dict):
                below = branch[str(step)] = {}
            branch = below
        if steps and not isinstance(branch.get(str(steps[-1])), dict):
            branch[str(steps[-1])] = path
    order: list[str] = []
    frame = _frame(tree, order)
    settings = [(path, schema.setting(path)) for path in order]
    return Shape(
        order=tuple(order),
        frame=frame,
        floats=tuple(path for path, setting in settings if setting and setting.is_float),
        restart=tuple(path for path, setting in settings if setting and not setting.is_hot),
        late=tuple(path for path, setting in settings if setting and setting.is_late),
        missing=tuple(_missing(keys, schema)),
    )


def _missing(keys: Sequence[str], schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield what the schema requires and these settings lack: the object, and the setting's path."""
    for path, key in schema.required:
        for container in _instances(path, keys, schema):
            wanted = paths.child(container, key)
            if wanted not in keys and not any(other.startswith((f"{wanted}.", f"{wanted}[")) for other in keys):
                yield container, wanted


def _frame(tree: Mapping[str, object], order: list[str]) -> str:
    pieces = []
    for key in sorted(tree, key=canonical.key_order):
        branch = tree[key]
        name = canonical.string(key).replace("%", "%%")
        if isinstance(branch, dict):
            pieces.append(f"{name}:{_frame(branch, order)}")
        else:
            order.append(str(branch))
            pieces.append(f"{name}:%s")
    return "{" + ",".join(pieces) + "}"


def _instances(path: str, keys: Sequence[str], schema: Schema) -> tuple[str, ...]:
    """Return the objects of a section that have a schema path; one for each key where a free-key map lies on the way."""
    if path == schema.section:
        return (path,)
    found: dict[str, None] = {}
    length = path.count(".") + 1
    for key in keys:
        steps = paths.split(key)
        if len(steps) > length:
            above = paths.join(steps[:length])
            if schema.general(above) == path:
                found[above] = None
    return tuple(found)
