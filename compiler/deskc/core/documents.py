"""A parsed YAML file: plain values, and the place of each of them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from deskc.core import paths
from deskc.core.findings import Place

__all__ = ["Document", "Leaf", "Tree"]


class Leaf(NamedTuple):
    """One written value: a scalar, a whole list or an empty map; the unit that layers merge.

    `text` is its canonical JSON. Lines and columns are 1-based, in code points, the end exclusive; line 0 means that
    the place is found on demand (a schema's default). A tuple, not a dataclass: a fleet has tens of thousands of them.
    """

    path: str
    value: Any
    text: str
    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    key_line: int = 0
    key_column: int = 0

    def place(self, role: str = "") -> Place:
        """Return where the value stands."""
        return Place(self.file, self.line, self.column, self.end_line, self.end_column, role)

    def key_place(self, role: str = "") -> Place:
        """Return where the value's key stands; a list's item stands for its own key."""
        if (self.key_line, self.key_column) == (self.line, self.column):
            return self.place(role)
        end = self.key_column + len(str(paths.split(self.path)[-1]))
        return Place(self.file, self.key_line, self.key_column, self.key_line, end, role)


class Document(NamedTuple):
    """One YAML file as strict reading gives it.

    `data` is the plain value; `leaves` holds for each top-level key what layers merge, by setting path; `items` the
    values inside lists and `containers` the maps that are not empty, both by path. `dollar` says that some key starts
    with `$` or some text holds `${`; `broken` that an error finding was made and the content must not be used.
    """

    path: str
    data: Any
    leaves: Mapping[str, Mapping[str, Leaf]]
    items: Mapping[str, Leaf]
    containers: Mapping[str, Leaf]
    dollar: bool
    broken: bool

    def find(self, path: str) -> Leaf | None:
        """Return what stands at a path: a leaf, an item of a list or a map."""
        for group in self.leaves.values():
            if path in group:
                return group[path]
        return self.items.get(path) or self.containers.get(path)

    def written(self) -> tuple[Leaf, ...]:
        """Return every scalar and empty collection in the order of the file."""
        leaves = [
            leaf
            for group in self.leaves.values()
            for leaf in group.values()
            if not (leaf.value and type(leaf.value) is list)
        ]
        return tuple(sorted((*leaves, *self.items.values()), key=lambda leaf: (leaf.line, leaf.column)))


class Tree(NamedTuple):
    """The files that one build reads, by path from the repository's root; nothing else is ever looked at.

    `commit` is None for the working tree. `now` is the commit's committer time, or the working tree's, in unix seconds.
    """

    commit: str | None
    now: int
    files: Mapping[str, bytes]
