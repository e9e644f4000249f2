"""Cells: escaping what acts on a terminal, and measuring what is left."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskc.report.cells import escape, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 0.25", "plain 0.25"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\tb\r\n", r"a\tb\r\n"),
        ("\x85\x9b\x7f", r"\x85\x9b\x7f"),
        ("\u202e\u2066\u061c", r"\u202e\u2066\u061c"),
        ("\u200b\ufeff\u00ad", r"\u200b\ufeff\xad"),
        ("\u2028\u00a0", r"\u2028\xa0"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800\udcff", r"\ud800\udcff"),
        ("\u5e01 \u05d0 \U0001f600", "\u5e01 \u05d0 \U0001f600"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    """Control, bidi, invisible and unpaired characters are shown by their code, letters as they are."""
    assert escape(text) == shown


@settings(deadline=None)
@given(st.text(st.characters()))
def test_nothing_escaped_acts_on_a_terminal(text: str) -> None:
    """No control, format, separator or surrogate character is left."""
    assert not {unicodedata.category(char) for char in escape(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("\u5e01\u540d", 4), ("e\u0301", 1), ("\uff21", 2), ("\u1112\u1161", 2)]
)
def test_width_counts_cells(text: str, cells: int) -> None:
    """Wide characters take two cells, combining ones none."""
    assert width(text) == cells
