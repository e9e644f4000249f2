"""UNIT001: a value may keep to its schema and make sense in another unit alone."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "fraction_or_percent"


@pytest.mark.parametrize(
    ("said", "way_out"),
    [
        ("slippage_tolerance_pct: 0.001", "write 0.1 if the fraction 0.001 was meant"),
        ("min_spread_bps: 0.0003", "write 3 if the fraction 0.0003 was meant"),
        ("position_size_pct: 1", "write 0.01 if one percent was meant"),
    ],
)
def test_the_value_in_the_right_unit_is_offered(said: str, way_out: str) -> None:
    """The finding points at the value and says what it would be in its setting's unit."""
    name, _, value = said.partition(": ")
    (finding,) = found(RULE, {COIN: f"trading:\n  {said}\n"})
    assert text_at(RULE, {COIN: f"trading:\n  {said}\n"}, finding) == [(COIN, value, f"{name} set here")]
    assert finding.message.startswith(f"{name} {value} is ")
    assert finding.help == way_out
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "said",
    ["slippage_tolerance_pct: 0", "slippage_tolerance_pct: 0.01", "min_spread_bps: 0.3", "position_size_pct: 0.99"],
)
def test_what_makes_sense_is_left_alone(said: str) -> None:
    """None at all, a basis point, a third of one as a spread, and nearly all of the equity may be meant."""
    assert found(RULE, {LIMITS: f"trading: {{{said}}}\n"}) == ()
