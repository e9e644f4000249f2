"""TRADE006: a strategy's own target lies over its stop."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_take_profit"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's stop and a bot's target, both the strategy's parameters."""
    return {
        LIMITS: f"strategy:\n  parameters:\n    stop_loss: {allowed}\n",
        OWN: f"strategy:\n  parameters:\n    take_profit: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("0.03", "0.025", False), ("0.025", "0.025", True), ("0.02", "0.025", True)]
)
def test_a_target_lies_over_its_stop(asked: str, allowed: str, *, fails: bool) -> None:
    """Equal distances lose what trading costs."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["TRADE006"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.02", "0.025"))
    assert text_at(RULE, layers("0.02", "0.025"), finding) == [
        (OWN, "0.02", "take_profit set here"),
        (LIMITS, "0.025", "stop_loss set here"),
    ]
    assert finding.message == "the strategy's take_profit 0.02 is not over its stop_loss 0.025"
    assert finding.help == "raise strategy.parameters.take_profit over 0.025, or lower stop_loss"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule TRADE006")
