"""RISK002: no position takes a larger share of the equity than the environment allows."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "risk_global_max_position_size"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's limit and a coin that asks for a size."""
    return {
        LIMITS: f"risk:\n  global:\n    max_leverage: 20\n    max_position_size: {allowed}\n",
        COIN: f"trading:\n  position_size_pct: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("0.1", "0.1", False), ("0.10", "0.1", False), ("0.11", "0.1", True)]
)
def test_a_size_may_equal_the_limit(asked: str, allowed: str, *, fails: bool) -> None:
    """The limit itself is allowed, a hundredth more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK002"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("0.15", "0.1"))
    assert text_at(RULE, layers("0.15", "0.1"), finding) == [
        (COIN, "0.15", "position_size_pct set here"),
        (LIMITS, "0.1", "max_position_size set here"),
    ]
    assert finding.message == "position_size_pct 0.15 is over max_position_size 0.1"
    assert finding.help == "lower trading.position_size_pct to 0.1 or less in this scope"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK002")


def test_a_default_is_judged_too() -> None:
    """Where no layer sets the size, the schema's default breaks the limit for every scope."""
    said = {LIMITS: "trading: {leverage: 1}\nrisk: {global: {max_leverage: 9, max_position_size: 0.05}}\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding)[1][2] == "position_size_pct has its default here"
    assert len(finding.scopes) == 5


def test_a_multiplier_enlarges_a_position() -> None:
    """A share within the limit is over it once it is multiplied; the finding shows both factors."""
    said = layers("0.1\n  quantity_multiplier: 2", "0.15")
    (finding,) = found(RULE, said)
    assert finding.message == "position_size_pct 0.1 × quantity_multiplier 2 is 0.2, over max_position_size 0.15"
    assert finding.help == "lower trading.position_size_pct to 0.075 or less in this scope, or its multiplier"
    assert [role for _, _, role in text_at(RULE, said, finding)] == [
        "position_size_pct set here",
        "quantity_multiplier set here",
        "max_position_size set here",
    ]


@pytest.mark.parametrize(
    ("asked", "factor", "fails"), [("0.05", "3", False), ("0.1", "0.5", False), ("0.2", "0.5", True)]
)
def test_a_product_may_equal_the_limit_and_no_multiplier_shrinks_the_share(
    asked: str, factor: str, *, fails: bool
) -> None:
    """Three times a twentieth is no more than the limit, as doubles or not; a half does not last."""
    said = layers(f"{asked}\n  quantity_multiplier: {factor}", "0.15")
    assert [finding.code for finding in found(RULE, said)] == ["RISK002"] * fails
