"""RISK011: no single position may be worth more than all positions on its venue together."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "exchange_max_position_value"


def layers(own: str, allowed: str) -> dict[str, str]:
    """Return a venue's limit and a coin's caps."""
    limit = f"risk:\n  exchange_limits:\n    venue:\n      max_position_value: {allowed}\n"
    return {LIMITS: limit, COIN: f"trading:\n  {own}\n"}


@pytest.mark.parametrize(
    ("own", "fails"),
    [
        ("max_position_size_usd: 2000", False),
        ("max_position_size_usd: 2000.01", True),
        ("max_per_coin_notional: 2000", False),
        ("max_per_coin_notional: 2001", True),
    ],
)
def test_either_cap_may_equal_the_limit(own: str, *, fails: bool) -> None:
    """A position may take all that the venue may hold, and no cent more; so may a coin's inventory."""
    assert [finding.code for finding in found(RULE, layers(own, "2000"))] == ["RISK011"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at the cap and at the venue's limit, each in its own file."""
    said = layers("max_per_coin_notional: 60000", "50000")
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (COIN, "60000", "max_per_coin_notional set here"),
        (LIMITS, "50000", "max_position_value set here"),
    ]
    assert finding.message == "max_per_coin_notional 60000 is over venue's max_position_value 50000"
    assert finding.help == "lower trading.max_per_coin_notional to 50000 or less, or raise max_position_value"


def test_an_inventory_that_nobody_caps_is_not_judged() -> None:
    """Its default stands in every trading section, and only market makers read it."""
    assert found(RULE, layers("max_position_size_usd: 400", "450")) == ()


def test_the_limit_of_a_leg_s_venue_binds_as_well() -> None:
    """Half of a pair stands there; the finding shows the leg. A venue without a limit allows all."""
    limits = "{venue: {max_position_value: 5000}, elsewhere: {max_position_value: 1500}}"
    said = {
        LIMITS: f"risk: {{exchange_limits: {limits}}}\n",
        COIN: "trading: {max_position_size_usd: 2000}\nstrategy: {legs: [{exchange: elsewhere, coin: ETH2}]}\n",
    }
    (finding,) = found(RULE, said)
    assert finding.message == "max_position_size_usd 2000 is over elsewhere's max_position_value 1500"
    assert [role for _, _, role in text_at(RULE, said, finding)][2] == "legs set here"
    assert found(RULE, {**said, COIN: said[COIN].replace("elsewhere", "nowhere")}) == ()
