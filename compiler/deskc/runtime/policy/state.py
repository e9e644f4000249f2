"""What a bot knows of its account when it asks whether it may trade, and how a day and a breaker go on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from deskc.runtime.policy.exact import PLAIN, aware, setting

__all__ = ["Breaker", "Day", "State", "breaker_at", "day_at"]

_BREAKERS = "risk.circuit_breakers"
_NOTHING = Decimal(0)


class Day(NamedTuple):
    """A UTC day of the account: the equity that it opened with in usd, and how many entries there were since."""

    date: date
    opening_equity_usd: Decimal
    entries: int = 0


class Breaker(NamedTuple):
    """A circuit breaker: the equity at its last reset in usd, and since when it is open, None while it is not."""

    reset_equity_usd: Decimal
    opened_at: datetime | None = None


class State(NamedTuple):
    """An account at a moment, and the position that a bot would open; sums in usd, None where one is not known.

    What is not known is never guessed: a setting that needs it denies. Losses are realised and open ones together, so
    they follow from equity. `exposure_usd` is the sum of all open position sizes, `order_usd` what an order would add.
    `direction`, `liquidity_usd` (what rests in the book near the mid) and `position_opened_at` are of the coin.
    """

    now: datetime
    direction: Literal["long", "short"]
    equity_usd: Decimal | None
    day: Day | None
    breaker: Breaker | None
    exposure_usd: Decimal | None = _NOTHING
    order_usd: Decimal = _NOTHING
    open_positions: int = 0
    liquidity_usd: Decimal | None = None
    position_opened_at: datetime | None = None


def day_at(day: Day | None, now: datetime, equity_usd: Decimal) -> Day:
    """Return the day that a moment lies in: the same one, or a new one that opens with this equity."""
    today = aware(now).astimezone(UTC).date()
    return day if day is not None and day.date == today else Day(today, equity_usd)


def breaker_at(
    breaker: Breaker | None, now: datetime, equity_usd: Decimal, *, scope: Mapping[str, Any]
) -> Breaker | None:
    """Return the breaker as it stands now; a scope without `risk.circuit_breakers` gets one that never opens.

    It opens where the loss since its last reset reaches `loss_threshold`, or the gain `profit_target`, fractions of
    the equity then. It resets, with the equity of the moment, when it has been open for `timeout_period` seconds.
    """
    aware(now)
    if breaker is None:
        return Breaker(equity_usd)
    if breaker.opened_at is not None:
        pause_s = setting(scope, f"{_BREAKERS}.timeout_period") or _NOTHING
        return Breaker(equity_usd) if now - breaker.opened_at >= timedelta(seconds=float(pause_s)) else breaker
    gain = PLAIN.subtract(equity_usd, breaker.reset_equity_usd)
    return breaker._replace(opened_at=now) if _trips(gain, breaker.reset_equity_usd, scope) else breaker


def _trips(gain: Decimal, equity_usd: Decimal, scope: Mapping[str, Any]) -> bool:
    most, least = setting(scope, f"{_BREAKERS}.profit_target"), setting(scope, f"{_BREAKERS}.loss_threshold")
    lost = least is not None and -gain >= PLAIN.multiply(least, equity_usd)
    return lost or (most is not None and gain >= PLAIN.multiply(most, equity_usd))
