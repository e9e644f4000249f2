"""Scopes, signals and states for tests of what the settings say about a trade."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import deskc.testing
from deskc.runtime.policy.aggregate import Signal
from deskc.runtime.policy.state import Breaker, Day, State
from deskc.runtime.scopes import Scope

__all__ = ["NOON", "TRADING", "ago", "scope", "signal", "state"]

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""

TRADING: Mapping[str, Any] = {
    "signal_conflict_resolution": "strongest_wins",
    "timeframe_conflict_resolution": "higher_timeframe_wins",
    "max_signal_age_seconds": 300,
    "min_confidence_threshold": 0.5,
    "strategy_weights": {"momentum": 1.0, "reversion": 0.8, "llm": 1.5, "default": 1},
    "timeframe_weights": {"tick": 0.3, "5m": 0.7, "1h": 1.0, "1d": 1.6},
}


def scope(**sections: Mapping[str, Any]) -> Scope:
    """Return a coin's scope with these sections."""
    return deskc.testing.snapshot({**sections, "coins": {"ETH": {}}})["ETH"]


def ago(seconds: float) -> datetime:
    """Return the moment so long before noon."""
    return NOON - timedelta(seconds=seconds)


def signal(
    said: str, confidence: str = "0.8", *, strategy: str = "momentum", timeframe: str = "1h", age_s: float = 10
) -> Signal:
    """Return a signal to buy or to sell."""
    side: Literal["buy", "sell"] = "buy" if said == "buy" else "sell"
    return Signal(strategy, timeframe, side, Decimal(confidence), ago(age_s))


def state(**changes: Any) -> State:  # noqa: ANN401 - any field of it
    """Return an account of 1000 usd at noon to which nothing has happened, with these changes."""
    usd = Decimal(1000)
    start = State(NOON, "long", usd, Day(NOON.date(), usd), Breaker(usd), liquidity_usd=Decimal(1_000_000))
    return start._replace(**changes)
