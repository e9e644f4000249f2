"""TRADE003: an isolated position is stopped before its margin is gone."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "trading_liquidation"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's leverage and a coin's stop."""
    return {
        LIMITS: f"trading:\n  leverage: {allowed}\n  stop_loss_pct: 0.1\n",
        COIN: f"trading:\n  stop_loss_pct: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("4.9", "20", False), ("5", "20", True), ("50", "1", False), ("0.8", "125", True)]
)
def test_a_stop_lies_before_the_liquidation(asked: str, allowed: str, *, fails: bool) -> None:
    """At leverage 20 the margin is gone after five percent, and a stop there is too late."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["TRADE003"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("6", "20"))
    assert text_at(RULE, layers("6", "20"), finding) == [
        (COIN, "6", "stop_loss_pct set here"),
        (LIMITS, "20", "leverage set here"),
    ]
    assert finding.message == "stop_loss_pct 6 is not below 5, where leverage 20 has lost the margin"
    assert finding.help == "lower stop_loss_pct well below 5, or lower leverage"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule TRADE003")


def test_cross_margin_is_not_judged() -> None:
    """There the whole balance stands behind a position, and no percentage of the price says when it is gone."""
    said = {name: text + "  margin_type: cross\n" for name, text in layers("6", "20").items()}
    assert found(RULE, said) == ()
