"""Whether a bot may open a position now: every setting that stands against it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from deskc.core.errors import DeskcError
from deskc.runtime.policy.denial import Denial
from deskc.runtime.policy.exact import PLAIN, aware, exact, shown
from deskc.runtime.policy.open_now import open_now
from deskc.runtime.policy.state import State
from deskc.runtime.scopes import Scope

__all__ = ["guard"]

_SCHEDULE = "strategy.schedule"
_SWITCH = "trading.risk_management_enabled"
_Said = tuple[Decimal | None, str]  # what was measured, and the sentence
_Check = Callable[[Any, State], _Said | None]


def guard(state: State, scope: Scope) -> tuple[Denial, ...]:
    """Return every denial, by the settings' own names and in a fixed order; none means that a position may be opened.

    A setting that the scope does not have limits nothing. One whose measured number is not known denies. Closing and
    reducing always pass: a bot asks only before it opens or adds.

    `trading.risk_management_enabled` is the master switch of the bot's own checks. Where it is false the limits of
    `trading` on daily loss, exposure, trades and positions are not judged. It never switches off `trading.enabled`,
    `enable_longs`, `enable_shorts`, `strategy.enabled` and the schedule, which say what is traded and not how much is
    risked; nor what stands in `risk`, which an environment sets so that no bot can loosen it.

    Raise ValueError for a moment without a zone.
    """
    aware(state.now)
    checks = {**_SWITCHES, **(_OWN if scope.get(_SWITCH, True) else {}), **_ENVIRONMENT}
    return tuple(_denials(checks, state, scope))


def _denials(checks: dict[str, _Check], state: State, scope: Scope) -> Iterator[Denial]:
    for path, check in checks.items():
        value = scope.get(path)
        said = None if value is None else check(value, state)
        if said is not None:
            yield Denial(
                path, _words(value) if path == _SCHEDULE else value, *said, scope.stamp, closes=path == _TIMEOUT
            )


def _off(sentence: str) -> _Check:
    """Return a check of a switch that has to be on."""
    return lambda value, _state: None if value else (None, sentence)


def _longs(value: Any, state: State) -> _Said | None:  # noqa: ANN401 - a setting's value
    return (None, "longs are not opened here") if state.direction == "long" and not value else None


def _shorts(value: Any, state: State) -> _Said | None:  # noqa: ANN401 - a setting's value
    return (None, "shorts are not opened here") if state.direction == "short" and not value else None


def _hours(value: Any, state: State) -> _Said | None:  # noqa: ANN401 - a setting's value
    try:
        return None if open_now(value, state.now) else (None, "it is outside the trading hours")
    except DeskcError as error:
        return None, str(error)


def _words(schedule: Any) -> str:  # noqa: ANN401 - a setting's value
    """Write a schedule in one line, as far as it says anything."""
    hours = schedule.get("trading_hours", {})
    window = f"{hours.get('start', '00:00')} to {hours.get('end', '23:59')} {schedule.get('timezone', 'UTC')}"
    return f"{window}, no weekends" if schedule.get("exclude_weekends", False) else window


def _daily_loss(value: float, state: State) -> _Said | None:
    """Judge the loss within one UTC day, as a fraction of the equity that the day opened with."""
    if state.equity_usd is None or state.day is None:
        return None, "the day's loss is not known"
    lost = PLAIN.subtract(state.day.opening_equity_usd, state.equity_usd)
    if lost < PLAIN.multiply(exact(value), state.day.opening_equity_usd):
        return None
    share = _share(lost, state.day.opening_equity_usd)
    return share, f"the day's loss is {shown(share)} of its opening equity, and {shown(exact(value))} ends the day"


def _daily_trades(value: int, state: State) -> _Said | None:
    """Judge the entries within one UTC day after which no further one is opened."""
    if state.day is None:
        return None, "the day's entries are not known"
    entries = state.day.entries
    return (
        None if entries < value else (Decimal(entries), f"{entries} entries were made today, and {value} are the most")
    )


def _positions(value: int, state: State) -> _Said | None:
    """Judge the positions open at the same time; adding to one that is open makes no further one."""
    there = state.open_positions
    if there < value or (there == value and state.position_opened_at is not None):
        return None
    return Decimal(there), f"{there} positions are open, and {value} are the most"


def _exposure(value: float, state: State) -> _Said | None:
    """Judge the sum of all open position sizes, with the order, as a fraction of equity."""
    if state.equity_usd is None or state.exposure_usd is None:
        return None, "the exposure is not known"
    most, after = PLAIN.multiply(exact(value), state.equity_usd), PLAIN.add(state.exposure_usd, state.order_usd)
    if state.exposure_usd < most and after <= most:
        return None
    share = _share(after, state.equity_usd)
    return share, f"positions would be {shown(share)} of the equity, and {shown(exact(value))} is the most"


def _breaker(value: float, state: State) -> _Said | None:
    """Judge the pause after the breaker opened, in seconds."""
    if state.breaker is None:
        return None, "the circuit breaker's last reset is not known"
    if state.breaker.opened_at is None:
        return None
    since_s = _seconds(state.breaker.opened_at, state.now)
    if since_s >= exact(value):
        return None
    return since_s, f"the circuit breaker opened {shown(since_s)} s ago and pauses for {shown(exact(value))} s"


def _loss(value: float, state: State) -> _Said | None:
    """Judge the loss since the last reset at which the breaker opens, as a fraction of the equity then."""
    return _moved(value, state, sign=-1, name="loss")


def _profit(value: float, state: State) -> _Said | None:
    """Judge the gain since the last reset at which the breaker opens, as a fraction of the equity then."""
    return _moved(value, state, sign=1, name="gain")


def _moved(value: float, state: State, *, sign: int, name: str) -> _Said | None:
    if state.breaker is None or state.equity_usd is None:
        return None, f"the {name} since the circuit breaker's last reset is not known"
    start = state.breaker.reset_equity_usd
    moved = PLAIN.multiply(Decimal(sign), PLAIN.subtract(state.equity_usd, start))
    if moved < PLAIN.multiply(exact(value), start):
        return None
    share = _share(moved, start)
    return (
        share,
        f"the {name} since the last reset is {shown(share)}, and {shown(exact(value))} opens the circuit breaker",
    )


def _timeout(value: int, state: State) -> _Said | None:
    """Judge the longest time that a position may stay open before it is closed at the market, in seconds."""
    if state.position_opened_at is None:
        return None
    open_s = _seconds(state.position_opened_at, state.now)
    return None if open_s < value else (open_s, f"the position is open for {shown(open_s)} s, and {value} s close it")


def _liquidity(value: float, state: State) -> _Said | None:
    """Judge the least value resting near the mid that is required before anything is opened, in usd."""
    there = state.liquidity_usd
    if there is None:
        return None, "what rests in the book is not known"
    if there >= exact(value):
        return None
    return there, f"{shown(there)} usd rest near the mid, and {shown(exact(value))} are required"


def _seconds(start: datetime, end: datetime) -> Decimal:
    passed = end - aware(start)
    return Decimal(passed.days * 86_400 + passed.seconds) + Decimal(passed.microseconds).scaleb(-6)


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a fraction of the equity; of an equity that is gone everything is too much."""
    return PLAIN.divide(part, whole) if whole > 0 else Decimal("Infinity")


_TIMEOUT = "risk.global.position_timeout"
_SWITCHES: dict[str, _Check] = {
    "trading.enabled": _off("this scope opens no positions"),
    "strategy.enabled": _off("the strategy is idle"),
    "trading.enable_longs": _longs,
    "trading.enable_shorts": _shorts,
    _SCHEDULE: _hours,
}
_OWN: dict[str, _Check] = {
    "trading.max_daily_loss_pct": _daily_loss,
    "trading.max_daily_trades": _daily_trades,
    "trading.max_concurrent_positions": _positions,
    "trading.max_portfolio_exposure_pct": _exposure,
}
_ENVIRONMENT: dict[str, _Check] = {
    "risk.circuit_breakers.loss_threshold": _loss,
    "risk.circuit_breakers.profit_target": _profit,
    "risk.circuit_breakers.timeout_period": _breaker,
    _TIMEOUT: _timeout,
    "risk.global.min_liquidity": _liquidity,
}
