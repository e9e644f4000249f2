"""Read the plainest files line by line: block maps of `key: value`, which most layers of a fleet are.

It reads what every line makes certain and leaves the rest to libyaml's events, which give the same document several
times slower. Whatever is doubtful, faulty or merely rare is left: this module reports nothing.
"""

import re
from functools import lru_cache, partial
from typing import Any, NamedTuple

from deskc.core import canonical
from deskc.core.documents import Document, Leaf
from deskc.core.scalars import ScalarError, plain
from deskc.stages.parse.keys import read_key
from deskc.stages.parse.limits import MAX_DEPTH

__all__ = ["read_lines"]

_INSIDE = "A-Za-z0-9_.+%/-"  # inside a value these mean nothing to YAML; some of them may not begin one
_VALUE = rf'-?[A-Za-z0-9_.+/][{_INSIDE}]*(?: [{_INSIDE}]+)*|"[ {_INSIDE}]*"'
_KEY = "[A-Za-z_][A-Za-z0-9_-]{0,99}"
_LINE = re.compile(rf"( *)(?:({_KEY}):(?: +({_VALUE}))?)?(?: +#.*| *)")
_COMMENT = re.compile(" *#.*")


class _Line(NamedTuple):
    """What one line says, wherever it stands; columns are 1-based. `column` is 0 where the key has no value here."""

    key: str
    indent: int
    value: Any
    text: str
    column: int
    end_column: int


_NOTHING = _Line("", 0, None, "", 0, 0)
_leaf = partial(tuple.__new__, Leaf)  # the generated constructor costs twice as much, and a fleet has tens of thousands


@lru_cache(maxsize=1 << 14)  # a fleet's files repeat most of their lines
def _read_line(text: str) -> _Line | None:
    """Read a line without its end; None where only a parser can say what it means."""
    found = _LINE.fullmatch(text)
    if found is None:
        return _NOTHING if _COMMENT.fullmatch(text) else None
    indent, key, written = found.groups()
    if key is None:
        return _NOTHING
    known = read_key(key)
    if known.is_doubtful or not known.is_plain:
        return None
    if written is None:
        return _Line(key, len(indent), None, "", 0, 0)
    try:
        value, encoded = (written[1:-1], canonical.string(written[1:-1])) if written[0] == '"' else plain(written)
    except ScalarError:
        return None
    return _Line(key, len(indent), value, encoded, found.start(3) + 1, found.end(3) + 1)


class _Map(NamedTuple):
    """An open map: how far its keys are indented, what stands before them in a path, and what it holds so far."""

    indent: int
    prefix: str
    content: dict[str, Any]


def read_lines(path: str, text: str) -> Document | None:  # noqa: C901, PLR0912 - one loop, run for each line of a fleet
    """Read a file that is no more than nested block maps of plain keys and values; return None for any other."""
    lines = text.split("\n")
    if lines.pop():  # libyaml says of an unfinished last line that collections end there
        return None
    leaves: dict[str, dict[str, Leaf]] = {}
    group: dict[str, Leaf] = {}  # the leaves below the top-level key at hand
    containers: dict[str, Leaf] = {}
    top = _Map(0, "", {})
    data = top.content
    open_maps = [top]
    opening: tuple[str, dict[str, Any], int, int] | None = (
        None  # the map of a key without a value, and that key's place
    )
    for number, written in enumerate(lines, 1):
        line = _read_line(written)
        if line is None:
            return None
        key, indent, value, encoded, column, end_column = line
        if not key:
            continue
        if opening is not None:
            if indent <= top.indent or len(open_maps) == MAX_DEPTH:
                return None
            at, content, key_line, key_column = opening
            place = (number, indent + 1, number, indent + 2)  # a block map's first column stands for it
            containers[at] = _leaf((at, content, "", path, *place, key_line, key_column))
            top = _Map(indent, f"{at}.", content)
            open_maps.append(top)
            opening = None
        elif indent != top.indent:
            while indent < top.indent:
                open_maps.pop()
                top = open_maps[-1]
            if indent != top.indent:
                return None
        indent, prefix, content = top
        if key in content:
            return None
        at = f"{prefix}{key}"
        if not prefix:
            if not content:
                containers[""] = _leaf(("", content, "", path, number, 1, number, 2, number, 1))
            leaves[at] = group = {}
        if column:
            content[key] = value
            group[at] = _leaf((at, value, encoded, path, number, column, number, end_column, number, indent + 1))
        else:
            inner: dict[str, Any] = {}
            content[key] = inner
            opening = (at, inner, number, indent + 1)
    return None if opening is not None else Document(path, data, leaves, {}, containers, dollar=False, broken=False)
