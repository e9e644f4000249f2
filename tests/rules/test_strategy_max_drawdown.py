"""RISK013: a strategy stops itself no later than its environment would."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_max_drawdown"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's drawdown and the strategy's own."""
    return {
        LIMITS: f"risk:\n  global:\n    max_leverage: 20\n    max_strategy_drawdown: {allowed}\n",
        OWN: f"strategy:\n  parameters:\n    max_drawdown: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("0.15", "0.15", False), ("0.16", "0.15", True)])
def test_both_may_stop_at_once(asked: str, allowed: str, *, fails: bool) -> None:
    """The environment's own figure is allowed, a hundredth more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK013"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.2", "0.15"))
    assert text_at(RULE, layers("0.2", "0.15"), finding) == [
        (OWN, "0.2", "max_drawdown set here"),
        (LIMITS, "0.15", "max_strategy_drawdown set here"),
    ]
    assert finding.message == "the strategy's max_drawdown 0.2 is over max_strategy_drawdown 0.15"
    assert finding.help == "lower strategy.parameters.max_drawdown to 0.15 or less"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK013")
