"""RISK004: sizing does not start over its own ceiling."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "risk_position_sizing_base_size"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's ceiling and a bot's base."""
    return {
        LIMITS: f"risk:\n  position_sizing:\n    max_size: {allowed}\n",
        OWN: f"risk:\n  position_sizing:\n    base_size: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("0.02", "0.02", False), ("0.021", "0.02", True)])
def test_the_base_may_equal_the_ceiling(asked: str, allowed: str, *, fails: bool) -> None:
    """No adjustment can then make a position larger; a base over the ceiling is cut at once."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK004"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.06", "0.05"))
    assert text_at(RULE, layers("0.06", "0.05"), finding) == [
        (OWN, "0.06", "base_size set here"),
        (LIMITS, "0.05", "max_size set here"),
    ]
    assert finding.message == "base_size 0.06 is over max_size 0.05"
    assert finding.help == "lower risk.position_sizing.base_size to 0.05 or less"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK004")
