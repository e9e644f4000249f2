"""What resolving gives: scopes, their sections, and where each value came from."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from deskc.core import paths, references
from deskc.core.documents import Leaf
from deskc.core.layers import Drop, Patch
from deskc.core.scopes import ScopeId

__all__ = ["Scope", "Section", "Shape", "Spoken", "drops", "merge"]


class Shape(NamedTuple):
    """What sections with the same settings share: the canonical order and frame of their JSON.

    `frame % texts` is the section's canonical JSON, where texts are those of `order`. `floats`, `restart` and `late`
    are the paths that the snapshot's header lists; `missing` pairs an object with a setting that the schema requires.
    """

    order: tuple[str, ...]
    frame: str
    floats: tuple[str, ...]
    restart: tuple[str, ...]
    late: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


class Section:
    """One resolved section: its canonical JSON, and the patches that made it, in order.

    Scopes with the same patches share one section. `unbound` are the paths still set to `${ref:…}`; once these are
    bound, `bound` holds for each the leaf that it took its value from. A plain class: a fleet has thousands, and
    `leaves` are merged when something asks for them, which freezing does not.
    """

    __slots__ = ("_leaves", "bound", "patches", "shape", "text", "unbound")

    def __init__(  # noqa: PLR0913 - what a section is made of
        self,
        patches: tuple[Patch, ...],
        text: str,
        shape: Shape,
        *,
        leaves: Mapping[str, Leaf] | None = None,
        unbound: tuple[str, ...] = (),
        bound: Mapping[str, Leaf] | None = None,
    ) -> None:
        self.patches = patches
        self.text = text
        self.shape = shape
        self.unbound = unbound
        self.bound = bound or {}
        self._leaves = leaves

    @property
    def is_odd(self) -> bool:
        """Say whether a required setting is missing, or a reference is still to be bound."""
        return bool(self.unbound or self.shape.missing)

    @property
    def leaves(self) -> Mapping[str, Leaf]:
        """Return the winning leaf of each setting, by path."""
        if self._leaves is None:
            self._leaves = merge(self.patches)
        return self._leaves


def merge(patches: Iterable[Patch], start: Mapping[str, Leaf] | None = None) -> dict[str, Leaf]:
    """Apply patches in order to what was merged before: each first drops, then sets."""
    leaves = dict(start or {})
    for patch in patches:
        for drop in patch.drops:
            for path in [path for path in leaves if drops(drop, path)]:
                del leaves[path]
            leaves.setdefault(drop.path, drop.leaf._replace(path=drop.path, value={}, text="{}"))
        leaves.update(patch.leaves)
    return leaves


class Spoken(NamedTuple):
    """One time that a layer spoke about a setting: it set it (leaf) or took it away (drop)."""

    file: str
    leaf: Leaf
    drop: Drop | None = None


class Scope(NamedTuple):
    """One resolved target with its sections; a tuple, like its sections, because a fleet has thousands."""

    id: ScopeId
    config_version: Leaf | None
    sections: Mapping[str, Section]

    def find(self, path: str) -> Leaf | None:
        """Return the winning leaf of a setting, or None where the scope has none."""
        section = self.sections.get(path.partition(".")[0])
        return None if section is None else section.leaves.get(path)

    def leaves(self) -> dict[str, Leaf]:
        """Return the winning leaf of every setting of all sections, by path."""
        found: dict[str, Leaf] = {}
        for section in self.sections.values():
            found |= section.leaves
        return found

    def value(self, path: str) -> Any:  # noqa: ANN401 - a setting may have any JSON value
        """Return a setting's value, or the map or section at a path; raise KeyError where there is nothing."""
        leaf = self.find(path)
        if leaf is not None and leaf.value != {}:
            return deepcopy(leaf.value) if isinstance(leaf.value, list) else leaf.value
        section = self.sections.get(path.partition(".")[0])
        if section is None:
            raise KeyError(path)
        return _nested(section, path, known=leaf is not None)

    def origins(self, path: str) -> tuple[Spoken, ...]:
        """Return every time a layer spoke about a setting, in order, the winner last.

        What a bound reference names has its own origins appended: the last one holds the value.
        """
        found: list[Spoken] = []
        while (section := self.sections.get(path.partition(".")[0])) is not None:
            found += _spoken(section.patches, path)
            if path not in section.bound:
                break
            reference = references.read(found[-1].leaf.value)  # what was written; the section holds what it became
            if reference is None:
                break
            path = reference.name
        return tuple(found)


def _spoken(patches: tuple[Patch, ...], path: str) -> Iterator[Spoken]:
    for patch in patches:
        for drop in patch.drops:
            if drop.path == path or drops(drop, path):  # what takes from a map also makes it
                yield Spoken(patch.file, drop.leaf, drop)
        if path in patch.leaves:
            yield Spoken(patch.file, patch.leaves[path])


def drops(drop: Drop, path: str) -> bool:
    """Say whether a drop takes away what stands at a path."""
    if drop.keys is None:
        return paths.within(path, drop.path)
    names = (paths.child(drop.path, key) for key in drop.keys)
    return any(path == name or paths.within(path, name) for name in names)


def _nested(section: Section, path: str, *, known: bool) -> Any:  # noqa: ANN401 - any JSON value
    steps = paths.split(path)
    found: dict[str, Any] = {}
    inside = False
    for name, leaf in section.leaves.items():
        if paths.within(name, path):
            inside = True
            _put(found, paths.split(name)[len(steps) :], leaf.value)
    if not inside and not known:
        raise KeyError(path)
    return found


def _put(target: dict[str, Any], steps: tuple[str | int, ...], value: Any) -> None:  # noqa: ANN401 - any JSON value
    for step in steps[:-1]:
        target = target.setdefault(str(step), {})
    if value != {}:
        target[str(steps[-1])] = deepcopy(value)  # layers share their values, and whoever asked may change what it got
    else:
        target.setdefault(str(steps[-1]), {})
