"""What the settings say about a trade, as tables: each row asks one function of deskc.runtime.policy.

Usage: python examples/policy_examples.py. docs/policy.md holds what it prints.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import deskc.testing
from deskc.runtime.policy.aggregate import Signal, aggregate
from deskc.runtime.policy.guard import guard
from deskc.runtime.policy.open_now import open_now
from deskc.runtime.policy.sending import attempts, within_slippage
from deskc.runtime.policy.size import Measured, size
from deskc.runtime.policy.state import Breaker, Day, State

Table = tuple[str, tuple[str, ...], Iterator[tuple[str, ...]]]

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
EQUITY = Decimal(1000)
SIGNALS: Mapping[str, Any] = {
    "max_signal_age_seconds": 300,
    "min_confidence_threshold": 0.1,
    "strategy_weights": {"momentum": 1.0, "reversion": 0.8, "llm": 1.5, "default": 1},
    "timeframe_weights": {"5m": 0.7, "1h": 1.0, "1d": 1.6},
}
TRADING: Mapping[str, Any] = {
    "enabled": True,
    "enable_shorts": False,
    "max_daily_loss_pct": 0.05,
    "max_daily_trades": 100,
    "max_concurrent_positions": 10,
    "max_portfolio_exposure_pct": 0.8,
    "position_size_pct": 0.05,
    "min_position_size_usd": 10,
    "max_position_size_usd": 1000,
}
RISK: Mapping[str, Any] = {
    "global": {"position_timeout": 7200, "min_liquidity": 5000},
    "circuit_breakers": {"loss_threshold": 0.10, "profit_target": 0.20, "timeout_period": 300},
    "position_sizing": {
        "base_size": 0.02,
        "max_size": 0.05,
        "volatility_adjustment": True,
        "correlation_adjustment": True,
        "kelly_fraction": 0.25,
    },
}
SCOPE = deskc.testing.snapshot({"trading": TRADING, "risk": RISK, "coins": {"ETH": {}}})["ETH"]


def main() -> None:
    """Print every table, as a page holds it."""
    for title, heads, rows in (_conflicts(), _timeframes(), _denials(), _sizes(), _hours(), _sending()):
        print(f"### {title}\n\n{_row(heads)}\n{_row(['---'] * len(heads))}")
        for row in rows:
            print(_row(row))
        print()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _signal(said: str) -> Signal:
    """Return a signal written as: strategy timeframe side confidence age."""
    strategy, timeframe, side, confidence, age = said.split()
    at = NOON - timedelta(seconds=int(age.removesuffix("s")))
    return Signal(strategy, timeframe, "buy" if side == "buy" else "sell", Decimal(confidence), at)


def _decided(said: str, **resolutions: str) -> str:
    how = {"signal_conflict_resolution": "strongest_wins", "timeframe_conflict_resolution": "higher_timeframe_wins"}
    decision = aggregate(map(_signal, said.split(", ")), {**SIGNALS, **how, **resolutions}, NOON)
    dropped = "".join(f"; {one.signal.strategy} dropped: {one.sentence}" for one in decision.dropped)
    return f"{decision.sentence}{dropped}"


def _conflicts() -> Table:
    two = "momentum 1h buy 0.9 20s, llm 1h sell 0.8 5s"
    hows = ("strongest_wins", "first_come_first_served", "weighted_average", "manual_review")
    rows = [(two, how, _decided(two, signal_conflict_resolution=how)) for how in hows]
    rows += [
        (said, "strongest_wins", _decided(said))
        for said in ("momentum 1h buy 0.8 5s, other 1h sell 0.8 5s", "momentum 1h buy 0.9 301s, llm 1h sell 0.05 5s")
    ]
    return "Signals of one timeframe", ("signals", "signal_conflict_resolution", "decision"), iter(rows)


def _timeframes() -> Table:
    two = "momentum 5m buy 0.9 5s, momentum 1d sell 0.6 20s"
    hows = ("higher_timeframe_wins", "lower_timeframe_wins", "weighted_average")
    rows = [(two, how, _decided(two, timeframe_conflict_resolution=how)) for how in hows]
    return "Timeframes that disagree", ("signals", "timeframe_conflict_resolution", "decision"), iter(rows)


def _denials() -> Table:
    calm = State(NOON, "long", EQUITY, Day(NOON.date(), EQUITY), Breaker(EQUITY), liquidity_usd=Decimal(60_000))
    ago = NOON - timedelta(seconds=299)
    cases: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("nothing has happened", {}),
        ("a short is asked for", {"direction": "short"}),
        ("the day began with 1000 usd, 950 are left", {"equity_usd": Decimal(950)}),
        ("100 entries today", {"day": Day(NOON.date(), EQUITY, 100)}),
        ("10 positions are open", {"open_positions": 10}),
        ("700 usd are open, 101 are asked for", {"exposure_usd": Decimal(700), "order_usd": Decimal(101)}),
        ("a fifth was won since the last reset", {"equity_usd": Decimal(1200)}),
        ("the breaker opened 299 s ago", {"breaker": Breaker(EQUITY, ago)}),
        ("the position is two hours old", {"position_opened_at": NOON - timedelta(hours=2)}),
        ("4999 usd rest in the book", {"liquidity_usd": Decimal(4999)}),
        ("nobody knows what rests in the book", {"liquidity_usd": None}),
    )
    rows = ((what, _said(calm._replace(**changes))) for what, changes in cases)
    return "What denies an opening", ("the account, at 1000 usd", "denials"), rows


def _said(state: State) -> str:
    denials = guard(state, SCOPE)
    return "; ".join(f"`{one.setting}`: {one.sentence}" for one in denials) or "none"


def _sizes() -> Table:
    def number(text: str) -> Decimal:
        return Decimal(text)

    cases: Sequence[tuple[str, Decimal, Measured | None]] = (
        ("nothing", EQUITY, None),
        ("nothing, at 30000 usd of equity", Decimal(30_000), None),
        ("nothing, at 100 usd of equity", Decimal(100), None),
        ("a volatility twice the average", EQUITY, Measured(volatility=number("2"))),
        ("a tenth of the average volatility", EQUITY, Measured(volatility=number("0.1"))),
        ("a correlation of .4 with what is open", EQUITY, Measured(correlation=number("0.4"))),
        ("52.8 % wins, as large as the losses", EQUITY, Measured(win_rate=number("0.528"), payoff=number("1"))),
        ("40 % wins, as large as the losses", EQUITY, Measured(win_rate=number("0.4"), payoff=number("1"))),
    )
    rows = ((what, size(SCOPE, equity_usd=usd, measured=measured).sentence) for what, usd, measured in cases)
    return "What a position may be worth", ("measured, at 1000 usd of equity", "size"), rows


def _hours() -> Table:
    night = {"timezone": "Europe/Berlin", "trading_hours": {"start": "22:00", "end": "06:00"}, "exclude_weekends": True}
    early = {"timezone": "Europe/Berlin", "trading_hours": {"start": "02:00", "end": "02:59"}}
    cases: Sequence[tuple[str, Mapping[str, Any], str]] = (
        ("22:00 to 06:00, no weekends", night, "2026-03-04T05:00:59"),
        ("22:00 to 06:00, no weekends", night, "2026-03-04T05:01:00"),
        ("22:00 to 06:00, no weekends", night, "2026-03-06T22:30:00"),
        ("22:00 to 06:00, no weekends", night, "2026-03-06T23:30:00"),
        ("02:00 to 02:59", early, "2026-03-28T01:30:00"),
        ("02:00 to 02:59", early, "2026-03-29T01:30:00"),
        ("02:00 to 02:59", early, "2026-10-25T00:30:00"),
        ("02:00 to 02:59", early, "2026-10-25T01:30:00"),
    )
    rows = ((hours, f"{at}Z", _opens(schedule, at)) for hours, schedule, at in cases)
    return "Trading hours in Europe/Berlin", ("hours there", "moment", "open"), rows


def _opens(schedule: Mapping[str, Any], at: str) -> str:
    return "yes" if open_now(schedule, datetime.fromisoformat(at).replace(tzinfo=UTC)) else "no"


def _sending() -> Table:
    def fits(side: str, actual: str) -> str:
        within = within_slippage("buy" if side == "buy" else "sell", Decimal(100), Decimal(actual), 0.1)
        return "within" if within else "held back"

    fills = (("buy", "100.1"), ("buy", "100.11"), ("sell", "99.89"), ("sell", "101"))
    rows = [
        (f"{side} at {actual}, 100 expected", "slippage_tolerance_pct 0.1", fits(side, actual))
        for side, actual in fills
    ]
    rows += [("failures that pass", f"max_retries {most}", f"{len(attempts(most))} attempts") for most in (0, 3)]
    return "Sending an order", ("order", "setting", "outcome"), iter(rows)


if __name__ == "__main__":
    main()
