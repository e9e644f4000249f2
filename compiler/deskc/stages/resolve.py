"""Resolve scopes: walk the hierarchy from the least specific layer to the most, later layers win."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from operator import attrgetter
from typing import NamedTuple

from deskc.core import canonical, paths, references
from deskc.core.desk import Bot
from deskc.core.documents import Leaf
from deskc.core.findings import Finding
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope, Section, Shape, drops
from deskc.core.schemas import Schema
from deskc.core.scopes import SECTIONS, TRADING_SECTIONS, ScopeId, Target
from deskc.core.violations import close_to, violations

__all__ = ["resolve"]

_EMPTY: Mapping[str, Leaf] = {}


def resolve(layers: Layers, target: Target) -> Outcome[tuple[Scope, ...]]:
    """Resolve all scopes of one (environment, bot), bot level first, then by coin and side.

    A scope whose chain holds a broken layer is left out: its layer's finding has said why.
    """
    work = _Resolution(layers, layers.bots[target.bot], target)
    scopes = tuple(work.scopes())
    return Outcome(scopes, tuple(dict.fromkeys(work.findings)))


class _Level(NamedTuple):
    """One level of the hierarchy as a target sees it: the same layer for every scope, or layers by coin, or by coin and side."""

    fixed: Layer | None
    by_coin: Mapping[str, Layer]
    by_side: Mapping[tuple[str, str], Layer]


class _Resolution:
    """One target's resolution. What no coin speaks of is merged once; sections of the same patches are built once."""

    def __init__(self, layers: Layers, bot: Bot, target: Target) -> None:
        self.layers = layers
        self.bot = bot
        self.target = target
        self.findings: list[Finding] = []
        self.memo: dict[tuple[Patch, ...], Section] = {}
        self.shapes: dict[tuple[str, tuple[str, ...]], Shape] = {}
        self.leads: dict[str, tuple[int, Mapping[str, Leaf]]] = {}
        self.schemas = {name: layers.schemas.of(name, bot.strategy) or schema for name, schema in layers.schemas.sections.items()}
        self.defaults = {name: Patch("", schema.defaults) for name, schema in self.schemas.items()}
        self.levels = tuple(self.own_levels(bot.names(target.environment)))

    def own_levels(self, names: Mapping[str, str]) -> Iterator[_Level]:
        """Yield the levels that hold a layer for this target, by what its own axes are called."""
        for pattern, found in zip(self.layers.desk.hierarchy, self.layers.levels, strict=True):
            own = [layer for layer in found.values() if all(names.get(axis, name) == name for axis, name in layer.names.items())]
            if not own or any(axis not in names for axis in pattern.axes if axis not in ("coin", "side")):
                continue
            by_coin = {layer.names["coin"]: layer for layer in own if "side" not in pattern.axes and "coin" in pattern.axes}
            by_side = {(layer.names["coin"], layer.names["side"]): layer for layer in own if "side" in pattern.axes}
            yield _Level(None if by_coin or by_side else own[0], by_coin, by_side)

    def scopes(self) -> Iterator[Scope]:
        """Yield every scope that is not poisoned."""
        environment, bot = self.target
        fixed = [level.fixed for level in self.levels if level.fixed]
        if any(layer.broken for layer in fixed):
            return
        common = self.sections(fixed, SECTIONS)
        yield self.scope(ScopeId(environment, bot), fixed, common)
        trading = {name: section for name, section in common.items() if name in TRADING_SECTIONS}
        sides = sorted(self.bot.sides, key=str.encode) or (None,)
        for coin in sorted(self.bot.coins[environment], key=str.encode):
            for side in sides:
                chain, special = self.chain(coin, side)
                if any([layer.broken for layer in special]):
                    continue
                spoken = {name for layer in special for name in layer.patches if name in TRADING_SECTIONS}
                own = {**trading, **self.sections(chain, spoken)} if spoken else trading
                if len(own) > len(trading):
                    own = dict(sorted(own.items()))
                yield self.scope(ScopeId(environment, bot, coin, side), chain, own)

    def chain(self, coin: str, side: str | None) -> tuple[list[Layer], list[Layer]]:
        """Return the layers that speak to a scope, least specific first, and those of them that speak to its coin alone."""
        chain: list[Layer] = []
        special: list[Layer] = []
        for fixed, by_coin, by_side in self.levels:
            if fixed is not None:
                chain.append(fixed)
                continue
            layer = by_coin.get(coin) if by_coin else side and by_side.get((coin, side))
            if layer:
                chain.append(layer)
                special.append(layer)
        return chain, special

    def scope(self, scope: ScopeId, chain: Sequence[Layer], sections: Mapping[str, Section]) -> Scope:
        """Resolve one scope from its merged sections, sorted by name: bind references, find the label."""
        for section in sections.values():
            if section.unbound:
                sections = self.bind(scope, sections)
                break
        version: Leaf | None = None
        for layer in chain:
            version = layer.config_version or version
        return Scope(scope, version, sections)

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
            leaves = merge(patches, self.lead(name))
            unbound = unbound_in(patches, leaves) if any([patch.references for patch in patches]) else ()
            known = self.memo[patches] = self.built(name, leaves, patches, unbound=unbound)
            if known.shape.missing:
                self.require(name, known)
        return known

    def lead(self, name: str) -> tuple[int, Mapping[str, Leaf]]:
        """Return how many patches every chain of this target starts with for a section, and what they merge to."""
        known = self.leads.get(name)
        if known is None:
            fixed = takewhile(lambda layer: layer is not None, (level.fixed for level in self.levels))
            patches = (self.defaults[name], *(patch for layer in fixed for patch in layer.patches.get(name, ())))
            known = self.leads[name] = (len(patches), merge(patches))
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
            shape = self.shapes[name, keys] = shape_of(name, keys, self.schemas[name])
        text = shape.frame % tuple(map(_text, map(leaves.__getitem__, shape.order)))
        return Section(leaves, text, shape, patches, unbound, bound)

    def require(self, name: str, section: Section) -> None:
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


_text = attrgetter("text")


def merge(patches: tuple[Patch, ...], lead: tuple[int, Mapping[str, Leaf]] = (0, _EMPTY)) -> dict[str, Leaf]:
    """Apply patches in order: each first drops, then sets; `lead` is what the first so many merge to already."""
    count, merged = lead
    leaves = dict(merged)
    for patch in patches[count:]:
        for drop in patch.drops:
            for path in [path for path in leaves if drops(drop, path)]:
                del leaves[path]
            leaves.setdefault(drop.path, drop.leaf._replace(path=drop.path, value={}, text="{}"))
        leaves.update(patch.leaves)
    return leaves


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
