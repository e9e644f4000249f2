"""RISK005: sizing cannot give a position more than the environment allows any."""

import pytest

from rule_desk import LIMITS, found, text_at

RULE = "risk_position_sizing_ceiling"


def layers(given: str, allowed: str) -> dict[str, str]:
    """Return an environment's two limits: only environments may set either."""
    sizing = f"  position_sizing:\n    max_size: {given}\n"
    return {LIMITS: f"risk:\n  global:\n    max_leverage: 9\n    max_position_size: {allowed}\n{sizing}"}


@pytest.mark.parametrize(("given", "allowed", "fails"), [("0.1", "0.1", False), ("0.11", "0.1", True)])
def test_the_ceiling_may_equal_the_limit(given: str, allowed: str, *, fails: bool) -> None:
    """The limit itself is allowed, a hundredth more is not."""
    assert [finding.code for finding in found(RULE, layers(given, allowed))] == ["RISK005"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """One finding for the bot, with both lines: nothing below it may set either."""
    (finding,) = found(RULE, layers("0.2", "0.1"))
    assert text_at(RULE, layers("0.2", "0.1"), finding) == [
        (LIMITS, "0.2", "max_size set here"),
        (LIMITS, "0.1", "max_position_size set here"),
    ]
    assert finding.message == "max_size 0.2 is over max_position_size 0.1"
    assert finding.help == "lower risk.position_sizing.max_size to 0.1 or less"
    assert finding.scopes == ("paper/maker",)
