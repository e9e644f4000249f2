"""Trace a line of a file forward: which settings it sets, and in which scopes they win."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.errors import DeskcError
from deskc.core.findings import Place
from deskc.core.layers import Layers
from deskc.core.resolved import Scope, Section, drops
from deskc.core.scopes import SECTIONS, ScopeId, Target
from deskc.core.violations import close_to
from deskc.pipeline import Prepared, scopes_of
from deskc.plan.asked import CONFIG_VERSION
from deskc.plan.consulted import Action
from deskc.plan.declared import Statement, declared
from deskc.plan.lines import default_lines, nearest, standing
from deskc.plan.reach import scopes_reading, targets_reading
from deskc.plan.settings import place_of, within

__all__ = ["Decision", "Effects", "Overridden", "Through", "affects"]


@dataclass(frozen=True, slots=True)
class Overridden:
    """Scopes in which a later place speaks about the setting, and what it does."""

    by: Place
    action: Action
    scopes: tuple[ScopeId, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """Scopes in which another setting takes the value by `${ref:…}`."""

    path: str
    place: Place
    scopes: tuple[ScopeId, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a line says about one setting, and where that holds; `default` says that it is the schema's default.

    `value` is what is set; for `unset` the keys and for `replace` true, as written.
    """

    path: str
    value: Any
    action: Action
    place: Place
    default: bool
    wins: tuple[ScopeId, ...]
    overridden: tuple[Overridden, ...]
    through: tuple[Through, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a line decides. `nearest` is the closest line with something on it, for a line that has nothing."""

    path: str
    line: int
    decisions: tuple[Decision, ...]
    statements: tuple[Statement, ...]
    nearest: int | None


def affects(prepared: Prepared, path: str, line: int) -> Effects | None:
    """Say what a line of a file, from 1, decides; `path` is relative to the repository's root.

    None where desk.yaml itself cannot be read. Raise DeskcError for a file that settles no value, or a line beyond its
    end.
    """
    layers = prepared.layers
    if layers is None:
        return None
    _refuse(prepared, layers, path, line)
    if path in layers.documents:
        return _in_layer(prepared, layers, path, line)
    return _in_schema(prepared, layers, path, line)


def _refuse(prepared: Prepared, layers: Layers, path: str, line: int) -> None:
    """Refuse a file or a line that is not there to decide anything."""
    files = prepared.tree.files
    if path not in files:
        guess = close_to(path, files)
        msg = f"the desk reads no file {path}"
        raise DeskcError(msg, help=f"did you mean {guess}?" if guess else "name a layer, a template or a schema")
    if path not in layers.documents and not path.startswith(layers.desk.schemas):
        msg = f"{path} settles no setting's value"
        raise DeskcError(msg, help="name a layer, a template or a schema")
    count = len(files[path].splitlines())
    if not 1 <= line <= count:
        msg = f"{path} has {count} lines, so there is no line {line}"
        raise DeskcError(msg, help="count lines from 1")


def _in_layer(prepared: Prepared, layers: Layers, path: str, line: int) -> Effects:
    document = layers.documents[path]
    here = standing(document, line)
    wanted = frozenset(leaf.path for leaf in here if leaf.path.partition(".")[0] in SECTIONS)
    readers = targets_reading(path, layers)
    tracing = _Tracing(layers, lambda leaf: leaf.file == path and leaf.path in wanted and leaf.line > 0)
    if wanted and path != layers.desk.file:
        tracing.trace(prepared, readers)
    decisions = list(tracing.decisions())
    if any(leaf.path == CONFIG_VERSION for leaf in here):
        decisions += _label(prepared, layers, path)
    statements = tuple(declared(here, path, layers))
    decisions += _of_templates(prepared, layers, readers, statements)
    seen = {decision.path for decision in decisions}
    silent = tuple(
        _without_reader(leaf) for leaf in here if leaf.path in wanted and not _is_dollar(leaf) and leaf.path not in seen
    )
    found = bool(decisions or statements or silent)
    return Effects(path, line, tuple(decisions), (*statements, *silent), None if found else nearest(document, line))


def _is_dollar(leaf: Leaf) -> bool:
    """Say whether a leaf is an operation: it sets nothing by itself."""
    return any(isinstance(step, str) and step.startswith("$") for step in paths.split(leaf.path))


def _without_reader(leaf: Leaf) -> Statement:
    return Statement(f"sets {leaf.path}, and no scope reads it", ())


def _of_templates(
    prepared: Prepared, layers: Layers, readers: tuple[Target, ...], statements: Iterable[Statement]
) -> Iterator[Decision]:
    """Yield the settings of the templates that a line puts beneath its layer."""
    for template in dict.fromkeys(template for statement in statements for template in statement.templates):
        tracing = _Tracing(layers, partial(_stands_in, template))
        tracing.trace(prepared, readers)
        yield from tracing.decisions()


def _stands_in(file: str, leaf: Leaf) -> bool:
    return leaf.file == file and leaf.line > 0


def _in_schema(prepared: Prepared, layers: Layers, path: str, line: int) -> Effects:
    lines = default_lines(path, layers)
    wanted = frozenset(lines.get(line, ()))
    tracing = _Tracing(layers, lambda leaf: leaf.file == path and leaf.path in wanted and not leaf.line)
    if wanted:
        tracing.trace(prepared, layers.targets)
    decisions = tuple(tracing.decisions())
    silent = tuple(
        Statement(f"holds the default of {name}, and no scope has the section", ())
        for name in sorted(wanted)
        if not any(within(decision.path, name) for decision in decisions)
    )
    close = None if wanted else min(lines, key=lambda other: (abs(other - line), other), default=None)
    return Effects(path, line, decisions, silent, close)


def _label(prepared: Prepared, layers: Layers, path: str) -> Iterator[Decision]:
    """Yield where a layer's config_version holds, and where a more specific one does."""
    own = layers.documents[path].find(CONFIG_VERSION)
    reading = frozenset(scopes_reading(path, layers))
    gathered = _Gathered()
    for target in targets_reading(path, layers):
        for scope in scopes_of(prepared, target).value:
            label = scope.config_version
            if label is not None and scope.id in reading:
                gathered.add(scope.id, None if label.file == path else (label.place(), _SET))
    if own is not None:
        yield gathered.decision(CONFIG_VERSION, own, action=_SET, place=own.place())


_SET: Action = "set"
_By = tuple[Place, Action] | None


class _Gathered:
    """The scopes in which one setting of a line wins, is overridden or is passed on."""

    def __init__(self) -> None:
        self.wins: list[ScopeId] = []
        self.overridden: dict[tuple[Place, Action], list[ScopeId]] = {}
        self.through: dict[tuple[str, Place], list[ScopeId]] = {}

    def add(self, scope: ScopeId, by: _By) -> None:
        """Add a scope that reads the line, and what overrides it there."""
        (self.wins if by is None else self.overridden.setdefault(by, [])).append(scope)

    def decision(self, path: str, leaf: Leaf, *, action: Action, place: Place) -> Decision:
        """Return what was gathered."""
        return Decision(
            path=path,
            value=leaf.value,
            action=action,
            place=place,
            default=not leaf.line,
            wins=tuple(self.wins),
            overridden=tuple(Overridden(*by, tuple(self.overridden[by])) for by in sorted(self.overridden, key=_where)),
            through=tuple(Through(*to, tuple(self.through[to])) for to in sorted(self.through)),
        )


def _where(by: tuple[Place, Action]) -> tuple[str, int, int, str]:
    place, action = by
    return place.path, place.line, place.column, action


class _Verdict(NamedTuple):
    """What a section has of one setting that the line speaks of: the leaf, what the line does, what overrides it."""

    path: str
    leaf: Leaf
    action: Action
    by: _By


class _Tracing:
    """Follows leaves of a line through scopes; scopes that share a section share its verdict."""

    def __init__(self, layers: Layers, is_here: Callable[[Leaf], bool]) -> None:
        self.layers = layers
        self.is_here = is_here
        self.found: dict[tuple[str, Action], tuple[Leaf, str, _Gathered]] = {}

    def trace(self, prepared: Prepared, targets: Iterable[Target]) -> None:
        """Go through every scope of some targets."""
        for target in targets:
            known: dict[int, tuple[_Verdict, ...]] = {}
            for scope in scopes_of(prepared, target).value:
                for section in scope.sections.values():
                    if id(section.patches) not in known:
                        known[id(section.patches)] = tuple(self.verdicts(section))
                    for verdict in known[id(section.patches)]:
                        self.add(scope, verdict)
                self.pass_on(scope)

    def verdicts(self, section: Section) -> Iterator[_Verdict]:
        """Yield what a section has of the line: what it sets, and what it takes away."""
        said: dict[tuple[str, Action], Leaf] = {}
        inherited: dict[str, Leaf] = {}
        for patch in section.patches:
            for drop in (drop for drop in patch.drops if self.is_here(drop.leaf)):
                action: Action = "replace" if drop.keys is None else "unset"
                said |= {(path, action): drop.leaf for path in inherited if drops(drop, path)}
            said |= {(path, _SET): leaf for path, leaf in patch.leaves.items() if self.is_here(leaf)}
            inherited |= patch.leaves
        for (path, action), leaf in said.items():
            if leaf.value == {} and path not in section.shape.order:
                continue  # a map's mark, which counts only where the map is empty
            last, does = _last(section, path)
            ours = does == action and _spot(last) == _spot(leaf)
            yield _Verdict(path, leaf, action, None if ours else (last.place(), does))

    def add(self, scope: Scope, verdict: _Verdict) -> None:
        """Add a scope to what is known of a setting."""
        key = (verdict.path, verdict.action)
        if key not in self.found:
            self.found[key] = (verdict.leaf, scope.id.bot, _Gathered())
        self.found[key][2].add(scope.id, verdict.by)

    def pass_on(self, scope: Scope) -> None:
        """Add the settings of a scope that take a value of the line by reference."""
        for section in scope.sections.values():
            for path, target in section.bound.items():
                known = self.found.get((target.path, _SET))
                if known and self.is_here(target):
                    known[2].through.setdefault((path, section.leaves[path].place()), []).append(scope.id)

    def decisions(self) -> Iterator[Decision]:
        """Yield what was found, setting by setting, in the order of the file."""
        order = sorted(self.found.items(), key=lambda item: (item[1][0].line, item[1][0].column, item[0]))
        for (path, action), (leaf, bot, gathered) in order:
            yield gathered.decision(path, leaf, action=action, place=place_of(leaf, self.layers, bot))


def _last(section: Section, path: str) -> tuple[Leaf, Action]:
    """Return what spoke last about a setting of a section, and what it did."""
    last: tuple[Leaf, Action] | None = None
    for patch in section.patches:
        for drop in patch.drops:
            if drops(drop, path):
                last = (drop.leaf, "unset" if drop.keys is not None else "replace")
        if path in patch.leaves:
            last = (patch.leaves[path], _SET)
    if last is None:
        raise LookupError(path)
    return last


def _spot(leaf: Leaf) -> tuple[str, int, int]:
    return leaf.file, leaf.line, leaf.column
