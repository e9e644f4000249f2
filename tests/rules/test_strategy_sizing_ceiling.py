"""RISK017: a strategy's own size asks for no more than sizing may give."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_sizing_ceiling"


def layers(asked: str, ceiling: str) -> dict[str, str]:
    """Return an environment's ceiling, without any other limit, and a strategy that asks for a size."""
    limit = f"risk:\n  position_sizing:\n    max_size: {ceiling}\n"
    return {LIMITS: limit, OWN: f"strategy:\n  parameters:\n    position_size: {asked}\n"}


@pytest.mark.parametrize(("asked", "fails"), [("0.05", False), ("0.051", True), ("0.01", False)])
def test_a_size_may_equal_the_ceiling(asked: str, *, fails: bool) -> None:
    """The ceiling itself is allowed; it binds in an environment that limits nothing else."""
    assert [finding.code for finding in found(RULE, layers(asked, "0.05"))] == ["RISK017"] * fails


def test_both_ends_and_both_numbers_are_shown() -> None:
    """The finding points at the strategy's value and at the ceiling; the help names a value that passes."""
    said = layers("0.1", "0.05")
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (OWN, "0.1", "position_size set here"),
        (LIMITS, "0.05", "max_size set here"),
    ]
    assert finding.message == "the strategy's position_size 0.1 is over max_size 0.05"
    assert finding.help == "lower strategy.parameters.position_size to 0.05 or less"
