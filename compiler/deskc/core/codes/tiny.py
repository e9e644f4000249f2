"""The tiny desk under every example: three levels, one environment, one bot, one coin, its own schemas and a rule."""

from deskc.core.codes.code import Files

__all__ = ["TINY"]

_DESK = """\
format: 1
environments:
  paper: {writes: direct}
hierarchy: # least specific first; a later layer wins
  - global.yaml
  - bots/{bot}/bot.yaml
  - bots/{bot}/coins/{coin}.yaml
schemas: schemas
validators: validators
markets: markets
"""

_GLOBAL = """\
trading:
  leverage: 3
risk:
  max_leverage: 5
"""

_BOT = """\
bot: {exchange: venue, environments: [paper], coins: [ETH]}
config_version: 1.0.0
"""

_COIN = """\
trading:
  size_usd: 100
"""

_TRADING = """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "leverage": {"type": "integer", "minimum": 1, "maximum": 20, "default": 3},
    "size_usd": {"type": "number", "minimum": 0},
    "mode": {"type": "string", "enum": ["maker", "taker"], "default": "maker"},
    "hedged": {"type": "boolean", "default": false},
    "label": {"type": "string", "pattern": "^[a-z]+$"},
    "hours": {"type": "array", "items": {"type": "integer"}, "default": []},
    "weights": {"type": "object", "additionalProperties": {"type": "number"}, "default": {"steady": 1}},
    "stop": {
      "type": "object",
      "additionalProperties": false,
      "required": ["trigger_pct"],
      "properties": {"trigger_pct": {"type": "number"}, "limit_pct": {"type": "number"}}
    }
  }
}
"""

_RISK = """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "max_leverage": {"type": "number", "x-deskc": {"axes": ["environment"]}}
  }
}
"""

_SYSTEM = """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "host": {"type": "string", "x-deskc": {"late": true}},
    "replica": {"type": "string", "x-deskc": {"late": true}}
  }
}
"""

_RULE = '''\
"""Leverage within the desk's limit."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("OWN001", needs=("trading.leverage", "risk.max_leverage"))
def leverage_limit(scope: Scope) -> Iterator[Finding]:
    """No scope asks for more leverage than the desk allows.

    PASS  {trading: {leverage: 3}, risk: {max_leverage: 5}}
    FAIL  {trading: {leverage: 9}, risk: {max_leverage: 5}}
    """
    if scope["trading.leverage"] > scope["risk.max_leverage"]:
        yield Finding.at("trading.leverage", message="leverage is over max_leverage", help="lower trading.leverage")
'''

TINY: Files = {
    "desk.yaml": _DESK,
    "global.yaml": _GLOBAL,
    "bots/maker/bot.yaml": _BOT,
    "bots/maker/coins/ETH.yaml": _COIN,
    "schemas/risk.schema.json": _RISK,
    "schemas/system.schema.json": _SYSTEM,
    "schemas/trading.schema.json": _TRADING,
    "validators/leverage_limit.py": _RULE,
}
"""Every file of the tiny desk, which lies at the root of its repository."""
