"""The codes of what ladders are worth, compared with what ladders.lock.yaml holds them to."""

from functools import partial

from deskc.core.codes import code
from deskc.core.codes.code import Code

__all__ = ["CODES"]

_OfLadders = partial(code.Code, given_by="ladder regress")

_LOCK = "ladders.lock.yaml"
_COIN = "bots/maker/coins/ETH.yaml"
_PRESET = "templates/ladder_small.yaml"
_SCHEMA = "schemas/ladder.schema.json"

_LADDER_SCHEMA = """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "core": {
      "type": "object",
      "additionalProperties": false,
      "properties": {"num_orders": {"type": "integer", "minimum": 2, "maximum": 60, "default": 10}}
    },
    "orders": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "volumes_pct": {"type": "array", "items": {"type": "number"}},
        "indents_pct": {"type": "array", "items": {"type": "number"}}
      }
    }
  }
}
"""

_ORDERS = """\
trading:
  size_usd: 100
ladder:
  core: {num_orders: 4}
  orders: {volumes_pct: [12, 20, 30, 38], indents_pct: [0, 5, 12, 20]}
"""

_SMALL = "ladder:\n  core: {num_orders: 4}\n"
_LADDERS = "format: 1\nladders:\n  paper/maker/ETH: {{score: {}}}\n"
_PRESETS = "format: 1\npresets:\n  small: {{best_score: {}}}\n"
_OF_A_LADDER = {_SCHEMA: _LADDER_SCHEMA, _COIN: _ORDERS}
_OF_A_PRESET = {_SCHEMA: _LADDER_SCHEMA, _PRESET: _SMALL}

CODES: tuple[Code, ...] = (
    _OfLadders(
        "OPT001",
        "A configured ladder got worse than its lock allows.",
        why="Its orders, or what judges them, changed, and closing now takes a longer way or costs more than reviewed.",
        fix="Correct the orders, or accept them with deskc ladder lock and have the lock reviewed.",
        bad={**_OF_A_LADDER, _LOCK: _LADDERS.format("1.5")},
        good={**_OF_A_LADDER, _LOCK: _LADDERS.format("99")},
    ),
    _OfLadders(
        "OPT002",
        "The search finds less than it did for the same settings.",
        why="A weaker search proposes worse ladders from now on, and nothing else would tell.",
        fix="Find what weakened the search, or accept what it finds with deskc ladder lock.",
        bad={**_OF_A_PRESET, _LOCK: _PRESETS.format("0.5")},
        good={**_OF_A_PRESET, _LOCK: _PRESETS.format("99")},
    ),
    _OfLadders(
        "OPT003",
        "A kernel's value or a certified bound moved.",
        why="The same ladder is suddenly worth something else: a library, the compiler or a formula changed.",
        fix="Find what changed the numbers, or accept them with deskc ladder lock.",
        bad={_LOCK: "format: 1\nkernels:\n  even_10: {score: 8}\n"},
        good={_LOCK: "format: 1\n"},
    ),
    _OfLadders(
        "OPT004",
        "A ladder or preset is not what the lock holds.",
        why="It is new, or its settings changed, so nothing can say whether it got worse.",
        fix="Let deskc ladder lock measure it, and have the lock reviewed.",
        bad=_OF_A_LADDER,
        good={**_OF_A_LADDER, _LOCK: _LADDERS.format("99")},
    ),
)
