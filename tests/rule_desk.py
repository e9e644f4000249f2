"""A desk of one bot with the real schemas and one real rule, for tests of that rule."""

import json
from collections.abc import Mapping
from pathlib import Path

from deskc.core.findings import Finding
from deskc.pipeline import Prepared, compile_desk, prepare
from in_memory import InMemory

__all__ = ["COIN", "LIMITS", "LOCK", "OWN", "PRESET", "RULES", "SIDE", "found", "lock", "prepared_with", "text_at"]

_ROOT = Path(__file__).resolve().parents[1]
_DESK = """\
format: 1
environments: {paper: {writes: direct}, live: {writes: proposal}}
hierarchy:
  - environments/{environment}.yaml
  - bots/{bot}/bot.yaml
  - bots/{bot}/own.yaml
  - bots/{bot}/coins/{coin}.yaml
  - bots/{bot}/coins/{coin}.{side}.yaml
schemas: schemas
validators: validators
markets: markets
"""
_NAMES = "exchange: venue, strategy: template, environments: [paper]"
_BOT = f"bot: {{{_NAMES}, coins: [ETH, SOL], sides: [LONG, SHORT]}}\n"

_MARKET = {
    "symbol": "ETH/USDT",
    "status": None,
    "tick_size": 0.1,
    "step_size": 0.005,
    "min_qty": 0.005,
    "max_qty": 500,
    "min_notional_usd": 10,
    "leverage_brackets": [
        {"notional_cap_usd": 50_000, "max_leverage": 25},
        {"notional_cap_usd": 250_000, "max_leverage": 10},
    ],
    "reference_price": {"price": 2000, "as_of": "2025-12-31T00:00:00Z", "source": "a trade"},
}
_LOCK = {"exchange": "venue", "as_of": "2025-12-31T00:00:00Z", "source": "the venue's public list of markets"}
_NOW = 1_767_225_600  # 2026-01-01, in unix seconds

LOCK = "markets/venue.yaml"
LIMITS = "environments/paper.yaml"
OWN = "bots/maker/own.yaml"
COIN = "bots/maker/coins/ETH.yaml"
PRESET = "templates/ladder_mine.yaml"
SIDE = "bots/maker/coins/ETH.LONG.yaml"
RULES = tuple(sorted(file.stem for file in (_ROOT / "validators").glob("*.py")))


def files_with(rule: str, layers: Mapping[str, str]) -> dict[str, str]:
    """Return the desk's files with these layers and this rule alone."""
    schemas = (_ROOT / "schemas").rglob("*.schema.json")
    texts = {file.relative_to(_ROOT).as_posix(): file.read_text(encoding="utf-8") for file in schemas}
    source = (_ROOT / "validators" / f"{rule}.py").read_text(encoding="utf-8")
    texts = {path: text for path, text in texts.items() if "/meta/" not in path}
    own = {"desk.yaml": _DESK, "bots/maker/bot.yaml": _BOT, f"validators/{rule}.py": source}
    return {**texts, **own, **layers}


def lock(**changed: object) -> str:
    """Return the venue's lock file, with these facts of ETH instead of its own."""
    coins = {"ETH": {**_MARKET, **changed}, "SOL": {**_MARKET, "symbol": "SOL/USDT"}}
    return json.dumps({**_LOCK, "coins": coins}, indent=1)


def prepared_with(rule: str, layers: Mapping[str, str]) -> Prepared:
    """Prepare the desk."""
    source = InMemory(files_with(rule, {LOCK: lock(), **layers}))
    source.now = _NOW
    return prepare(source, "")


def found(rule: str, layers: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return all that is found in the desk."""
    return compile_desk(prepared_with(rule, layers)).findings


def text_at(rule: str, layers: Mapping[str, str], finding: Finding) -> list[tuple[str, str, str]]:
    """Return for each place of a finding its file, the text that stands there, and what it is for."""
    files = files_with(rule, {LOCK: lock(), **layers})
    spans = []
    for place in finding.places:
        line = files[place.path].split("\n")[place.line - 1]
        spans.append((place.path, line[place.column - 1 : place.end_column - 1], place.role))
    return spans
