"""RISK010: every open position can have the one order resting that protects it."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "exchange_max_open_orders"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return a venue's limit and a coin's positions."""
    return {
        LIMITS: f"risk:\n  exchange_limits:\n    venue:\n      max_open_orders: {allowed}\n",
        COIN: f"trading:\n  max_concurrent_positions: {asked}\n",
    }


@pytest.mark.parametrize(("asked", "allowed", "fails"), [("20", "20", False), ("21", "20", True)])
def test_a_position_has_an_order(asked: str, allowed: str, *, fails: bool) -> None:
    """As many positions as orders are allowed, one more is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK010"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at each value in its own file and says both; the help names one that passes."""
    (finding,) = found(RULE, layers("30", "20"))
    assert text_at(RULE, layers("30", "20"), finding) == [
        (COIN, "30", "max_concurrent_positions set here"),
        (LIMITS, "20", "max_open_orders set here"),
    ]
    assert finding.message == "max_concurrent_positions 30 is over venue's max_open_orders 20"
    assert finding.help == "lower trading.max_concurrent_positions to 20 or less, or raise max_open_orders"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK010")


def test_another_venues_limit_binds_nobody_here() -> None:
    """The bot trades on one venue; what holds elsewhere is not its business."""
    said = {name: text.replace("venue:", "elsewhere:") for name, text in layers("30", "20").items()}
    assert found(RULE, said) == ()


def test_the_limit_of_a_leg_s_venue_binds_as_well() -> None:
    """A position there needs its order there; the finding shows the leg. A venue without a limit allows all."""
    limits = "{venue: {max_open_orders: 50}, elsewhere: {max_open_orders: 15}}"
    said = {
        LIMITS: f"risk: {{exchange_limits: {limits}}}\n",
        COIN: "trading: {max_concurrent_positions: 20}\nstrategy: {legs: [{exchange: elsewhere, coin: ETH2}]}\n",
    }
    (finding,) = found(RULE, said)
    assert finding.message == "max_concurrent_positions 20 is over elsewhere's max_open_orders 15"
    assert [role for _, _, role in text_at(RULE, said, finding)][2] == "legs set here"
    assert found(RULE, {**said, COIN: said[COIN].replace("elsewhere", "nowhere")}) == ()
