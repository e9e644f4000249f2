"""Every literal of the documents that the reference desk holds resolves to its value, at its scope, by the pipeline."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deskc.core.snapshots import Snapshot
from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import WorktreeSource

ROOT = Path(__file__).resolve().parents[1]
LITERALS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/golden/literals.yaml").read_text(encoding="utf-8"))
COUNTS = {"000": 40, "001": 118, "003": 22, "TRADING": 57}
"""How many literals each document has here; a number that falls means that a value was lost."""


@cache
def desk() -> tuple[Snapshot, ...]:
    """Compile the reference desk."""
    compilation = compile_desk(prepare(WorktreeSource(ROOT, 0), "config-repo/"))
    assert compilation.findings == ()
    return compilation.snapshots


def line(environment: str, bot: str, coin: str | None, side: str | None) -> Any:  # noqa: ANN401 - any JSON value
    """Return the frozen line of one scope."""
    (snapshot,) = (one for one in desk() if (one.environment, one.bot) == (environment, bot))
    (index,) = (n for n, row in enumerate(snapshot.rows) if (row.coin, row.side) == (coin, side))
    return json.loads(snapshot.lines[index])


def name(literal: dict[str, Any]) -> str:
    """Return a literal's name for the report of a failing test."""
    scope = "/".join(literal[key] for key in ("environment", "bot", "coin", "side") if literal[key])
    return f"{literal['document']} {scope} {literal['path']}"


@pytest.mark.parametrize("literal", LITERALS, ids=name)
def test_a_literal_resolves_to_its_value(literal: dict[str, Any]) -> None:
    """What the document says is what the bot's snapshot holds, with its type."""
    found = line(*(literal[key] for key in ("environment", "bot", "coin", "side")))
    if literal["path"] != "config_version":
        found = found["params"]
    for step in literal["path"].split("."):
        found = found[step]
    assert found == literal["value"]
    assert isinstance(found, bool) is isinstance(literal["value"], bool)


def test_no_document_lost_a_literal() -> None:
    """Each document has as many as were counted when it was read."""
    assert Counter(literal["document"] for literal in LITERALS) == COUNTS


def test_no_literal_stands_twice() -> None:
    """A literal of one document is listed once for its scope and path."""
    assert [key for key, count in Counter(map(name, LITERALS)).items() if count > 1] == []


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_the_worked_example_comes_out_to_the_digit(environment: str) -> None:
    """Global 10, .1, 2.0; BTCUSDT 15, .15; BTCUSDT LONG 20 and 6.0; the default of 5.0 for the short side."""
    names = ("leverage", "position_size_pct", "stop_loss_pct", "take_profit_pct")
    for side, values in (("LONG", (20, 0.15, 2, 6)), ("SHORT", (15, 0.15, 2, 5))):
        trading = line(environment, "tradeengine", "BTCUSDT", side)["params"]["trading"]
        assert tuple(trading[name] for name in names) == values
    bot = line(environment, "tradeengine", None, None)["params"]["trading"]
    assert tuple(bot[name] for name in names) == (10, 0.1, 2, 5)
