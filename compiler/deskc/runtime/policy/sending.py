"""Sending an order: how often it may be tried, and how far from the expected price it may fill."""

from decimal import Decimal
from typing import Literal

from deskc.runtime.policy.exact import PLAIN, exact

__all__ = ["attempts", "within_slippage"]


def attempts(max_retries: int) -> range:
    """Return the numbers of the attempts that `trading.max_retries` allows: the first, and so many more.

    They are for failures that pass; a refusal that cannot pass is never repeated. Raise ValueError below zero.
    """
    if max_retries < 0:
        msg = f"max_retries is {max_retries}, and an order cannot be sent again less often than never"
        raise ValueError(msg)
    return range(1, max_retries + 2)


def within_slippage(
    side: Literal["buy", "sell"], expected: Decimal, actual: Decimal, slippage_tolerance_pct: float | Decimal
) -> bool:
    """Say whether a fill is within the worst acceptable distance, in percent of the price that the signal saw.

    Only a worse price counts: a buy that fills lower and a sale that fills higher are always within. Raise ValueError
    for a price that is not above zero.
    """
    if not (expected > 0 and actual > 0):
        msg = f"prices of {expected} and {actual} have no distance: both must be above zero"
        raise ValueError(msg)
    worse = PLAIN.subtract(actual, expected) if side == "buy" else PLAIN.subtract(expected, actual)
    return PLAIN.multiply(worse, Decimal(100)) <= PLAIN.multiply(exact(slippage_tolerance_pct), expected)
