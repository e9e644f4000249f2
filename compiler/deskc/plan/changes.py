"""What differs between two desks, or two environments of one, once everything is resolved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from deskc.core.documents import Leaf
from deskc.core.errors import DeskcError
from deskc.core.findings import Place
from deskc.core.layers import Layers
from deskc.core.resolved import Scope, Section
from deskc.core.scopes import ScopeId, Target
from deskc.pipeline import Everything, Prepared, Selection, scopes_of
from deskc.plan.asked import CONFIG_VERSION
from deskc.plan.reach import declared_scopes, errors_of, order
from deskc.plan.settings import Facts, facts_of, place_of

__all__ = ["Change", "ChangedScope", "Changes", "Kind", "changes", "changes_between"]

Kind = Literal["added", "removed", "broken", "setting", "label"]
"""A scope came, went or has an error on one side; a setting or a scope's config_version has another value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change and all scopes that it touches, in order.

    `before` and `after` are None where the setting is not set on that side; `place` is where the new value stands, or
    where the old one did. `facts` say what the change demands of the label and whether a running bot takes it.
    """

    kind: Kind
    path: str
    before: Leaf | None
    after: Leaf | None
    place: Place | None
    facts: Facts
    scopes: tuple[ScopeId, ...]


class ChangedScope(NamedTuple):
    """A scope that differs, as it was and as it is; None on the side that does not have it, or cannot resolve it."""

    id: ScopeId
    before: Scope | None
    after: Scope | None


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """All changes from one desk to another, in order, and the scopes that differ."""

    before: Layers
    after: Layers
    rows: tuple[Change, ...]
    scopes: tuple[ChangedScope, ...]


def changes(before: Prepared, after: Prepared, selection: Selection = Everything) -> Changes | None:
    """Compare two prepared desks scope by scope; None where desk.yaml itself cannot be read on one side.

    Targets that read no changed file are not resolved. A scope that is declared on both sides and resolves on one
    alone is `broken`: an error stands in its way, and nothing is said of its settings.
    """
    if before.layers is None or after.layers is None:
        return None
    work = _Comparison(before.layers, after.layers)
    for target in sorted(_touched(before.layers, after.layers, changed=_changed_files(before, after))):
        if selection.holds(target):
            work.compare_all(_resolved(before, before.layers, target), _resolved(after, after.layers, target))
    return work.done()


def changes_between(prepared: Prepared, environments: tuple[str, str], bots: tuple[str, ...] = ()) -> Changes | None:
    """Compare two environments of every bot that runs in both; scopes bear the second environment's name.

    None where desk.yaml itself cannot be read. Raise DeskcError where no bot runs in both.
    """
    layers = prepared.layers
    if layers is None:
        return None
    first, second = environments
    work = _Comparison(layers, layers)
    both = [name for name, bot in layers.bots.items() if {first, second} <= bot.coins.keys()]
    if not both:
        msg = f"no bot runs in both {first} and {second}"
        raise DeskcError(msg, help="compare two environments that share a bot")
    for bot in sorted(both):
        if not bots or bot in bots:
            found = _resolved(prepared, layers, Target(first, bot))
            old = {scope._replace(environment=second): side for scope, side in found.scopes.items()}
            work.compare_all(found._replace(scopes=old), _resolved(prepared, layers, Target(second, bot)))
    return work.done()


class _Side(NamedTuple):
    """What one side has of a scope: it may be absent, or declared and yet not resolve."""

    declared: bool
    scope: Scope | None


_ABSENT = _Side(declared=False, scope=None)
_BROKEN = _Side(declared=True, scope=None)


class _Resolved(NamedTuple):
    """One side of a target: its scopes, and what is true of a scope that is not among them.

    Where a bot's declaration has an error nobody knows what it declares, so every scope of it counts as broken.
    """

    scopes: Mapping[ScopeId, _Side]
    otherwise: _Side


def _changed_files(before: Prepared, after: Prepared) -> frozenset[str]:
    """Return the paths whose bytes differ."""
    old, new = before.tree.files, after.tree.files
    return frozenset(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _touched(old: Layers, new: Layers, *, changed: Iterable[str]) -> set[Target]:
    """Return the targets that some changed file may have changed; desk.yaml and schemas touch all."""
    everyone = {*old.targets, *new.targets}
    if old.schemas.digest != new.schemas.digest or old.desk != new.desk:
        return everyone
    return everyone & {target for path in changed for side in (old, new) for target in side.readers.get(path, ())}


def _resolved(prepared: Prepared, layers: Layers, target: Target) -> _Resolved:
    """Return the scopes that a side declares for a target."""
    if target not in layers.targets:
        return _Resolved({}, _BROKEN if errors_of(prepared.findings, target) else _ABSENT)
    found = {scope.id: scope for scope in scopes_of(prepared, target).value}
    declared = {scope: _Side(declared=True, scope=found.get(scope)) for scope in declared_scopes(layers, target)}
    return _Resolved(declared, _ABSENT)


class _Difference(NamedTuple):
    """One setting that differs between two sections."""

    path: str
    before: Leaf | None
    after: Leaf | None


class _Comparison:
    """Gathers differences; scopes that share their sections share the work of comparing them."""

    def __init__(self, before: Layers, after: Layers) -> None:
        self.before = before
        self.after = after
        self.rows: dict[tuple[object, ...], tuple[Change, list[ScopeId]]] = {}
        self.scopes: list[ChangedScope] = []
        self.known: dict[tuple[int, int], tuple[_Difference, ...]] = {}
        self.kept: list[Section | None] = []  # what `known` names by identity must stay alive

    def compare_all(self, old: _Resolved, new: _Resolved) -> None:
        """Compare the scopes that either side of a target has."""
        for scope in sorted({*old.scopes, *new.scopes}, key=order):
            self.compare(scope, old.scopes.get(scope, old.otherwise), new.scopes.get(scope, new.otherwise))

    def compare(self, scope: ScopeId, before: _Side, after: _Side) -> None:
        """Compare one scope's two sides."""
        old, new = before.scope, after.scope
        if old is not None and new is not None:
            self.resolved(scope, old, new)
        elif before.declared != after.declared:
            self.whole(scope, "added" if after.declared else "removed", old, new)
        elif before.declared:
            self.whole(scope, "broken", old, new)

    def whole(self, scope: ScopeId, kind: Kind, old: Scope | None, new: Scope | None) -> None:
        """Add a scope that came, went or cannot be compared."""
        self.scopes.append(ChangedScope(scope, old, new))
        self.add((kind,), Change(kind, "", None, None, None, Facts(), ()), scope)

    def resolved(self, scope: ScopeId, old: Scope, new: Scope) -> None:
        """Compare a scope that both sides have."""
        different = tuple(self.differences(old, new))
        labels = (old.config_version, new.config_version)
        if different or _text(labels[0]) != _text(labels[1]):
            self.scopes.append(ChangedScope(scope, old, new))
        for path, before, after in different:
            self.setting("setting", scope, path, before, after)
        if _text(labels[0]) != _text(labels[1]):
            self.setting("label", scope, CONFIG_VERSION, *labels)

    def differences(self, old: Scope, new: Scope) -> Iterator[_Difference]:
        """Yield the settings that differ, section by section."""
        for name in sorted({*old.sections, *new.sections}):
            one, other = old.sections.get(name), new.sections.get(name)
            if one is None or other is None or one.text != other.text:
                pair = (id(one), id(other))
                if pair not in self.known:
                    self.known[pair] = tuple(_differences(one, other))
                    self.kept += (one, other)
                yield from self.known[pair]

    def setting(self, kind: Kind, scope: ScopeId, path: str, before: Leaf | None, after: Leaf | None) -> None:
        """Add a changed value to the row of its like."""
        spot = after or before
        key = (kind, path, _text(before), _text(after), spot and spot[3:])
        if key in self.rows:
            self.rows[key][1].append(scope)
            return
        layers = self.after if after or scope.bot in self.after.bots else self.before
        place = place_of(spot, layers, scope.bot) if spot else None
        self.add(key, Change(kind, path, before, after, place, facts_of(path, layers, scope.bot), ()), scope)

    def add(self, key: tuple[object, ...], change: Change, scope: ScopeId) -> None:
        """Add a scope to a row."""
        self.rows.setdefault(key, (change, []))[1].append(scope)

    def done(self) -> Changes:
        """Return what was gathered, in order."""
        rows = sorted(
            (replace(change, scopes=tuple(sorted(scopes, key=order))) for change, scopes in self.rows.values()),
            key=_rank,
        )
        return Changes(self.before, self.after, tuple(rows), tuple(self.scopes))


_KINDS: tuple[Kind, ...] = ("added", "removed", "broken", "setting", "label")


def _rank(change: Change) -> tuple[object, ...]:
    place = change.place
    where = ("", 0, 0) if place is None else (place.path, place.line, place.column)
    return (_KINDS.index(change.kind), change.path, where, _text(change.before), _text(change.after))


def _text(leaf: Leaf | None) -> str:
    """Return a value's canonical JSON; nothing for what is not set."""
    return "" if leaf is None else leaf.text


def _differences(old: Section | None, new: Section | None) -> Iterator[_Difference]:
    """Yield the settings that differ between two sections; a map's own mark counts only where the map is empty."""
    before = {} if old is None else {path: old.leaves[path] for path in old.shape.order}
    after = {} if new is None else {path: new.leaves[path] for path in new.shape.order}
    for path in dict.fromkeys((*before, *after)):
        one, other = before.get(path), after.get(path)
        if _text(one) != _text(other):
            yield _Difference(path, one, other)
