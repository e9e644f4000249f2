"""Explained settings, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deskc.core.scopes import ScopeId
from deskc.plan.asked import scope_asked
from deskc.plan.explain import Explanation, explain
from deskc.plan.provenance import Provenance, provenance
from deskc.report.explain import explain_json, explain_text
from small_desk import FOLDER, start

if TYPE_CHECKING:
    from deskc.pipeline import Prepared

Explained = Callable[..., tuple[Explanation, Provenance]]


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    """Explain a key of a scope of the small desk, after a commit that broke it and one that mended it."""
    desk = start(tmp_path_factory.mktemp("desk") / "repository")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "0.3", "wide")
    desk.commit("Quote ETH wider")
    desk.edit("desk/bots/maker/coins/ETH.yaml", "wide", "0.4")
    desk.commit("Quote ETH wider, in numbers")
    prepared: Prepared = desk.at()

    def answer(key: str, *names: str) -> tuple[Explanation, Provenance]:
        scope = scope_asked(prepared, ScopeId(*names)).value
        assert scope is not None
        assert prepared.layers is not None
        told = explain(key, scope, prepared.layers)
        return told, provenance(Path(desk.root), prepared, told, folder=FOLDER)

    return answer


@pytest.mark.parametrize(
    ("name", "key", "scope"),
    [
        ("explain_winner", "trading.spread_bps", ("production", "maker", "ETH")),
        ("explain_default", "trading.margin", ("production", "maker", "ETH")),
        ("explain_dropped", "trading.weights.a", ("production", "engine")),
        ("explain_reference", "trading.leverage", ("production", "engine", "BTC", "LONG")),
        ("explain_late", "system.host", ("production", "engine")),
        ("explain_section", "trading", ("production", "maker", "ETH")),
    ],
)
def test_an_explanation_reads_as_its_golden_file(
    explained: Explained, golden: Callable[[str, str], None], name: str, key: str, scope: tuple[str, ...]
) -> None:
    """Layers stand in order with their values below each other, the winner is marked, facts follow."""
    golden(name, explain_text(*explained(key, *scope)))


def test_colour_adds_nothing_but_colour(explained: Explained) -> None:
    """The coloured text is the plain one between escape sequences."""
    told = explained("trading.spread_bps", "production", "maker", "ETH")
    coloured = explain_text(*told, color=True)
    assert "\x1b[1m" in coloured
    assert all(piece in coloured for piece in ("0.4", "wins", "no activation recorded"))


def test_programs_get_every_layer(explained: Explained) -> None:
    """The object names each layer, whether it exists, and each time that it or its template spoke."""
    record = json.loads(explain_json(*explained("trading.spread_bps", "production", "maker", "ETH")))
    assert (record["key"], record["value"], record["coin"], record["side"]) == ("trading.spread_bps", 0.4, "ETH", None)
    by_path = {layer["path"]: layer for layer in record["layers"]}
    assert by_path["desk/coins/ETH.yaml"] == {
        "path": "desk/coins/ETH.yaml",
        "exists": False,
        "templates": [],
        "spoke": [],
    }
    assert by_path["desk/bots/maker/bot.yaml"]["spoke"] == [
        {
            "line": 2,
            "column": 15,
            "value": 1.5,
            "action": "set",
            "winner": False,
            "template": "desk/templates/calm.yaml",
        }
    ]
    assert by_path["desk/bots/maker/coins/ETH.yaml"]["spoke"][0]["winner"] is True


def test_programs_get_the_history(explained: Explained) -> None:
    """The object names author and causing commit with what was skipped, and no running commit."""
    record = json.loads(explain_json(*explained("trading.spread_bps", "production", "maker", "ETH")))
    assert record["causing_commit"]["commit"] == record["commit"] == record["author"]["commit"]
    assert record["causing_commit"]["committed_at"] == "2026-01-01T02:00:00Z"
    assert len(record["causing_commit"]["skipped"]) == 1
    assert record["running_commit"] is None


def test_programs_get_a_sections_settings(explained: Explained) -> None:
    """A section's object lists its settings with their places."""
    record = json.loads(explain_json(*explained("risk", "production", "maker", "ETH")))
    (setting,) = record["settings"]
    assert setting == {
        "key": "risk.max_leverage",
        "value": 20,
        "default": False,
        "path": "desk/global.yaml",
        "line": 6,
        "column": 17,
    }
