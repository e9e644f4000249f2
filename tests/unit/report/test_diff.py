"""Differences of desks, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.plan.changes import Changes, changes
from deskc.report.diff import diff_json, diff_text
from small_desk import start

NAMES = ("the base", "the head")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Changes:
    """Return the changes of a commit that does a little of everything."""
    desk = start(Path(tmp_path_factory.mktemp("desk") / "repository"))
    before = desk.at()
    desk.edit("desk/global.yaml", "leverage: 10", "leverage: 12")
    desk.edit("desk/bots/maker/bot.yaml", "SOL]", "XRP]")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "1.2.0", "1.3.0")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "  venues:\n    - main\n    - spare\n", "")
    desk.edit("desk/environments/production.yaml", "  log_level: INFO\n", "  log_level: 7\n")
    told = changes(before, desk.on_disk())
    assert told is not None
    return told


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Changes:
    """Return the changes of a commit that changed values alone."""
    desk = start(Path(tmp_path_factory.mktemp("desk") / "repository"))
    before = desk.at()
    desk.edit("desk/global.yaml", "leverage: 10", "leverage: 12")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "1.2.0", "1.3.0")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "  venues:\n    - main\n    - spare\n", "  margin: cross\n")
    told = changes(before, desk.on_disk())
    assert told is not None
    return told


def test_changes_read_as_their_golden_file(found: Changes, clean: Changes, golden: Callable[[str, str], None]) -> None:
    """Each change stands once: what became what, what it demands, where it is set, which scopes."""
    golden("diff_scopes", diff_text(found, names=NAMES))
    golden("diff_settings", diff_text(clean, names=NAMES))


def test_colour_adds_nothing_but_colour(clean: Changes) -> None:
    """The coloured text holds escape sequences."""
    assert "\x1b[" in diff_text(clean, names=NAMES, color=True)


def test_nothing_is_said_in_one_line(tmp_path: Path) -> None:
    """Two equal desks differ in nothing."""
    desk = start(tmp_path / "repository")
    told = changes(desk.at(), desk.on_disk())
    assert told is not None
    assert diff_text(told, names=NAMES) == "Nothing differs between the base and the head.\n"


def test_programs_get_rows_and_digests(clean: Changes) -> None:
    """The object holds each change with its place, and each scope with labels and digests on both sides."""
    record = json.loads(diff_json(clean, commits=("a" * 40, None)))
    assert (record["base"], record["head"], record["environments"]) == ("a" * 40, None, None)
    rows = {row["key"]: row for row in record["changes"]}
    assert rows["trading.venues"]["after"] is None
    assert rows["trading.leverage"] == {
        "kind": "setting",
        "key": "trading.leverage",
        "before": {"value": 10},
        "after": {"value": 12},
        "unit": "x",
        "bump": "minor",
        "hot": True,
        "place": {"path": "desk/global.yaml", "line": 3, "column": 13},
        "scopes": rows["trading.leverage"]["scopes"],
    }
    (scope,) = (each for each in record["scopes"] if (each["environment"], each["coin"]) == ("production", "ETH"))
    assert (scope["before"]["config_version"], scope["after"]["config_version"]) == ("1.2.0", "1.3.0")
    assert scope["before"]["params_digest"] != scope["after"]["params_digest"]


def test_programs_get_null_for_the_side_that_has_no_scope(found: Changes) -> None:
    """An added scope has nothing before, a removed one nothing after."""
    record = json.loads(diff_json(found, commits=("a" * 40, None)))
    sides = {
        each["coin"]: (each["before"], each["after"])
        for each in record["scopes"]
        if each["environment"] == "development"
    }
    assert sides["XRP"][0] is None
    assert sides["SOL"][1] is None
