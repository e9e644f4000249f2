"""A ladder and what follows from it in plain Python: prices, ratios, average entries and needs (LADDER 1)."""

from itertools import accumulate, pairwise
from typing import NamedTuple

from deskc.ladder.settings import Core

__all__ = ["Ladder", "averages", "needs", "prices", "ratios", "steps"]


class Ladder(NamedTuple):
    """What a bot trades: the volume of each order in percent of the budget, and its indent in percent of the price.

    Both have one number an order, the first order first.
    """

    volumes: tuple[float, ...]
    indents: tuple[float, ...]


def prices(indents: tuple[float, ...], core: Core) -> tuple[float, ...]:
    """Return the price of each order, (1.1)."""
    return tuple(core.base_price * (1 - core.sign * indent / 100) for indent in indents)


def ratios(volumes: tuple[float, ...]) -> tuple[float, ...]:
    """Return m_2 … m_N, the martingale ratios of (1.2) as fractions; raise ZeroDivisionError for an empty order."""
    return tuple(volume / before - 1 for before, volume in pairwise(volumes))


def steps(indents: tuple[float, ...]) -> tuple[float, ...]:
    """Return the N - 1 steps between neighbouring orders in percent of the price."""
    return tuple(indent - before for before, indent in pairwise(indents))


def averages(ladder: Ladder, core: Core) -> tuple[float, ...]:
    """Return the average entry price after each fill, (1.3)."""
    at = prices(ladder.indents, core)
    if core.sizing == "base":
        money = accumulate(volume * price for volume, price in zip(ladder.volumes, at, strict=True))
        return tuple(spent / bought for spent, bought in zip(money, accumulate(ladder.volumes), strict=True))
    units = accumulate(volume / price for volume, price in zip(ladder.volumes, at, strict=True))
    return tuple(spent / bought for spent, bought in zip(accumulate(ladder.volumes), units, strict=True))


def needs(ladder: Ladder, core: Core) -> tuple[float, ...]:
    """Return the move in percent from each order's price that closes the position at its take profit, (1.4)."""
    s, gain = core.sign, core.gain
    return tuple(
        100 * s * (gain * average / price - 1)
        for average, price in zip(averages(ladder, core), prices(ladder.indents, core), strict=True)
    )
