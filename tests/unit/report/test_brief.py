"""What a language model reads of the settings: little, on one line each, and nothing left out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deskc.report.brief import brief
from deskc.report.settings import Section

SCHEMAS = Path(__file__).parents[3] / "schemas"
NAMES = sorted(path.stem.removesuffix(".schema") for path in SCHEMAS.glob("*.json"))

LEVERAGE = {
    "type": "integer",
    "description": "Multiplier between a position and its margin, in x: at 10, one dollar carries ten.",
    "minimum": 1,
    "maximum": 125,
    "default": 10,
    "x-deskc": {"unit": "x", "hot": True, "when_to_change": "Lower it in a storm; raise it within the limits."},
}
MODE = {
    "type": ["string", "null"],
    "description": "How orders rest.\nOr do not.",
    "enum": ["maker", "taker", None],
    "default": None,
    "deprecated": True,
    "x-deskc": {"unit": "none", "hot": False},
}
PORT = {
    "type": ["integer", "string"],
    "pattern": "^\\$",
    "maximum": 65535,
    "x-deskc": {"late": True, "hot": False, "when_to_change": "Never"},
}
LIMITS = {
    "type": "object",
    "description": "Limits of a venue, by its name.",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {"value": {"type": "number", "exclusiveMinimum": 0, "x-deskc": {"unit": "usd"}}},
    },
}
NAME = {"type": "string", "pattern": "^[a-z]+$", "description": "A name with \x1b[31m in it."}
TRADING = {
    "description": "How a bot trades: everything.",
    "type": "object",
    "properties": {
        "zeta": NAME,
        "leverage": LEVERAGE,
        "quoting": {"type": "object", "description": "A group.", "properties": {"mode": MODE}},
        "port": PORT,
        "limits": LIMITS,
    },
}
QUOTE = {"type": "object", "properties": {"levels": {"type": "array", "items": {"type": "number"}, "minItems": 1}}}


def test_every_setting_is_one_short_line(golden: Callable[[str, str], None]) -> None:
    """Facts, the first clause of what it does and of when to change it, in the schema's order; groups say nothing."""
    sections = (Section("trading", TRADING, None), Section("strategy.parameters", QUOTE, "quote"))
    golden("schema_llm", brief(sections))


@pytest.mark.parametrize("name", NAMES)
def test_no_setting_of_what_came_with_deskc_is_left_out(name: str) -> None:
    """One line each, in order, of legible characters, and in less than a third of the schema's length."""
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    section = Section(name, json.loads(text), None)
    lines = brief((section,)).splitlines()[2:]
    assert [line.split(": ")[0] for line in lines] == [one.path for one in section.leaves]
    assert all(line.isprintable() for line in lines)
    assert sum(map(len, lines)) < len(text) / 3
