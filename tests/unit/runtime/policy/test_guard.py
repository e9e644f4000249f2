"""Denials: each setting, at its limit and one step before it."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deskc.runtime.policy.guard import guard
from deskc.runtime.policy.state import Breaker, Day, State, breaker_at, day_at
from policies import NOON, ago, scope, state

USD = Decimal(1000)
BREAKERS = {"loss_threshold": 0.10, "profit_target": 0.20, "timeout_period": 300}


def settings(path: str, value: object) -> dict[str, Any]:
    """Return the sections that hold one setting."""
    nested: Any = value
    for step in reversed(path.split(".")):
        nested = {step: nested}
    sections: dict[str, Any] = nested
    return sections


CASES = [
    ("trading.max_daily_loss_pct", 0.05, {"equity_usd": Decimal("950.01")}, {"equity_usd": Decimal(950)}, "0.05"),
    ("trading.max_daily_trades", 3, {"day": Day(NOON.date(), USD, 2)}, {"day": Day(NOON.date(), USD, 3)}, "3"),
    ("trading.max_concurrent_positions", 2, {"open_positions": 1}, {"open_positions": 2}, "2"),
    (
        "trading.max_portfolio_exposure_pct",
        0.8,
        {"exposure_usd": Decimal(700), "order_usd": Decimal(100)},
        {"exposure_usd": Decimal(700), "order_usd": Decimal("100.1")},
        "0.8001",
    ),
    (
        "risk.circuit_breakers.loss_threshold",
        0.10,
        {"equity_usd": Decimal("900.01")},
        {"equity_usd": Decimal(900)},
        "0.1",
    ),
    (
        "risk.circuit_breakers.profit_target",
        0.20,
        {"equity_usd": Decimal("1199.99")},
        {"equity_usd": Decimal(1200)},
        "0.2",
    ),
    (
        "risk.circuit_breakers.timeout_period",
        300,
        {"breaker": Breaker(USD, ago(300))},
        {"breaker": Breaker(USD, ago(299))},
        "299",
    ),
    (
        "risk.global.position_timeout",
        7200,
        {"position_opened_at": ago(7199.5)},
        {"position_opened_at": ago(7200)},
        "7200",
    ),
    (
        "risk.global.min_liquidity",
        5000,
        {"liquidity_usd": Decimal(5000)},
        {"liquidity_usd": Decimal("4999.5")},
        "4999.5",
    ),
]
SWITCHES = ["trading.enabled", "strategy.enabled", "trading.enable_longs"]


@pytest.mark.parametrize(("path", "value", "before", "reached", "measured"), CASES)
def test_a_limit_denies_from_where_it_is_reached(
    path: str, value: float, before: dict[str, Any], reached: dict[str, Any], measured: str
) -> None:
    """One step before nothing is said; at the limit the denial names the setting, its value and what was measured."""
    limited = scope(**settings(path, value))
    assert guard(state(**before), limited) == ()
    (denial,) = guard(state(**reached), limited)
    assert (denial.setting, denial.value, denial.measured) == (path, value, Decimal(measured))
    assert denial.stamp == limited.stamp
    assert denial.closes == (path == "risk.global.position_timeout")


@pytest.mark.parametrize("path", SWITCHES)
def test_a_switch_denies_while_it_is_off(path: str) -> None:
    """Whoever switches a scope off stops its entries."""
    (denial,) = guard(state(), scope(**settings(path, value=False)))
    assert (denial.setting, denial.value, denial.measured) == (path, False, None)
    assert guard(state(), scope(**settings(path, value=True))) == ()


def test_directions_are_switched_apart() -> None:
    """A scope that is long-only opens longs, and the other way round."""
    assert guard(state(direction="short"), scope(trading={"enable_longs": False})) == ()
    (denial,) = guard(state(direction="short"), scope(trading={"enable_shorts": False}))
    assert denial.setting == "trading.enable_shorts"


def test_what_is_not_known_denies() -> None:
    """Every limit that would need the number says so; a scope that limits nothing needs none."""
    unknown: dict[str, None] = dict.fromkeys(("equity_usd", "day", "breaker", "exposure_usd", "liquidity_usd"))
    every: dict[str, Any] = {
        "trading": {"max_daily_loss_pct": 0.05, "max_daily_trades": 3, "max_portfolio_exposure_pct": 0.8},
        "risk": {"global": {"min_liquidity": 5000}, "circuit_breakers": BREAKERS},
    }
    denials = guard(state(**unknown), scope(**every))
    assert len(denials) == 7
    assert all(denial.measured is None and "not known" in denial.sentence for denial in denials)
    assert guard(state(**unknown), scope()) == ()


def test_the_master_switch_ends_the_bots_own_limits_alone() -> None:
    """Off, the limits of trading are not judged; switches, hours and the environment's limits are."""
    off = {"risk_management_enabled": False, "enabled": False, "max_daily_trades": 1, "max_concurrent_positions": 1}
    sections: dict[str, Any] = {
        "trading": {**off, "max_daily_loss_pct": 0.01, "max_portfolio_exposure_pct": 0.1},
        "strategy": {"schedule": {"trading_hours": {"start": "00:00", "end": "01:00"}}},
        "risk": {"circuit_breakers": BREAKERS, "global": {"min_liquidity": 5000, "position_timeout": 60}},
    }
    bad = state(
        equity_usd=Decimal(500),
        day=Day(NOON.date(), USD, 9),
        exposure_usd=Decimal(900),
        open_positions=5,
        liquidity_usd=Decimal(1),
        position_opened_at=ago(61),
    )
    assert [denial.setting for denial in guard(bad, scope(**sections))] == [
        "trading.enabled",
        "strategy.schedule",
        "risk.circuit_breakers.loss_threshold",
        "risk.global.position_timeout",
        "risk.global.min_liquidity",
    ]


def test_adding_to_an_open_position_needs_no_further_place() -> None:
    """Every place is taken, one of them by this coin."""
    full = scope(trading={"max_concurrent_positions": 2})
    assert guard(state(open_positions=2, position_opened_at=ago(9)), full) == ()
    assert guard(state(open_positions=3, position_opened_at=ago(9)), full) != ()


def test_hours_that_nobody_can_read_deny() -> None:
    """A zone that this machine does not know opens nothing, and says why."""
    (denial,) = guard(state(), scope(strategy={"schedule": {"timezone": "Europe/Belrin"}}))
    assert "does not know the time zone Europe/Belrin" in denial.sentence


def test_a_schedule_is_shown_in_one_line() -> None:
    """Its window, its zone and whether weekends are left out."""
    schedule = {"timezone": "Asia/Tokyo", "trading_hours": {"start": "08:30", "end": "17:00"}, "exclude_weekends": True}
    (denial,) = guard(state(), scope(strategy={"schedule": schedule}))
    assert (denial.setting, denial.value) == ("strategy.schedule", "08:30 to 17:00 Asia/Tokyo, no weekends")


def test_a_denial_is_a_record_of_json() -> None:
    """Its details hold the setting and the stamp, which lead to the lines that set it."""
    (denial,) = guard(state(open_positions=2), scope(trading={"max_concurrent_positions": 2}))
    record = json.loads(json.dumps(denial.record()))
    assert (record["setting"], record["value"], record["measured"]) == ("trading.max_concurrent_positions", 2, "2")
    assert record["stamp"]["params_digest"] == denial.stamp.params_digest


def test_an_equity_that_is_gone_opens_nothing() -> None:
    """A fraction of nothing is too much of it, and no division fails."""
    gone = state(equity_usd=Decimal(0), order_usd=Decimal(1), day=Day(NOON.date(), Decimal(0)))
    both = scope(trading={"max_daily_loss_pct": 0.05, "max_portfolio_exposure_pct": 0.8})
    assert len(guard(gone, both)) == 2


def test_a_day_is_one_of_utc() -> None:
    """It goes on until midnight there, then begins with the equity of the moment and no entries."""
    day = Day(NOON.date(), USD, 7)
    assert day_at(day, NOON + timedelta(hours=11, minutes=59), Decimal(900)) == day
    assert day_at(day, NOON + timedelta(hours=12), Decimal(900)) == Day(NOON.date() + timedelta(1), Decimal(900), 0)


@pytest.mark.parametrize(("usd", "trips"), [(900, True), (901, False), (1199, False), (1200, True)])
def test_a_breaker_opens_pauses_and_resets(usd: int, *, trips: bool) -> None:
    """At a tenth lost or a fifth won it opens, for 300 seconds; then it counts from the equity of that moment."""
    limited, equity = scope(risk={"circuit_breakers": BREAKERS}), Decimal(usd)
    opened = breaker_at(Breaker(USD), NOON, equity, scope=limited)
    assert opened == Breaker(USD, NOON if trips else None)
    if trips:
        later = NOON + timedelta(seconds=299)
        assert breaker_at(opened, later, equity, scope=limited) == opened
        assert [one.setting for one in guard(paused(later, opened), limited)] == [
            "risk.circuit_breakers.timeout_period"
        ]
        again = breaker_at(opened, NOON + timedelta(seconds=300), equity, scope=limited)
        assert again == Breaker(equity)
        assert guard(paused(NOON + timedelta(seconds=300), again), limited) == ()


def paused(now: datetime, breaker: Breaker | None) -> State:
    """Return a state whose equity is where the breaker was reset."""
    assert breaker is not None
    return state(now=now, breaker=breaker, equity_usd=breaker.reset_equity_usd)
