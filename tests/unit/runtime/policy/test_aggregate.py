"""One decision out of many signals, by each value of each setting."""

from datetime import datetime

import pytest

from deskc.runtime.policy.aggregate import Decision, Signal, aggregate
from policies import NOON, TRADING, signal


def decide(*signals: Signal, **settings: object) -> Decision:
    """Aggregate at noon, with these settings changed."""
    return aggregate(signals, {**TRADING, **settings}, NOON)


def short(decision: Decision) -> tuple[str | None, str]:
    """Return the side and the confidence to three digits."""
    return decision.side, f"{decision.confidence:.3f}"


BUY, SELL = signal("buy", "0.9", age_s=20), signal("sell", "0.8", strategy="llm", age_s=5)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("strongest_wins", ("sell", "0.800")),  # .8 × 1.5 over .9 × 1
        ("first_come_first_served", ("buy", "0.900")),
        ("weighted_average", (None, "0.000")),  # (.9 × 1 − .8 × 1.5) / 2.5 = −.12, below .5
        ("manual_review", (None, "0.000")),
    ],
)
def test_signals_of_one_timeframe_that_contradict_each_other(how: str, expected: tuple[str | None, str]) -> None:
    """Each value of signal_conflict_resolution does what its description says."""
    assert short(decide(BUY, SELL, signal_conflict_resolution=how)) == expected


def test_a_person_is_asked_by_name() -> None:
    """manual_review yields no trade and says so, also where the two are of different timeframes."""
    for timeframe in ("1h", "5m"):
        decision = decide(BUY, signal("sell", "0.8", timeframe=timeframe), signal_conflict_resolution="manual_review")
        assert (decision.side, decision.setting) == (None, "trading.signal_conflict_resolution")
        assert "until a person decides" in decision.sentence
    assert decide(BUY, signal("buy"), signal_conflict_resolution="manual_review").side == "buy"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("higher_timeframe_wins", ("sell", "0.600")),
        ("lower_timeframe_wins", ("buy", "0.900")),
        ("weighted_average", (None, "0.000")),  # (.9 × .7 − .6 × 1.6) / 2.3 = −.143
    ],
)
def test_timeframes_that_disagree(how: str, expected: tuple[str | None, str]) -> None:
    """Each value of timeframe_conflict_resolution does what its description says."""
    signals = signal("buy", "0.9", timeframe="5m"), signal("sell", "0.6", timeframe="1d")
    assert short(decide(*signals, timeframe_conflict_resolution=how)) == expected


def test_averages_are_weighted() -> None:
    """(.9 × 1 − .2 × 1.5) / 2.5 = .24 within a timeframe, (1 × 1.6 − .1 × .7) / 2.3 = .665 across."""
    within = decide(
        signal("buy", "0.9"),
        signal("sell", "0.2", strategy="llm"),
        signal_conflict_resolution="weighted_average",
        min_confidence_threshold=0.1,
    )
    assert short(within) == ("buy", "0.240")
    across = decide(
        signal("buy", "1", timeframe="1d"),
        signal("sell", "0.1", timeframe="5m"),
        timeframe_conflict_resolution="weighted_average",
        min_confidence_threshold=0.1,
    )
    assert short(across) == ("buy", "0.665")


def test_signals_that_agree_follow_the_strongest() -> None:
    """No resolution has anything to resolve; weights decide whose confidence counts."""
    decision = decide(signal("buy", "0.9", timeframe="5m"), signal("buy", "0.7", timeframe="1d"))
    assert (short(decision), decision.setting) == (("buy", "0.700"), None)


def test_equals_on_opposite_sides_trade_nothing() -> None:
    """Neither is stronger nor earlier, and a coin is not tossed."""
    for how in ("strongest_wins", "first_come_first_served", "weighted_average"):
        assert decide(signal("buy"), signal("sell"), signal_conflict_resolution=how).side is None


def test_what_counts_for_nothing_is_named_with_its_setting() -> None:
    """Stale, ahead of the clock, unsure, of a strategy and of a timeframe without a weight."""
    decision = decide(
        signal("buy", age_s=301),
        signal("buy", age_s=-301),
        signal("buy", "0.49"),
        signal("buy", strategy="nobody"),
        signal("buy", timeframe="45m"),
        strategy_weights={"momentum": 1},
    )
    assert (decision.side, decision.followed) == (None, ())
    assert sorted(one.setting.partition(".")[2] for one in decision.dropped) == [
        *("max_signal_age_seconds", "max_signal_age_seconds", "min_confidence_threshold"),
        *("strategy_weights", "timeframe_weights"),
    ]


def test_the_limits_themselves_still_count() -> None:
    """A signal of exactly the greatest age and the lowest confidence is traded."""
    assert decide(signal("buy", "0.5", age_s=300)).side == "buy"


def test_what_is_no_signal_is_refused() -> None:
    """A confidence over 1, one that is no number, and a moment without a zone."""
    for wrong in (signal("buy", "1.1"), signal("buy", "NaN"), signal("buy")._replace(at=datetime(2026, 3, 4))):  # noqa: DTZ001
        with pytest.raises(ValueError, match=r"0 to 1|no moment"):
            decide(wrong)
