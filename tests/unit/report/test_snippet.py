"""Snippets: cutting, expanding and underlining one line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskc.core.findings import Place
from deskc.report.cells import width
from deskc.report.snippet import blocks, show

LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=300)


def test_a_line_that_fits_is_whole() -> None:
    """A line as wide as the room is not cut."""
    assert show("x" * 40, place=Place("a", 1, 3), room=40).text == "x" * 40


@pytest.mark.parametrize(
    ("column", "text", "underline"),
    [(1, "012345678901234567…", (0, 1)), (101, "…123456789012345678…", (10, 1)), (200, "…234567890123456789", (18, 1))],
)
def test_a_line_that_does_not_fit_is_cut_around_the_place(column: int, text: str, underline: tuple[int, int]) -> None:
    """An ellipsis stands on each side where something was cut off, the place in the middle if it can."""
    place = Place("a", 1, column, 1, column + 1)
    shown = show("0123456789" * 20, place=place, room=20)
    assert (shown.text, shown.underline(place)) == (text, underline)


@settings(deadline=None)
@given(LINES, st.integers(1, 320), st.integers(0, 40), st.integers(20, 120))
def test_an_underline_lies_under_its_own_characters(line: str, column: int, length: int, room: int) -> None:
    """The cells of an underline are those of the span's characters, as far as they are shown."""
    place = Place("a", 1, column, 1, column + length)
    shown = show(line, place=place, room=room)
    before, under = shown.underline(place)
    assert width(shown.text) <= room
    assert under >= 1
    assert before + under <= width(shown.text) + 1


@settings(deadline=None)
@given(LINES, st.integers(20, 120))
def test_an_offset_is_the_width_of_what_stands_before_it(line: str, room: int) -> None:
    """Each code point shown begins where the text before it ends."""
    shown = show(line, place=Place("a", 1, len(line) // 2 + 1), room=room)
    ends = [width(shown.text[:count]) for count in range(len(shown.text) + 1)]
    assert set(shown.offsets) <= set(ends)
    assert list(shown.offsets) == sorted(shown.offsets)


def test_a_huge_line_costs_no_more_than_its_window() -> None:
    """Only the neighbourhood of the place is looked at."""
    shown = show("[" * 1_000_000, place=Place("a", 1, 50_000), room=80)
    assert shown.text == "…" + "[" * 78 + "…"


def test_places_that_touch_stand_together() -> None:
    """Places on one line or on the next share a block in file order; others stand alone in their own order."""
    far, low, high = Place("a", 20, 1), Place("a", 4, 1), Place("a", 3, 1)
    other = Place("b", 4, 1)
    assert blocks((other, low, far, high), inside=lambda _: True) == [[other], [high, low], [far]]


def test_a_place_outside_its_file_stands_alone() -> None:
    """A place that has no line joins no block."""
    last, beyond = Place("a", 3, 1), Place("a", 4, 1)
    assert blocks((last, beyond), inside=lambda place: place.line <= 3) == [[last], [beyond]]
