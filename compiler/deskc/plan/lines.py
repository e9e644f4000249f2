"""What stands at a line of a layer or a schema."""

from collections.abc import Iterator, Mapping

from deskc.core import paths
from deskc.core.documents import Document, Leaf
from deskc.core.layers import Layers
from deskc.core.schemas import Schema
from deskc.core.scopes import SECTIONS
from deskc.plan.settings import default_place, within

__all__ = ["default_lines", "nearest", "standing"]


def standing(document: Document, line: int) -> tuple[Leaf, ...]:
    """Return the leaves and, of lists, the items that a line sets, in the order of the file.

    A map's key stands for all that the map holds, an item of a section's list for the whole list.
    """
    leaves = {path: leaf for group in document.leaves.values() for path, leaf in group.items()}
    found = {path: leaf for path, leaf in leaves.items() if _covers(leaf, line)}
    for path, container in document.containers.items():
        if container.key_line == line:
            found |= {inside: leaf for inside, leaf in leaves.items() if paths.within(inside, path)}
            found |= _whole(path, leaves)
    for path, item in document.items.items():
        if _covers(item, line):
            found |= _whole(path, leaves)
            found[path] = item
    return tuple(sorted(found.values(), key=lambda leaf: (leaf.line, leaf.column)))


def _covers(leaf: Leaf, line: int) -> bool:
    """Say whether a value or its key stands on a line; a block of text ends before the first column of the next."""
    last = leaf.end_line - (leaf.end_column == 1 and leaf.end_line > leaf.line)
    return leaf.key_line == line or leaf.line <= line <= last


def _whole(path: str, leaves: Mapping[str, Leaf]) -> dict[str, Leaf]:
    """Return the list that a path leads into; layers merge whole lists."""
    steps = paths.split(path)
    index = next((number for number, step in enumerate(steps) if isinstance(step, int)), None)
    whole = "" if index is None else paths.join(steps[:index])
    return {whole: leaves[whole]} if whole in leaves else {}


def nearest(document: Document, line: int) -> int | None:
    """Return the closest line that has something on it, the earlier of two; None in an empty file."""
    spoken = (*(leaf for group in document.leaves.values() for leaf in group.values()), *document.items.values())
    lines = {number for leaf in (*spoken, *document.containers.values()) for number in (leaf.line, leaf.key_line)}
    return min(lines, key=lambda number: (abs(number - line), number), default=None)


def default_lines(file: str, layers: Layers) -> Mapping[int, tuple[str, ...]]:
    """Return the lines of a schema file that hold a default, each with the settings that it is the default of.

    The line where a free-key map's default begins stands for all entries.
    """
    found: dict[int, dict[str, None]] = {}
    for schema in _schemas(layers):
        for path, leaf in schema.defaults.items():
            if leaf.file == file:
                place = default_place(path, schema, layers.schemas)
                entries = [entry for entry in schema.defaults if path in schema.maps and within(entry, path)]
                for line in range(place.line, place.end_line + 1):
                    found.setdefault(line, {}).update(dict.fromkeys((path, *entries)))
    return {line: tuple(names) for line, names in found.items()}


def _schemas(layers: Layers) -> Iterator[Schema]:
    yield from (schema for name, schema in layers.schemas.sections.items() if name in SECTIONS)
    yield from layers.schemas.strategies.values()
