"""Sizes before rounding: each setting decides somewhere."""

from decimal import Decimal
from typing import Any

import pytest

from deskc.markets.sizing import target_usd
from deskc.runtime.policy.size import Measured, Sized, size
from policies import scope

EQUITY = Decimal(5000)
STEADY = {"sizing": {"volatility_adjustment": False}}
ALONE = {"sizing": {"correlation_adjustment": False}}
TRADING = {
    "position_size_pct": 0.05,
    "quantity_multiplier": 1.0,
    "min_position_size_usd": 10,
    "max_position_size_usd": 1000,
}
SIZING = {
    "base_size": 0.02,
    "max_size": 0.05,
    "volatility_adjustment": True,
    "correlation_adjustment": True,
    "kelly_fraction": 0.25,
}


def sized(measured: Measured | None = None, *, equity_usd: Decimal = EQUITY, **changes: Any) -> Sized:  # noqa: ANN401
    """Size with these settings changed, those of `sizing`, of `risk.global` by `most`, and of trading by name."""
    sizing, most = {**SIZING, **changes.pop("sizing", {})}, changes.pop("most", 1)
    risk = {"position_sizing": sizing, "global": {"max_position_size": most}}
    return size(scope(trading={**TRADING, **changes}, risk=risk), equity_usd=equity_usd, measured=measured)


def decimal(text: str) -> Decimal:
    """Return an exact number."""
    return Decimal(text)


@pytest.mark.parametrize(
    ("measured", "changes", "usd", "bound_by"),
    [
        (None, {}, "250", "trading.position_size_pct"),
        (None, {"quantity_multiplier": 0.5}, "125", "trading.position_size_pct"),
        (None, {"quantity_multiplier": 2}, "250", "risk.position_sizing.max_size"),
        (None, {"most": 0.01}, "50", "risk.global.max_position_size"),
        (None, {"max_position_size_usd": 200}, "200", "trading.max_position_size_usd"),
        (None, {"min_position_size_usd": 251}, "0", "trading.min_position_size_usd"),
        (Measured(), {}, "100", "risk.position_sizing.base_size"),
        (Measured(volatility=decimal("2")), {}, "50", "risk.position_sizing.base_size"),
        (Measured(volatility=decimal("0.1")), {}, "250", "trading.position_size_pct"),
        (Measured(volatility=decimal("2")), STEADY, "100", "risk.position_sizing.base_size"),
        (Measured(correlation=decimal("0.7")), {}, "30", "risk.position_sizing.base_size"),
        (Measured(correlation=decimal("-0.7")), {}, "100", "risk.position_sizing.base_size"),
        (Measured(correlation=decimal("1")), {}, "0", "risk.position_sizing.base_size"),
        (Measured(correlation=decimal("0.7")), ALONE, "100", "risk.position_sizing.base_size"),
        (Measured(win_rate=decimal("0.52"), payoff=decimal("1")), {}, "50", "risk.position_sizing.kelly_fraction"),
        (Measured(win_rate=decimal("0.4"), payoff=decimal("1")), {}, "0", "risk.position_sizing.kelly_fraction"),
        (Measured(win_rate=decimal("0.9"), payoff=decimal("1")), {}, "100", "risk.position_sizing.base_size"),
    ],
)
def test_each_setting_decides(measured: Measured | None, changes: dict[str, Any], usd: str, bound_by: str) -> None:
    """The sum and the setting that is named follow from 5000 usd of equity."""
    one = sized(measured, **changes)
    assert (one.usd, one.bound_by) == (Decimal(usd), bound_by)


def test_without_measurements_it_is_the_target_of_the_market_part() -> None:
    """What deskc position-size rounds to the venue's steps, to the last digit."""
    one = size(scope(trading={"position_size_pct": 0.07, "quantity_multiplier": 1.3}), equity_usd=decimal("1234.56789"))
    share, factor = decimal("0.07"), decimal("1.3")
    assert one.usd == target_usd(decimal("1234.56789"), size_fraction=share, multiplier=factor)


def test_what_was_not_measured_is_named() -> None:
    """An adjustment that is on and has nothing to go by changes nothing, and does not do so in silence."""
    names = [path.rpartition(".")[2] for path in sized(Measured(volatility=decimal("2"))).unmeasured]
    assert names == ["correlation_adjustment", "kelly_fraction"]
    every = Measured(decimal("1"), decimal("0"), decimal("0.6"), decimal("1"))
    assert sized(every).unmeasured == ()


def test_a_scope_without_a_share_of_its_own_starts_at_base_size() -> None:
    """And one that has neither says so."""
    assert size(scope(risk={"position_sizing": {"base_size": 0.02}}), equity_usd=EQUITY).usd == 100
    with pytest.raises(ValueError, match="sets neither"):
        size(scope(), equity_usd=EQUITY)


@pytest.mark.parametrize(
    "wrong",
    [{"volatility": 0}, {"correlation": 2}, {"win_rate": 2}, {"payoff": 0}],
)
def test_what_cannot_be_measured_is_refused(wrong: dict[str, int]) -> None:
    """A volatility of nothing, a correlation of 2, two wins a trade."""
    with pytest.raises(ValueError, match="cannot be measured"):
        sized(Measured(**{name: Decimal(value) for name, value in wrong.items()}))


def test_an_equity_that_is_gone_opens_nothing() -> None:
    """Nor does one below zero."""
    assert [sized(equity_usd=Decimal(usd)).usd for usd in (0, -100)] == [0, 0]
