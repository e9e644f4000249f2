"""Suppressions in comments: where they are found, what they say, what is malformed."""

import pytest

from deskc.content.comments import read_comments
from deskc.core.decisions import Suppression
from deskc.core.findings import Finding
from deskc.stages.parse import parse_file
from deskc.stages.parse.limits import MAX_FINDINGS

SAID = "# deskc: ignore[SIZE001] until 2027-01-31: migrating"


def read(text: str | bytes) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    """Read the suppressions of one file."""
    data = text if isinstance(text, bytes) else text.encode()
    parsed = parse_file("a.yaml", data)
    assert not parsed.findings
    outcome = read_comments(parsed.value, data)
    return outcome.value, outcome.findings


def only(text: str | bytes) -> Suppression:
    """Return a file's only suppression."""
    (found,), findings = read(text)
    assert findings == ()
    return found


def test_a_comment_says_codes_expiry_and_reason() -> None:
    """Spaces around them are no part of them, and a colon in the reason stays."""
    found = only("trading:\n  size: 1 #deskc:ignore[ SIZE001,TRADE002 ] until 2027-01-31 : as said: later \n")
    assert (found.codes, found.until, found.reason) == (("SIZE001", "TRADE002"), "2027-01-31", "as said: later")
    assert (found.lines, found.settings) == ((2,), ("trading.size",))


def test_a_comment_is_shown_to_the_end_of_its_line() -> None:
    """Its place begins at its number sign, in code points, and ends before the line does."""
    place = only(f'trading:\n  note: "é🙂" {SAID}\n').place
    assert (place.path, place.line, place.column, place.end_column) == ("a.yaml", 2, 14, 14 + len(SAID))


@pytest.mark.parametrize(
    "text",
    [
        f"trading:\n  {SAID}\n  size: 1\n",
        f"trading:\n{SAID}\n# and more to say\n  size: 1\n",
        f"trading:\n  # because\n  # of this {SAID}\n  size: 1\n",
    ],
)
def test_a_comment_alone_speaks_about_the_next_line_that_is_none(text: str) -> None:
    """Other comments may stand between."""
    found = only(text)
    assert found.settings == ("trading.size",)
    assert text.split("\n")[found.lines[0] - 1] == "  size: 1"


def test_a_blank_line_ends_what_a_comment_speaks_about() -> None:
    """The line below it would be a guess."""
    assert only(f"trading:\n  {SAID}\n\n  size: 1\n").settings == ()


def test_a_list_below_its_key_is_meant_at_its_key() -> None:
    """Findings point at where the value begins, people write at the key."""
    assert only(f"trading:\n  hours: {SAID}\n    - 1\n    - 2\n").lines == (2, 3)


def test_a_map_on_one_line_is_meant_whole() -> None:
    """All its settings begin there."""
    assert only(f"trading: {{size: 1, leverage: 2}} {SAID}\n").settings == (
        "trading",
        "trading.leverage",
        "trading.size",
    )


def test_at_a_map_s_key_nothing_below_it_is_meant() -> None:
    """A whole section is never suppressed at once; its name tells the comment from others alone."""
    found = only(f"trading: {SAID}\n  size: 1\n")
    assert (found.lines, found.settings) == ((1,), ("trading",))


@pytest.mark.parametrize(
    "text",
    [
        f'trading:\n  note: "{SAID}"\n',
        f"trading:\n  note: 'one\n    {SAID}'\n",
        f"trading:\n  note: |\n    one\n    {SAID}\n",
        f"trading:\n  note: >-\n    one\n\n    {SAID}\n",
        f'"{SAID}": {{}}\n',
        f"trading:\n  size: 1 # see deskc: {SAID[2:]}\n",
        "trading:\n  size: 1 # run deskc: it says more\n",
    ],
)
def test_what_only_looks_like_a_comment_is_text(text: str) -> None:
    """Neither a number sign in a text nor the bare word in a comment suppresses anything."""
    assert read(text) == ((), ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"trading:\n  note: | {SAID}\n    one\n", 2),
        (f"trading:\n  note: |\n    one\n{SAID}\n  size: 1\n", 5),
        (f'trading:\n  note: "# deskc: no" {SAID}\n', 2),
        (f"trading:\n  note: plain\n    text {SAID}\n", 3),
        (f"trading: {{size: 1,\n  leverage: 2, {SAID}\n  mode: maker}}\n", 2),
        (f"trading:\n  size: 1 {SAID}", 2),
    ],
)
def test_a_comment_beside_a_text_is_one(text: str, line: int) -> None:
    """After a block scalar's header, after the text, inside a map on several lines, without a last line end."""
    assert only(text).lines == (line,)


def test_line_ends_of_windows_are_no_part_of_a_reason() -> None:
    """CRLF is legal in layers, so it is in their comments."""
    found = only(f"trading:\r\n  size: 1 {SAID}\r\n".encode())
    assert (found.reason, found.lines) == ("migrating", (2,))
    assert found.place.end_column == 11 + len(SAID)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("ignore[SIZE001] until 9999-99-99: x", "ends at 9999-99-99, which is no day"),
        ("ignore[SIZE001] until 2027-02-29: x", "ends at 2027-02-29, which is no day"),
        ("ignore[SIZE001] until 20270131: x", "ends at 20270131, which is no day"),
        ("ignore[SIZE001] until ٢٠٢٧-01-31: x", "ends at ٢٠٢٧-01-31, which is no day"),
        ("ignore[SIZE001] until " + "9" * 99 + ": x", "ends at " + "9" * 20 + ", which is no day"),
        ("ignore[SIZE001] until 2027-01-31", "has no reason"),
        ("ignore[SIZE001] until 2027-01-31:  ", "has no reason"),
        ("ignore[SIZE001]: x", "has no expiry"),
        ("ignore[SIZE001]", "has no expiry"),
        ("ignore[] until 2027-01-31: x", "names no code"),
        ("ignore[SIZE001,] until 2027-01-31: x", "names no code"),
        ("ignore[SIZE[001]] until 2027-01-31: x", "does not have the form of one"),
        ("ignore SIZE001 until 2027-01-31: x", "does not have the form of one"),
        ("ignore[SIZE001] until 2027-01-31 x", "does not have the form of one"),
        ("ignore", "does not have the form of one"),
        ("", "does not have the form of one"),
    ],
)
def test_a_malformed_comment_is_told_what_it_lacks(said: str, message: str) -> None:
    """It suppresses nothing, and the way out shows the form."""
    found, (finding,) = read(f"trading:\n  size: 1 # deskc: {said}\n")
    assert found == ()
    assert (finding.code, finding.severity, finding.message) == ("SUP001", "error", f"the suppression {message}")
    assert finding.help == "write # deskc: ignore[CODE] until YEAR-MONTH-DAY: REASON"


def test_a_file_of_comments_is_read_once() -> None:
    """Ten thousand comments above one line all speak about that line."""
    found, findings = read("trading:\n" + f"  {SAID}\n" * 10_000 + "  size: 1\n")
    assert (len(found), findings) == (10_000, ())
    assert {one.settings for one in found} == {("trading.size",)}


def test_no_more_faults_are_told_than_of_any_file() -> None:
    """A hostile file may hold a fault in every line."""
    _, findings = read("trading:\n" + "  # deskc: ignore\n" * 5_000 + "  size: 1\n")
    assert len(findings) == MAX_FINDINGS
