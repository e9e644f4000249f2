"""LADDER002: the second order has one upper bound."""

import pytest

from ladder_layers import ladder
from rule_desk import OWN, found, text_at

RULE = "ladder_second_order"


def test_a_bound_over_the_other_is_found_with_both() -> None:
    """Whether or not orders stand there, and with the way out in numbers."""
    layers = ladder((20, 30, 50), (0, 8, 20), m2_max=0.8, c2=1.5)
    (finding,) = found(RULE, layers)
    assert finding.message == "m2_max 0.8 is over c2 - 1, which is 0.5"
    assert finding.help == "lower m2_max to 0.5 or raise c2 to 1.8"
    assert [text for _, text, _ in text_at(RULE, layers, finding)] == ["0.8", "1.5"]


@pytest.mark.parametrize("text", ["c2: 2", "m2_max: 0.9", "m2_max: 0.1, c2: 1.1", "m2_max: 0.3, c2: 1.3"])
def test_bounds_that_agree_are_passed(text: str) -> None:
    """Also where a float makes c2 - 1 a little less."""
    assert found(RULE, {OWN: f"ladder: {{constraints: {{{text}}}}}\n"}) == ()
