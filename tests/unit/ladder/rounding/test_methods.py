"""Each strategy cuts a whole into hundredths as its name says; the cases are worked out by hand."""

import math
from itertools import accumulate

import pytest

from deskc.ladder.rounding.methods import METHODS, Method, apportion, indents_in_hundredths, volumes_in_hundredths

PARTS = (5.8, 10.6, 20.2, 30.7, 32.7)
"""Cut to 5, 10, 20, 30 and 32, which sum to 97: three are left."""

every_method = pytest.mark.parametrize("method", METHODS)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("tail-first", (5, 10, 21, 31, 33)),  # the last three
        ("largest-remainder", (6, 10, 20, 31, 33)),  # .8, .7 and .7
        ("balanced", (6, 10, 21, 30, 33)),  # the sums 5.8, 16.4, 36.6, 67.3 and 100, rounded
        ("minimal", (6, 11, 20, 31, 32)),  # (1 - 2f)/v²: -.0178, -.0018 and -.00042 before -.00037 and .0015
    ],
)
def test_what_is_left_goes_where_the_strategy_says(method: Method, expected: tuple[int, ...]) -> None:
    """Four strategies give four answers for one ladder."""
    assert apportion(PARTS, 100, method) == expected


@every_method
def test_whole_numbers_stay_as_they_are(method: Method) -> None:
    """Nothing is left, though floats say 56.99999999999999 for a hundred times .57."""
    assert volumes_in_hundredths((0.57, 1.14, 28.29, 70.0), method) == (57, 114, 2829, 7000)


def test_equal_remainders_go_to_the_later_orders() -> None:
    """Three thirds leave one hundredth."""
    assert volumes_in_hundredths((100 / 3,) * 3, "largest-remainder") == (3333, 3333, 3334)


def test_balanced_keeps_every_sum_within_half_a_hundredth() -> None:
    """Errors never add up along a ladder."""
    parts = [0.4] * 50
    rounded = apportion(parts, 20, "balanced")
    assert all(abs(one - two) <= 0.5 + 1e-9 for one, two in zip(accumulate(rounded), accumulate(parts), strict=True))


@every_method
def test_steps_keep_the_least_and_indents_their_ends(method: Method) -> None:
    """A float that means .05 but says less is no shorter step; the ends are where they were."""
    indents = (0.0, 0.3 - 0.25, 0.1, 7.77777, 20.0)
    rounded = indents_in_hundredths(indents, ends=(0, 2000), least=5, method=method)
    assert rounded[:3] == (0, 5, 10)
    assert rounded[3] in {777, 778}
    assert rounded[-1] == 2000


def test_the_least_step_may_have_more_than_two_decimals() -> None:
    """Steps of .051 are six hundredths then, and the others give what that takes."""
    assert indents_in_hundredths((0, 0.051, 1), ends=(0, 100), least=6, method="balanced") == (0, 6, 100)


def test_steps_with_nothing_to_spare_share_alike() -> None:
    """Where every step asks for less than the least there is no proportion to keep."""
    assert indents_in_hundredths((0, 0.01, 0.02), ends=(0, 20), least=5, method="balanced") == (0, 10, 20)


@pytest.mark.parametrize("parts", [(), (0.0, 0.0), (1.0, -1.0), (math.nan, 1.0), (math.inf, 1.0)])
def test_parts_without_shares_are_refused(parts: tuple[float, ...]) -> None:
    """A whole cannot be cut in proportion to these."""
    with pytest.raises(ValueError, match="have shares of a whole"):
        apportion(parts, 100, "balanced")


def test_an_unknown_strategy_is_refused() -> None:
    """The four are named."""
    with pytest.raises(ValueError, match="banker is no way to round; one of tail-first, largest-remainder, balanced"):
        apportion(PARTS, 100, "banker")  # type: ignore[arg-type]
