"""The desk whose compiled bytes are the vectors for readers in other languages: three bots, each with its oddities."""

import json
from collections.abc import Mapping

from deskc.core.snapshots import Snapshot
from in_memory import compile_clean

__all__ = ["compiled"]

_DESK = """\
format: 1
environments:
  paper: {writes: direct}
hierarchy:
  - global.yaml
  - strategies/{strategy}.yaml
  - bots/{bot}/bot.yaml
  - bots/{bot}/coins/{coin}.yaml
  - bots/{bot}/coins/{coin}.{side}.yaml
schemas: schemas
validators: validators
markets: markets
"""

_MAKER = """\
bot: {exchange: venue, strategy: quote, environments: [paper], coins: [ETH, kPEPE]}
config_version: 1.0.0
trading: {size_usd: 100, leverage: 3, hours: [], stop: null}
strategy: {name: quote, parameters: {levels: 3, decay: 0.5}}
"""

_ETH = """\
config_version: 1.3.0
trading:
  size_usd: 25.5
  note: "Grüße, 価格 🚀 \\u2028 \\"quoted\\" \\\\ \\u007f end"
  hours: [9, 17]
  steps: [1, 2.5, 9007199254740991, 1e-7]
  weights:
    {steady: 1, a.b: 2, "Gewicht ü": 3,
     "\\u20ac": 4, "\\U0001F600": 5, "say \\"hi\\"": 6, "10": 7, "9": 8, "\\ufb00": 9}
"""

_ENGINE = """\
bot: {exchange: venue, environments: [paper], coins: [BTC, "@107"], sides: [LONG, SHORT]}
trading: {size_usd: 1000000, leverage: 5}
"""

_SERVICE = """\
bot: {exchange: venue, environments: [paper], coins: []}
system:
  host: ${env:DB_HOST}
  cache: ${CACHE_HOST:-localhost}
  port: ${env:DB_PORT:-5432}
  ratio: ${RATIO:-1}
  fast: ${FAST:-true}
  password: ${secret:db/password}
  literal: $${HOME}
"""

_REFERENCE = r"^\$\{(?!ref:)[^{}]+\}$"


def _leaf(kind: str | list[str], *, late: bool = False, hot: bool = True, **more: object) -> dict[str, object]:
    form = {"pattern": _REFERENCE} if late and isinstance(kind, list) else {}
    notes = {"unit": "none", "bump": "minor", "hot": hot, **({"late": True} if late else {})}
    return {"type": kind, "description": "A setting.", **form, **more, "x-deskc": notes}


def _section(**properties: object) -> str:
    return json.dumps(
        {"type": "object", "description": "A group.", "additionalProperties": False} | {"properties": properties}
    )


_NUMBERS = {"type": "object", "additionalProperties": {"type": "number"}}
_PARAMETERS = {"type": "object", "description": "None.", "additionalProperties": False, "properties": {}}

_FILES: Mapping[str, str] = {
    "desk.yaml": _DESK,
    "bots/maker/bot.yaml": _MAKER,
    "bots/maker/coins/ETH.yaml": _ETH,
    "bots/engine/bot.yaml": _ENGINE,
    "bots/engine/coins/BTC.yaml": "config_version: 2.0.0\n",
    "bots/engine/coins/BTC.SHORT.yaml": "trading: {leverage: 2}\n",
    "bots/service/bot.yaml": _SERVICE,
    "schemas/trading.schema.json": _section(
        size_usd=_leaf("number", minimum=0),
        leverage=_leaf("integer", hot=False, minimum=1, maximum=125),
        hedged=_leaf("boolean", default=False),
        note=_leaf("string"),
        stop=_leaf(["number", "null"]),
        hours=_leaf("array", items={"type": "integer"}),
        steps=_leaf("array", items={"type": "number"}),
        weights={**_NUMBERS, "description": "Weights.", "x-deskc": {"unit": "none", "bump": "minor", "hot": True}},
    ),
    "schemas/strategy.schema.json": _section(name=_leaf("string"), parameters=_PARAMETERS),
    "schemas/strategy/quote.schema.json": _section(levels=_leaf("integer"), decay=_leaf("number")),
    "schemas/system.schema.json": _section(
        host=_leaf("string", late=True),
        cache=_leaf("string", late=True),
        port=_leaf(["integer", "string"], late=True, minimum=1, maximum=65535),
        ratio=_leaf(["number", "string"], late=True, minimum=0, maximum=1),
        fast=_leaf(["boolean", "string"], late=True),
        password=_leaf("string", late=True),
        literal=_leaf("string", late=True),
    ),
    "validators/.gitkeep": "",
}


def compiled() -> Mapping[str, Snapshot]:
    """Return the desk's snapshots by bot."""
    return {snapshot.bot: snapshot for snapshot in compile_clean(_FILES).snapshots}
