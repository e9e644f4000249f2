"""Retries and slippage, at their limits."""

from decimal import Decimal
from typing import Literal

import pytest

from deskc.runtime.policy.sending import attempts, within_slippage


def test_retries_come_on_top_of_the_first_attempt() -> None:
    """None at all leaves one attempt."""
    assert [list(attempts(retries)) for retries in (0, 3)] == [[1], [1, 2, 3, 4]]
    with pytest.raises(ValueError, match="-1"):
        attempts(-1)


@pytest.mark.parametrize(
    ("side", "actual", "within"),
    [
        ("buy", "100.1", True),
        ("buy", "100.10001", False),
        ("buy", "50", True),
        ("sell", "99.9", True),
        ("sell", "99.89999", False),
        ("sell", "200", True),
    ],
)
def test_only_a_worse_price_slips(side: Literal["buy", "sell"], actual: str, *, within: bool) -> None:
    """A tenth of a percent of 100 is .1, reached and not passed, to the last digit."""
    assert within_slippage(side, Decimal(100), Decimal(actual), 0.1) == within


def test_a_price_that_is_none_is_refused() -> None:
    """Nothing is a distance from zero."""
    with pytest.raises(ValueError, match="above zero"):
        within_slippage("buy", Decimal(0), Decimal(1), 0.1)
