"""Laws of the policy: stricter never allows more, order never matters, hours repeat, sizes keep to their limits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deskc.runtime.policy.aggregate import Signal, aggregate
from deskc.runtime.policy.guard import guard
from deskc.runtime.policy.open_now import open_now
from deskc.runtime.policy.sending import within_slippage
from deskc.runtime.policy.size import Measured, size
from deskc.runtime.policy.state import Breaker, Day, State
from laws import laws
from policies import NOON, TRADING, ago, scope

LIMITS = (
    "trading.max_daily_loss_pct",
    "trading.max_daily_trades",
    "trading.max_concurrent_positions",
    "trading.max_portfolio_exposure_pct",
    "risk.circuit_breakers.loss_threshold",
    "risk.circuit_breakers.profit_target",
    "risk.global.position_timeout",
)
"""Limits of which the smaller one is the stricter."""

fractions = st.integers(1, 100).map(lambda number: number / 100)
counts = st.integers(1, 20)
usd = st.decimals(0, 2000, places=2)
weights = st.sampled_from([0.3, 0.8, 1.0, 1.5])
signals = st.builds(
    Signal,
    st.sampled_from(["momentum", "reversion", "llm", "other"]),
    st.sampled_from(["tick", "5m", "1h", "1d", "45m"]),
    st.sampled_from(["buy", "sell"]),
    st.decimals(0, 1, places=1),
    st.integers(0, 5).map(lambda minutes: ago(75 * minutes)),
)


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    """Return a trading section with any of the resolutions."""
    return {
        **TRADING,
        "signal_conflict_resolution": draw(
            st.sampled_from(["strongest_wins", "first_come_first_served", "weighted_average", "manual_review"])
        ),
        "timeframe_conflict_resolution": draw(
            st.sampled_from(["higher_timeframe_wins", "lower_timeframe_wins", "weighted_average"])
        ),
        "min_confidence_threshold": draw(st.sampled_from([0, 0.2, 0.5])),
        "strategy_weights": {name: draw(weights) for name in ("momentum", "reversion", "llm", "default")},
    }


@laws(200)
@given(many=st.lists(signals, max_size=7), trading=settings(), data=st.data())
def test_the_order_of_signals_never_matters(many: list[Signal], trading: dict[str, Any], data: st.DataObject) -> None:
    """Whatever order they arrive in, the decision is the same, to its sentence."""
    again = data.draw(st.permutations(many))
    assert aggregate(many, trading, NOON) == aggregate(again, trading, NOON)


@laws(200)
@given(many=st.lists(signals, max_size=7), trading=settings())
def test_a_mirrored_market_gets_the_mirrored_decision(many: list[Signal], trading: dict[str, Any]) -> None:
    """Buying and selling are treated alike: swapped signals swap the side and keep the confidence."""
    swapped = [one._replace(side="sell" if one.side == "buy" else "buy") for one in many]
    one, other = aggregate(many, trading, NOON), aggregate(swapped, trading, NOON)
    assert (other.side, other.confidence) == ({"buy": "sell", "sell": "buy", None: None}[one.side], one.confidence)


@laws(200)
@given(many=st.lists(signals, max_size=7), trading=settings())
def test_a_decision_is_within_what_was_said(many: list[Signal], trading: dict[str, Any]) -> None:
    """Its side was said by somebody who counts, no surer than the surest, and at least as sure as is asked."""
    decision = aggregate(many, trading, NOON)
    counting = [one for one in many if one not in {dropped.signal for dropped in decision.dropped}]
    assert len(decision.dropped) + len(counting) == len(many)
    if decision.side is None:
        assert decision.confidence == 0
        return
    sure = max(one.confidence for one in counting if one.side == decision.side)
    assert Decimal(str(trading["min_confidence_threshold"])) <= decision.confidence <= sure
    assert set(decision.followed) <= set(counting)


@laws(100)
@given(many=st.lists(signals, max_size=7), age=st.integers(1, 300), least=st.integers(5, 10))
def test_stricter_sifting_never_keeps_more(many: list[Signal], age: int, least: int) -> None:
    """What counts for nothing still does under a lower age or a higher confidence."""
    stricter = {**TRADING, "max_signal_age_seconds": age, "min_confidence_threshold": least / 10}
    loose, strict = aggregate(many, TRADING, NOON), aggregate(many, stricter, NOON)
    assert {one.signal for one in loose.dropped} <= {one.signal for one in strict.dropped}


@laws(100)
@given(many=st.lists(signals, max_size=7), trading=settings())
def test_a_person_is_left_every_contradiction(many: list[Signal], trading: dict[str, Any]) -> None:
    """Under manual_review a trade is one that no signal that counts speaks against."""
    decision = aggregate(many, {**trading, "signal_conflict_resolution": "manual_review"}, NOON)
    counting = {one.side for one in many if one not in {dropped.signal for dropped in decision.dropped}}
    assert decision.side is None or counting == {decision.side}


@st.composite
def states(draw: st.DrawFn) -> State:
    """Return an account to which anything may have happened, some of it unknown."""
    known = draw(st.booleans())
    return State(
        now=NOON,
        direction=draw(st.sampled_from(["long", "short"])),
        equity_usd=draw(usd) if known else draw(st.none() | usd),
        day=Day(NOON.date(), draw(usd), draw(counts)) if known or draw(st.booleans()) else None,
        breaker=Breaker(draw(usd), draw(st.none() | counts.map(lambda age: ago(30 * age)))) if known else None,
        exposure_usd=draw(usd),
        order_usd=draw(usd),
        open_positions=draw(counts),
        liquidity_usd=draw(st.none() | usd),
        position_opened_at=draw(st.none() | counts.map(ago)),
    )


def sections(limits: dict[str, float]) -> dict[str, Any]:
    """Return the sections that hold limits by their paths."""
    found: dict[str, Any] = {}
    for path, value in limits.items():
        *above, name = path.split(".")
        group = found
        for step in above:
            group = group.setdefault(step, {})
        group[name] = value
    return found


@laws(150)
@given(state=states(), data=st.data())
def test_a_stricter_limit_never_allows_more(state: State, data: st.DataObject) -> None:
    """What a limit denies a lower one denies too; of liquidity and pauses, a higher one."""
    loose: dict[str, float] = {}
    strict: dict[str, float] = {}
    for path in (*LIMITS, "risk.global.min_liquidity", "risk.circuit_breakers.timeout_period"):
        whole = path.endswith(("trades", "positions", "timeout", "liquidity", "period"))
        low, high = sorted((data.draw(counts if whole else fractions), data.draw(counts if whole else fractions)))
        scale = {"liquidity": 100, "period": 30}.get(path.rpartition("_")[2], 1)
        strict[path], loose[path] = (low, high) if path in LIMITS else (high * scale, low * scale)
    denied = {one.setting for one in guard(state, scope(**sections(loose)))}
    assert denied <= {one.setting for one in guard(state, scope(**sections(strict)))}


@laws(100)
@given(state=states(), limits=st.dictionaries(st.sampled_from(LIMITS), counts.map(lambda one: one / 20)))
def test_the_master_switch_never_denies(state: State, limits: dict[str, float]) -> None:
    """Switching the checks off takes denials away and brings none, and takes none of the environment's away."""
    found = sections(limits)
    on = guard(state, scope(**found))
    off = guard(state, scope(**{**found, "trading": {**found.get("trading", {}), "risk_management_enabled": False}}))
    assert {one.setting for one in off} == {one.setting for one in on if not one.setting.startswith("trading.")}


times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
moments = st.datetimes(datetime(2026, 5, 1), datetime(2026, 9, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 - it gets its zone here
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])


@laws(200)
@given(start=times, end=times, zone=zones, now=moments, data=st.data())
def test_hours_repeat_where_no_clock_is_set(
    start: str, end: str, zone: str, now: datetime, data: st.DataObject
) -> None:
    """From May to August a schedule repeats every day, and one without weekends every week."""
    excluded = data.draw(st.booleans())
    schedule = {"timezone": zone, "trading_hours": {"start": start, "end": end}, "exclude_weekends": excluded}
    later = now + timedelta(days=7 if excluded else data.draw(st.integers(1, 30)))
    assert open_now(schedule, now) == open_now(schedule, later)


@laws(200)
@given(start=times, end=times, now=moments)
def test_a_window_and_the_rest_of_the_day_fill_it(start: str, end: str, now: datetime) -> None:
    """From the minute after the end to the one before the start is open exactly when the window is not."""
    after, before = shifted(end, 1), shifted(start, -1)
    window, rest = ({"trading_hours": {"start": a, "end": b}} for a, b in ((start, end), (after, before)))
    whole_day = shifted(end, 1) == start
    assert open_now(window, now) != open_now(rest, now) or whole_day


def shifted(time: str, minutes: int) -> str:
    """Return a time of day so many minutes later."""
    total = (60 * int(time[:2]) + int(time[3:]) + minutes) % (24 * 60)
    return f"{total // 60:02}:{total % 60:02}"


measures = st.builds(
    Measured,
    st.none() | st.decimals("0.01", 10, places=2),
    st.none() | st.decimals(-1, 1, places=2),
    st.none() | st.decimals(0, 1, places=2),
    st.none() | st.decimals("0.01", 10, places=2),
)


@st.composite
def sizings(draw: st.DrawFn) -> dict[str, Any]:
    """Return the settings that size a position."""
    adjusted = {name: draw(st.booleans()) for name in ("volatility_adjustment", "correlation_adjustment")}
    shares = {name: draw(fractions) for name in ("base_size", "max_size", "kelly_fraction")}
    trading = {
        "position_size_pct": draw(fractions),
        "quantity_multiplier": draw(counts) / 4,
        "min_position_size_usd": draw(st.sampled_from([1, 10, 50])),
        "max_position_size_usd": draw(st.integers(1, 1500)),
    }
    sizing = {**adjusted, **shares}
    return {"trading": trading, "risk": {"position_sizing": sizing, "global": {"max_position_size": draw(fractions)}}}


@laws(200)
@given(found=sizings(), equity_usd=usd, measured=st.none() | measures)
def test_a_size_keeps_to_every_limit(found: dict[str, Any], equity_usd: Decimal, measured: Measured | None) -> None:
    """Never over the cap in usd nor over any largest share, and never between nothing and the floor."""
    sized = size(scope(**found), equity_usd=equity_usd, measured=measured)
    trading, risk = found["trading"], found["risk"]
    shares = (risk["position_sizing"]["max_size"], risk["global"]["max_position_size"])
    assert 0 <= sized.usd <= trading["max_position_size_usd"]
    assert all(sized.usd <= Decimal(str(share)) * equity_usd for share in shares)
    assert sized.usd == 0 or sized.usd >= trading["min_position_size_usd"]


@laws(200)
@given(found=sizings(), equity_usd=usd, measured=st.none() | measures, data=st.data())
def test_a_stricter_size_is_never_larger(
    found: dict[str, Any], equity_usd: Decimal, measured: Measured | None, data: st.DataObject
) -> None:
    """Lowering any share, the multiplier or the cap, or raising the floor, never enlarges a position."""
    group, name = data.draw(
        st.sampled_from(
            [
                *(("trading", name) for name in found["trading"]),
                *(("position_sizing", name) for name in ("base_size", "max_size", "kelly_fraction")),
                ("global", "max_position_size"),
            ]
        )
    )
    before = size(scope(**found), equity_usd=equity_usd, measured=measured)
    values = found["trading"] if group == "trading" else found["risk"][group]
    values[name] = values[name] * 2 if name.startswith("min") else values[name] / 2
    assert size(scope(**found), equity_usd=equity_usd, measured=measured).usd <= before.usd


@laws(100)
@given(expected=st.decimals("0.0001", 100, places=4), actual=st.decimals("0.0001", 100, places=4), tolerance=fractions)
def test_slippage_is_the_same_for_both_sides(expected: Decimal, actual: Decimal, tolerance: float) -> None:
    """One side at least is within; a mirrored price is within for the mirrored side, and more tolerance allows more."""
    bought, sold = (within_slippage(side, expected, actual, tolerance) for side in ("buy", "sell"))
    assert bought or sold
    mirrored = 2 * expected - actual
    if mirrored > 0:
        assert within_slippage("sell", expected, mirrored, tolerance) == bought
    assert within_slippage("buy", expected, actual, tolerance * 2) or not bought
