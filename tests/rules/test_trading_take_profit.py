"""TRADE002: a winning trade brings more than a losing one takes, after costs."""

import pytest

from rule_desk import COIN, LIMITS, OWN, found, text_at

RULE = "trading_take_profit"


def layers(gain: str, loss: str) -> dict[str, str]:
    """Return an environment's stop and slippage, and a coin's target."""
    return {
        LIMITS: f"trading:\n  stop_loss_pct: {loss}\n  slippage_tolerance_pct: 0.25\n",
        COIN: f"trading:\n  take_profit_pct: {gain}\n",
    }


@pytest.mark.parametrize(("gain", "fails"), [("3", False), ("2.26", False), ("2.25", True), ("1", True)])
def test_a_target_lies_over_the_stop_and_the_slippage(gain: str, *, fails: bool) -> None:
    """What only pays for the loss and the slippage is not enough."""
    assert [finding.code for finding in found(RULE, layers(gain, "2"))] == ["TRADE002"] * fails


def test_fees_count_twice_where_they_are_known() -> None:
    """An entry and an exit at 5 bps cost a tenth of a percent; the finding then shows the fee as well."""
    said = layers("2.3", "2") | {OWN: "exchange:\n  fees:\n    taker_bps: 5\n"}
    (finding,) = found(RULE, said)
    assert finding.message == "take_profit_pct 2.3 is not over stop_loss_pct 2 and costs of 0.35"
    assert finding.help == "raise take_profit_pct over 2.35, or lower stop_loss_pct"
    assert text_at(RULE, said, finding) == [
        (COIN, "2.3", "take_profit_pct set here"),
        (LIMITS, "2", "stop_loss_pct set here"),
        (LIMITS, "0.25", "slippage_tolerance_pct set here"),
        (OWN, "5", "taker_bps set here"),
    ]


def test_a_rebate_makes_room() -> None:
    """A venue that pays its takers lowers the costs."""
    assert found(RULE, layers("2.2", "2") | {OWN: "exchange: {fees: {taker_bps: -5}}\n"}) == ()


def test_a_target_that_only_covers_the_costs_is_refused_however_doubles_add_them() -> None:
    """As doubles 0.7 + 0.1 is less than 0.8; as percents it is 0.8."""
    said = {LIMITS: "trading: {stop_loss_pct: 0.7, slippage_tolerance_pct: 0.1, take_profit_pct: 0.8}\n"}
    assert [finding.help for finding in found(RULE, said)] == ["raise take_profit_pct over 0.8, or lower stop_loss_pct"]
