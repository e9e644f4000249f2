"""RISK007: no single day may lose more than retires the strategy."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "risk_global_max_strategy_drawdown"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's drawdown and a coin's daily loss."""
    return {
        LIMITS: f"risk:\n  global:\n    max_leverage: 20\n    max_strategy_drawdown: {allowed}\n",
        COIN: f"trading:\n  max_daily_loss_pct: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("0.15", "0.15", False), ("0.16", "0.15", True)])
def test_a_day_may_lose_the_whole_drawdown(asked: str, allowed: str, *, fails: bool) -> None:
    """Both then act together; a daily brake behind the drawdown never acts."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK007"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.2", "0.15"))
    assert text_at(RULE, layers("0.2", "0.15"), finding) == [
        (COIN, "0.2", "max_daily_loss_pct set here"),
        (LIMITS, "0.15", "max_strategy_drawdown set here"),
    ]
    assert finding.message == "max_daily_loss_pct 0.2 is over max_strategy_drawdown 0.15"
    assert finding.help == "lower trading.max_daily_loss_pct to 0.15 or less in this scope"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK007")
