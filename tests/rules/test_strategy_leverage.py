"""RISK014: a strategy's own leverage keeps to the environment's limit."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_leverage"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's limit and the strategy's own leverage."""
    return {
        LIMITS: f"risk:\n  global:\n    max_leverage: {allowed}\n",
        OWN: f"strategy:\n  parameters:\n    leverage: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("3", "3.0", False), ("3.5", "3", True)])
def test_leverage_may_equal_the_limit(asked: str, allowed: str, *, fails: bool) -> None:
    """The limit itself is allowed, half more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK014"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("5", "3.5"))
    assert text_at(RULE, layers("5", "3.5"), finding) == [
        (OWN, "5", "leverage set here"),
        (LIMITS, "3.5", "max_leverage set here"),
    ]
    assert finding.message == "the strategy's leverage 5 is over max_leverage 3.5"
    assert finding.help == "lower strategy.parameters.leverage to 3.5 or less"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK014")
