"""RISK012: a strategy's own size keeps to the largest share that its environment allows."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_position_size"


def layers(asked: str, largest: str) -> dict[str, str]:
    """Return an environment's limit, without any on sizing, and a strategy that asks for a size."""
    limit = f"  global:\n    max_leverage: 9\n    max_position_size: {largest}\n"
    return {LIMITS: f"risk:\n{limit}", OWN: f"strategy:\n  parameters:\n    position_size: {asked}\n"}


@pytest.mark.parametrize(("asked", "fails"), [("0.1", False), ("0.101", True), ("0.05", False)])
def test_a_size_may_equal_the_limit(asked: str, *, fails: bool) -> None:
    """The limit itself is allowed; it binds in an environment that says nothing of sizing."""
    assert [finding.code for finding in found(RULE, layers(asked, "0.1"))] == ["RISK012"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at the strategy's value and at the limit; the help names a value that passes."""
    said = layers("0.1", "0.05")
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (OWN, "0.1", "position_size set here"),
        (LIMITS, "0.05", "max_position_size set here"),
    ]
    assert finding.message == "the strategy's position_size 0.1 is over max_position_size 0.05"
    assert finding.help == "lower strategy.parameters.position_size to 0.05 or less"
