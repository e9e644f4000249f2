"""GitHub: workflow commands that cannot be broken out of."""

import pytest

from deskc.core.findings import Finding, Place, Severity
from deskc.report.github import github


def titles(code: str, /) -> str:
    """Return a title that needs escaping."""
    return f"{code}, 100%: bad"


def findings(severity: Severity, count: int) -> list[Finding]:
    """Return findings on the lines 1 to `count` of a file."""
    return [Finding("X1", severity, f"finding {n}", places=(Place("a.yaml", n, 1),)) for n in range(1, count + 1)]


def test_a_command_names_file_lines_columns_and_title() -> None:
    """Properties escape percent, colon and comma; the text escapes percent and line ends."""
    finding = Finding("X1", "error", "5% over", "less", (Place("a,b:c.yaml", 3, 5, 3, 9), Place("d.yaml", 1, 2)))
    assert github([finding], titles=titles) == (
        "::error file=a%2Cb%3Ac.yaml,line=3,endLine=3,col=5,endColumn=9,title=X1%3A X1%2C 100%25%3A bad"
        "::5%25 over%0Asee also: d.yaml:1:2%0Ahelp: less\n"
    )


def test_a_span_over_lines_has_no_columns() -> None:
    """GitHub takes columns within one line only."""
    finding = Finding("X1", "warning", "open", places=(Place("a.yaml", 3, 5, 7, 2),))
    assert github([finding], titles=str).startswith("::warning file=a.yaml,line=3,endLine=7,title=")


def test_a_finding_without_a_place_has_a_title_alone() -> None:
    """Nothing stands for a missing place."""
    assert github([Finding("X1", "note", "no bots")], titles=str) == "::notice title=X1%3A X1::no bots\n"


@pytest.mark.parametrize("text", ["\n::stop-commands::x", "\r::error::x", "%0A::error::x", "a::add-mask::b\x1b[2J"])
def test_no_text_starts_a_command(text: str) -> None:
    """Whatever a finding says, its command is one line that decodes to what was said."""
    finding = Finding(text, "error", text, text, (Place(text, 1, 1),), next_action=text)
    lines = github([finding], titles=str).split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("::error file=")
    assert not {"\r", "\x1b"} & set(lines[0])


def test_what_github_would_drop_is_counted() -> None:
    """Ten errors and ten warnings are written, the others counted in a notice."""
    written = github([*findings("error", 25), *findings("warning", 11), *findings("note", 9)], titles=str).splitlines()
    assert [sum(line.startswith(f"::{kind} ") for line in written) for kind in ("error", "warning")] == [10, 10]
    assert len(written) == 30
    assert written[-1].startswith("::notice title=deskc::15 errors, 1 warning more than GitHub shows")


def test_changed_lines_come_first() -> None:
    """A finding on a changed line is among the ten, wherever it stands."""
    written = github(findings("error", 40), titles=str, changed=frozenset({("a.yaml", 39), ("b.yaml", 2)}))
    assert written.startswith("::error file=a.yaml,line=39,")


def test_a_span_that_holds_a_changed_line_counts_as_changed() -> None:
    """It is enough that a place covers a changed line."""
    span = Finding("X1", "error", "span", places=(Place("c.yaml", 1, 1), Place("a.yaml", 30, 1, 50, 1)))
    written = github([*findings("error", 20), span], titles=str, changed=frozenset({("a.yaml", 45)}))
    assert written.startswith("::error file=c.yaml,")
