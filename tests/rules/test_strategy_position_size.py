"""RISK012: a strategy's own size keeps to the limits of the trading section's."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_position_size"


def layers(asked: str, largest: str, sizing: str) -> dict[str, str]:
    """Return an environment's two limits and a strategy that asks for a size."""
    limits = f"  global: {{max_leverage: 9, max_position_size: {largest}}}\n  position_sizing: {{max_size: {sizing}}}\n"
    return {LIMITS: f"risk:\n{limits}", OWN: f"strategy:\n  parameters:\n    position_size: {asked}\n"}


@pytest.mark.parametrize(
    ("asked", "largest", "sizing", "heard"),
    [
        ("0.05", "0.1", "0.05", []),
        ("0.06", "0.1", "0.05", ["max_size set here"]),
        ("0.2", "0.1", "0.15", ["max_position_size set here"]),
    ],
)
def test_the_lower_of_the_two_limits_binds(asked: str, largest: str, sizing: str, heard: list[str]) -> None:
    """The limit itself is allowed; of two limits the finding shows the one that has to be met."""
    said = layers(asked, largest, sizing)
    assert [finding.places[1].role for finding in found(RULE, said)] == heard


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at the strategy's value and at the limit; the help names a value that passes."""
    said = layers("0.1", "0.1", "0.05")
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (OWN, "0.1", "position_size set here"),
        (LIMITS, "0.05", "max_size set here"),
    ]
    assert finding.message == "the strategy's position_size 0.1 is over max_size 0.05"
    assert finding.help == "lower strategy.parameters.position_size to 0.05 or less"
