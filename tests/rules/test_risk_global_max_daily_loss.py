"""RISK006: a bot stops for the day before the whole environment does."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "risk_global_max_daily_loss"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's brake and a coin's own."""
    return {
        LIMITS: f"risk:\n  global:\n    max_leverage: 20\n    max_daily_loss: {allowed}\n",
        COIN: f"trading:\n  max_daily_loss_pct: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("0.08", "0.08", False), ("0.081", "0.08", True)])
def test_both_may_act_at_once(asked: str, allowed: str, *, fails: bool) -> None:
    """The environment's own figure is allowed, a thousandth more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK006"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.1", "0.08"))
    assert text_at(RULE, layers("0.1", "0.08"), finding) == [
        (COIN, "0.1", "max_daily_loss_pct set here"),
        (LIMITS, "0.08", "max_daily_loss set here"),
    ]
    assert finding.message == "max_daily_loss_pct 0.1 is over max_daily_loss 0.08"
    assert finding.help == "lower trading.max_daily_loss_pct to 0.08 or less in this scope"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK006")
