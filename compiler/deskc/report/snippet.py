"""A line of source as a snippet shows it, and which places share one snippet."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deskc.core.findings import Place
from deskc.report.cells import escape, width

__all__ = ["Shown", "blocks", "show"]

_TAB = 4
_LEAST_ROOM = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A line, or its part around a span: the text, its first column, and where each code point begins, in cells.

    The last of `offsets` is the end of the text, an ellipsis apart.
    """

    text: str
    first_column: int
    offsets: tuple[int, ...]

    def underline(self, place: Place) -> tuple[int, int]:
        """Return the cells before the underline and its length, at least 1; a span over lines ends with its first."""
        last = len(self.offsets) - 1
        begin = min(max(place.column - self.first_column, 0), last)
        end = last if place.end_line > place.line else min(max(place.end_column - self.first_column, begin), last)
        return self.offsets[begin], max(1, self.offsets[end] - self.offsets[begin])


def show(line: str, *, place: Place, room: int) -> Shown:
    """Escape a line, expand its tabs, and cut it around the place where it is wider than `room` cells."""
    room = max(room, _LEAST_ROOM)
    middle = min(place.column - 1, len(line))
    near, far = max(0, middle - room), middle + room  # a window holds nothing further away
    pieces, offsets = _expand(line[near:far])
    if near == 0 and far >= len(line) and offsets[-1] <= room:
        return Shown("".join(pieces), 1, tuple(offsets))
    first, last = _window(offsets, room=room - 2, span=Shown("", near + 1, tuple(offsets)).underline(place))
    head = "…" if near + first > 0 else ""
    tail = "…" if near + last < len(line) else ""
    shift = len(head) - offsets[first]
    text = "".join((head, *pieces[first:last], tail))
    return Shown(text, near + first + 1, tuple(offset + shift for offset in offsets[first : last + 1]))


def _expand(line: str) -> tuple[list[str], list[int]]:
    """Return each code point as shown and where it begins, in cells, with the end as one more."""
    pieces, offsets = [], [0]
    for char in line:
        piece = " " * (_TAB - offsets[-1] % _TAB) if char == "\t" else escape(char)
        pieces.append(piece)
        offsets.append(offsets[-1] + width(piece))
    return pieces, offsets


def _window(offsets: Sequence[int], *, room: int, span: tuple[int, int]) -> tuple[int, int]:
    """Return the first code point shown and the one after the last: the span in the middle, else from its begin on."""
    begin, length = span
    left = min(begin, max(0, min(begin + (length - room) // 2, offsets[-1] - room)))
    return bisect_left(offsets, left), bisect_right(offsets, left + room) - 1


def blocks(places: Sequence[Place], *, inside: Callable[[Place], bool]) -> list[list[Place]]:
    """Group places `inside` their file on touching lines, by line; a group stands where its first place does."""
    rank = {place: index for index, place in reversed(list(enumerate(places)))}
    groups: list[list[Place]] = []
    for place in sorted(rank, key=lambda place: (place.path, place.line, place.column, rank[place])):
        before = groups[-1][-1] if groups else None
        if before and before.path == place.path and place.line - before.line <= 1 and inside(place):
            groups[-1].append(place)
        else:
            groups.append([place])
    return sorted(groups, key=lambda group: min(rank[place] for place in group))
