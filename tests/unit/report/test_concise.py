"""Concise: a line a finding."""

from deskc.core.findings import Finding, Place
from deskc.report.concise import concise


def test_a_finding_is_one_line() -> None:
    """The line begins with where to look."""
    finding = Finding(
        "YAML001", "error", "key leverage stands twice", "drop one", (Place("a.yaml", 3, 5), Place("b", 1))
    )
    assert concise([finding]) == "a.yaml:3:5: error[YAML001]: key leverage stands twice\n"


def test_a_finding_without_a_place_begins_with_its_severity() -> None:
    """Nothing stands for a missing place."""
    assert concise([Finding("DESK002", "note", "no bots")]) == "note[DESK002]: no bots\n"


def test_a_line_break_in_a_message_ends_no_line() -> None:
    """Line breaks are shown escaped."""
    assert concise([Finding("X", "error", "a\nb:1:1: error[Y]: c")]) == "error[X]: a\\nb:1:1: error[Y]: c\n"


def test_nothing_found_is_nothing_written() -> None:
    """No finding, no line."""
    assert concise([]) == ""
