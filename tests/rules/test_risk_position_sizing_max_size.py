"""RISK003: no scope asks for more than sizing may give one position."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "risk_position_sizing_max_size"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's ceiling and a coin that asks for a size."""
    return {
        LIMITS: f"risk:\n  position_sizing:\n    max_size: {allowed}\n",
        COIN: f"trading:\n  position_size_pct: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("0.05", "0.05", False), ("0.051", "0.05", True), ("0.05", "1", False)]
)
def test_a_size_may_equal_the_ceiling(asked: str, allowed: str, *, fails: bool) -> None:
    """The ceiling itself is allowed, a thousandth more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK003"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.15", "0.05"))
    assert text_at(RULE, layers("0.15", "0.05"), finding) == [
        (COIN, "0.15", "position_size_pct set here"),
        (LIMITS, "0.05", "max_size set here"),
    ]
    assert finding.message == "position_size_pct 0.15 is over max_size 0.05"
    assert finding.help == "lower trading.position_size_pct to 0.05 or less in this scope"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK003")


def test_a_multiplier_enlarges_a_position() -> None:
    """A share within the limit is over it once it is multiplied; the finding shows both factors."""
    said = layers("0.1\n  quantity_multiplier: 2", "0.15")
    (finding,) = found(RULE, said)
    assert finding.message == "position_size_pct 0.1 × quantity_multiplier 2 is 0.2, over max_size 0.15"
    assert finding.help == "lower trading.position_size_pct to 0.075 or less in this scope, or its multiplier"
    assert [role for _, _, role in text_at(RULE, said, finding)] == [
        "position_size_pct set here",
        "quantity_multiplier set here",
        "max_size set here",
    ]


@pytest.mark.parametrize(
    ("asked", "factor", "fails"), [("0.05", "3", False), ("0.1", "0.5", False), ("0.2", "0.5", True)]
)
def test_a_product_may_equal_the_limit_and_no_multiplier_shrinks_the_share(
    asked: str, factor: str, *, fails: bool
) -> None:
    """Three times a twentieth is no more than the limit, as doubles or not; a half does not last."""
    said = layers(f"{asked}\n  quantity_multiplier: {factor}", "0.15")
    assert [finding.code for finding in found(RULE, said)] == ["RISK003"] * fails
