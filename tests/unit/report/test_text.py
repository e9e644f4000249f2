"""Text: what a person reads at a terminal, case by case against golden files."""

import re
from collections.abc import Callable

import pytest

from deskc.core.decisions import Hidden
from deskc.core.findings import Finding, Place
from deskc.report.text import text

Golden = Callable[[str, str], None]

ETH = "bots/mm_multi_v1/coins/ETH.yaml"
RISK = "environments/production.yaml"

SOURCES = {
    ETH: b"# ETH, the calm one\n" * 12 + b"ladder:\n    volumes_pct: [4.1, 5.2, 6.9, 9.3]\n    leverage: 20\n",
    "templates/ladder_production.yaml": b"# shared\n" * 8 + b"    slope_cap: 0.25\n",
    RISK: b"trading:\r\n  leverage: 125\r\n  max_position_size_usd: 6000\r\n\r\nrisk: {global: {max_leverage: 3}}\r\n",
    "wide.yaml": "\u5e01\u540d: \u300c\u6bd4\u7279\u300d\ncafe\u0301: on\nbot\U0001f916: yes\n".encode(),
    "tabs.yaml": b"trading:\n\tleverage:\t20\n",
    "evil.yaml": "note: \u202egnp.exe\u202c \x1b[2Jgone \x07\ttail\n".encode(),
    "long.yaml": b"weights: {" + b", ".join(b"strategy_%03d: 0.%03d" % (n, n) for n in range(60)) + b"}\n",
    "flow.yaml": b"risk: {\n  global: {\n    max_leverage: 3,\n",
    "bytes.yaml": b"name: \xff\xfe\n",
}


def leverage(*places: Place, help: str = "lower leverage to 3") -> Finding:  # noqa: A002 - the field's name
    """Return an error at the places given."""
    return Finding("RISK003", "error", "leverage 125 is over risk.global.max_leverage 3", help, places)


CASES: dict[str, tuple[Finding, ...]] = {
    "two_files": (
        Finding(
            "HC4",
            "error",
            "order 7's ratio moves by 0.31, over slope_cap 0.25",
            "soften order 7 or raise slope_cap",
            (
                Place(ETH, 14, 19, 14, 32, "orders 5 to 7 set here"),
                Place("templates/ladder_production.yaml", 9, 16, 9, 20, "limit set here"),
            ),
        ),
    ),
    "same_file": (
        leverage(
            Place(RISK, 5, 32, 5, 33, "limit set here"),
            Place(RISK, 2, 13, 2, 16, "set here"),
            Place(RISK, 3, 3, 3, 24, "sized here"),
            Place(RISK, 2, 3, 2, 11, "this setting"),
        ),
    ),
    "overlapping": (
        leverage(
            Place(RISK, 2, 13, 2, 16, "too much"),
            Place(RISK, 2, 3, 2, 16, "of this"),
            Place(RISK, 2, 13, 2, 16, "too much"),
        ),
    ),
    "wide_characters": (
        Finding(
            "YAML011",
            "warning",
            "a name in wide characters",
            places=(
                Place("wide.yaml", 1, 5, 1, 9, "\u5728\u8fd9\u91cc"),
                Place("wide.yaml", 2, 8, 2, 10, "after a combining accent"),
                Place("wide.yaml", 3, 4, 3, 5, "one character, two cells"),
            ),
        ),
    ),
    "tabs": (
        Finding(
            "YAML004",
            "error",
            "a tab cannot indent",
            "indent with spaces",
            (Place("tabs.yaml", 2, 1, 2, 2, "a tab"), Place("tabs.yaml", 2, 12, 2, 14, "after a tab")),
        ),
    ),
    "control_and_bidi": (
        Finding(
            "YAML\x1b[1A",
            "error",
            "a message with \x1b[31mcolour\x1b[0m, \u202ereversed\nand a second line",
            "delete \u2066it\u2069",
            (Place("evil.yaml", 1, 7, 1, 16, "\x9b2K\u200bhere"), Place("evil\r.yaml", 3, 1)),
            ("production/\x07", "production/b"),
            "run \x00",
        ),
    ),
    "long_line": tuple(
        Finding(
            "RISK020", "note", f"weight {n} is small", places=(Place("long.yaml", 1, column, 1, column + 5, "here"),)
        )
        for n, column in ((0, 25), (30, 645), (59, 1264))
    ),
    "long_span": (Finding("RISK021", "note", "weights are many", places=(Place("long.yaml", 1, 10, 1, 1271, "all"),)),),
    "outside_the_file": (
        leverage(
            Place("flow.yaml", 9, 1, role="never closed"),
            Place("flow.yaml", 3, 5, 3, 17, "the last line"),
            Place("unknown.yaml", 2, 3, role="limit set here"),
            Place("unknown.yaml", 7, 1),
        ),
    ),
    "past_the_line": (leverage(Place("flow.yaml", 3, 21, role="here"), Place("flow.yaml", 1, 400, 1, 500, "far out")),),
    "over_lines": (leverage(Place("flow.yaml", 1, 7, 3, 5, "opened here")),),
    "broken_bytes": (leverage(Place("bytes.yaml", 1, 7, 1, 9)),),
    "many_scopes": (
        Finding(
            "REF002",
            "error",
            "risk.global.max_leverage is set nowhere",
            "set it in global.yaml",
            (Place(RISK, 5, 1, 5, 5),),
            ("production/mm_multi_v1", *(f"production/mm_multi_v1/C{n}" for n in range(11))),
            "deskc explain risk.global.max_leverage",
        ),
        Finding("DESK001", "warning", "bots/empty/ holds no bot.yaml", scopes=("production/empty",)),
        Finding("DESK002", "note", "nothing deploys to staging"),
        Finding("DESK002", "note", "nothing deploys to canary"),
    ),
    "clean": (),
}


@pytest.mark.parametrize("name", CASES)
def test_findings_read_as_their_golden_file(name: str, golden: Golden) -> None:
    """Each case prints as its golden file."""
    golden(name, text(CASES[name], sources=SOURCES.get, width=80))


def test_colour_reads_as_its_golden_file(golden: Golden) -> None:
    """Colours stand where the golden file has them, escapes written as the symbol for escape."""
    golden("colour", text(CASES["same_file"], sources=SOURCES.get, color=True).replace("\x1b", "\u241b"))


@pytest.mark.parametrize("name", CASES)
def test_colour_changes_no_character(name: str) -> None:
    """Without its colour codes, coloured output is plain output."""
    coloured = text(CASES[name], sources=SOURCES.get, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(CASES[name], sources=SOURCES.get)


def test_colour_heeds_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether to colour is decided by the caller alone."""
    coloured = text(CASES["same_file"], sources=SOURCES.get, color=True)
    for name, value in {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20", "TTY_COMPATIBLE": "0"}.items():
        monkeypatch.setenv(name, value)
    assert text(CASES["same_file"], sources=SOURCES.get, color=True) == coloured


def test_the_footer_says_what_can_be_fixed() -> None:
    """A count of fixable findings is named in the footer."""
    footer = text(CASES["many_scopes"], sources=SOURCES.get, fixable=2).splitlines()[-1]
    assert footer == "Found 1 error, 1 warning, 2 notes (2 fixable with --fix)"


def test_a_file_is_asked_for_once() -> None:
    """Many findings in one file read it once."""
    asked: list[str] = []

    def sources(path: str, /) -> bytes | None:
        asked.append(path)
        return SOURCES.get(path)

    text(CASES["same_file"] * 50, sources=sources)
    assert asked == [RISK]


def test_what_is_hidden_is_counted() -> None:
    """The footer says how many findings somebody decided to let pass, also where nothing else was found."""
    hidden = Hidden(CASES["many_scopes"][:2], CASES["many_scopes"][:1])
    footer = text(CASES["many_scopes"], sources=SOURCES.get, fixable=2, hidden=hidden).splitlines()[-1]
    assert footer == "Found 1 error, 1 warning, 2 notes (2 fixable with --fix, 2 suppressed, 1 in the baseline)"
    assert text((), sources=SOURCES.get, hidden=hidden) == "No problems found (2 suppressed, 1 in the baseline)\n"
    assert text((), sources=SOURCES.get, hidden=Hidden((), ())) == "No problems found\n"
