"""Lines traced forward, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.plan.affects import Effects, affects
from deskc.report.affects import affects_json, affects_text
from small_desk import Repository, start


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return the small desk."""
    return start(Path(tmp_path_factory.mktemp("desk") / "repository"))


def effects(desk: Repository, path: str, line: int) -> Effects:
    """Trace a line."""
    told = affects(desk.at(), path, line)
    assert told is not None
    return told


@pytest.mark.parametrize(
    ("name", "path", "line"),
    [
        ("affects_shared", "desk/global.yaml", 4),
        ("affects_reference", "desk/global.yaml", 6),
        ("affects_section", "desk/templates/calm.yaml", 1),
        ("affects_bot", "desk/bots/maker/bot.yaml", 1),
        ("affects_extends", "desk/bots/maker/bot.yaml", 3),
        ("affects_drop", "desk/bots/engine/bot.yaml", 7),
        ("affects_nothing", "desk/global.yaml", 1),
    ],
)
def test_effects_read_as_their_golden_file(
    desk: Repository, golden: Callable[[str, str], None], name: str, path: str, line: int
) -> None:
    """Settings that fare alike stand together, then where they win, what overrides them, what refers to them."""
    golden(name, affects_text(effects(desk, path, line)))


def test_colour_adds_nothing_but_colour(desk: Repository) -> None:
    """The coloured text holds escape sequences."""
    assert "\x1b[" in affects_text(effects(desk, "desk/global.yaml", 4), color=True)


def test_programs_get_the_scopes(desk: Repository) -> None:
    """The object names for each setting where it wins and what overrides it."""
    record = json.loads(affects_json(effects(desk, "desk/global.yaml", 6)))
    (setting,) = record["settings"]
    assert (setting["key"], setting["value"], len(setting["wins"])) == ("risk.max_leverage", 20, 12)
    assert setting["references"][0]["key"] == "trading.leverage"
    assert record["nearest"] is None


def test_programs_get_the_nearest_line(desk: Repository) -> None:
    """A line with nothing on it has empty lists and the nearest line that has something."""
    record = json.loads(affects_json(effects(desk, "desk/global.yaml", 1)))
    assert record == {"path": "desk/global.yaml", "line": 1, "settings": [], "statements": [], "nearest": 2}
