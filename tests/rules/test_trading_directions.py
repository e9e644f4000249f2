"""TRADE004: what is enabled may open longs or shorts."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "trading_directions"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("enable_longs: false", 0),
        ("enable_shorts: false", 0),
        ("enable_longs: false, enable_shorts: false", 1),
        ("enabled: false, enable_longs: false, enable_shorts: false", 0),
    ],
)
def test_one_direction_is_enough(said: str, heard: int) -> None:
    """A scope may be long-only, short-only or off; it may not be on with nothing to open."""
    assert len(found(RULE, {LIMITS: f"trading: {{{said}}}\n"})) == heard


def test_all_three_switches_are_shown() -> None:
    """The one that was turned off last may be in another file than the other."""
    said = {LIMITS: "trading:\n  enable_longs: false\n", COIN: "trading:\n  enable_shorts: false\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (LIMITS, "false", "enable_longs set here"),
        (COIN, "false", "enable_shorts set here"),
        ("schemas/trading.schema.json", "true", "enabled has its default here"),
    ]
    assert finding.severity == "warning"
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")
