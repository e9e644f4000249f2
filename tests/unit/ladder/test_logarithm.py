"""The logarithm that every processor rounds alike."""

import math

import pytest

from deskc.ladder.logarithm import ln
from ladders import drawn


@pytest.mark.parametrize("power", [-1022, -300, -30, -3, -1, 0, 1, 40, 1000])
def test_it_is_the_natural_logarithm(power: int) -> None:
    """Within a relative 1e-15, or 1e-16 where the logarithm is near zero."""
    random = drawn(power)
    for _ in range(300):
        number = math.ldexp(random.uniform(1, 2), power)
        assert ln(number) == pytest.approx(math.log(number), rel=1e-15, abs=1e-16)


def test_one_has_none_and_zero_a_finite_one() -> None:
    """The logarithm of 1 is exactly 0, and a share of zero adds nothing to an entropy."""
    assert ln(1.0) == 0
    assert 0.0 * ln(0.0) == 0
