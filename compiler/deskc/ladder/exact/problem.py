"""What a ladder at given prices must keep, in the numbers that linear programmes need."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.constraints import quarter
from deskc.ladder.model import Ladder, needs
from deskc.ladder.score import ceiling
from deskc.ladder.settings import Settings

__all__ = ["BOUNDS", "Floats", "Problem", "equal_steps", "left_out", "problem_of"]

Floats: TypeAlias = NDArray[np.float64]

BOUNDS = (
    "constraints.growth_eps",
    "constraints.c2",
    "constraints.first_volume_min",
    "constraints.m2_min",
    "constraints.m_min",
    "constraints.ceiling",
    "constraints.m2_max",
    "constraints.m_max",
    "constraints.slope_cap",
    "constraints.tail_floor",
    "constraints.tail_cap",
    "constraints.q1_cap",
)
"""The bounds of HC0 to HC5 on volumes. A proof drops what it can from the front, so that it names what people set."""

_CODES = {
    "HC1": ("constraints.c2", "constraints.m2_min", "constraints.m2_max"),
    "HC2": ("constraints.growth_eps",),
    "HC3": ("constraints.m_min", "constraints.m_max", "constraints.ceiling"),
    "HC4": ("constraints.slope_cap",),
    "HC5": ("constraints.q1_cap", "constraints.tail_floor", "constraints.tail_cap"),
}
_FEWEST = 2
_ROUNDED = 1e-12


@dataclass(frozen=True, slots=True)
class Problem:
    """Volumes at given prices under HC0 to HC5.

    `prices` has shape (N,) and is relative to the base price. `low` and `high` have shape (N - 1,): the least and the
    largest v_k/v_{k-1}, rounded outward. The shares are of the whole: `first` is v_1's least, `growth` how much more
    each order has at least, `head` and `tail` what the first and last `quarter` orders hold at most and at least,
    `last` what the last order holds at most. A bound that was left out has a value that nothing can break.
    """

    settings: Settings
    indents: tuple[float, ...]
    prices: Floats
    low: Floats
    high: Floats
    slope_cap: float
    first: float
    growth: float
    head: float
    tail: float
    last: float

    @property
    def count(self) -> int:
        """Return N."""
        return len(self.indents)

    @property
    def quarter(self) -> int:
        """Return ⌈N/4⌉, the orders that HC5 speaks of."""
        return quarter(len(self.indents))

    def ladder(self, volumes: Floats) -> Ladder:
        """Return the ladder of these volumes, shape (N,), at the problem's indents."""
        return Ladder(tuple(volumes.tolist()), self.indents)

    def max_need(self, volumes: Floats) -> float:
        """Return the largest need of (1.4) in percent, as the plain reference computes it."""
        return max(needs(self.ladder(volumes), self.settings.core))

    @property
    def least_need(self) -> float:
        """Return need_1 in percent, rounded down: it is the same for all volumes, so no max need is below it."""
        return 100 * self.settings.core.sign * (self.settings.core.gain - 1) - _ROUNDED


def equal_steps(settings: Settings) -> tuple[float, ...]:
    """Return N indents in percent, from the first indent to the overlap in steps of one size."""
    first, last, count = settings.generation.first_indent_pct, settings.core.overlap_pct, settings.core.num_orders
    return (*(first + (last - first) * (order / (count - 1)) for order in range(count - 1)), last)


def left_out(settings: Settings) -> frozenset[str]:
    """Return the bounds of HC1 to HC5 that the settings do not enforce."""
    return frozenset(
        name for code, names in _CODES.items() if code not in settings.constraints.enforce for name in names
    )


def problem_of(settings: Settings, *, indents: Sequence[float] | None = None, without: Collection[str] = ()) -> Problem:
    """Return the problem at these indents in percent, equal steps if None, without the bounds of `BOUNDS` named.

    Raise ValueError where there is nothing to solve: fewer than two orders, a number that is not finite, a price that
    is not above zero, indents of another number.
    """
    _refuse(settings)
    at = equal_steps(settings) if indents is None else tuple(indents)
    count = settings.core.num_orders
    if len(at) != count:
        raise ValueError(f"{len(at)} indents stand for {count} orders")
    prices = 1 - settings.core.sign * np.array(at) / 100
    if not (np.isfinite(prices) & (prices > 0)).all():
        raise ValueError(f"an order at {max(at):g} % has no price above 0")
    limits = settings.constraints
    gone = frozenset(without)
    low, high = _band(settings, gone)
    return Problem(
        settings=settings,
        indents=at,
        prices=prices,
        low=low,
        high=high,
        slope_cap=math.inf if "constraints.slope_cap" in gone else limits.slope_cap,
        first=0.0 if "constraints.first_volume_min" in gone else settings.first_volume_min / 100,
        growth=-1.0 if "constraints.growth_eps" in gone else limits.growth_eps / 100,
        head=1.0 if "constraints.q1_cap" in gone else limits.q1_cap / 100,
        tail=0.0 if "constraints.tail_floor" in gone else limits.tail_floor / 100,
        last=1.0 if "constraints.tail_cap" in gone else limits.tail_cap / 100,
    )


def _band(settings: Settings, gone: frozenset[str]) -> tuple[Floats, Floats]:
    """Return the least and the largest v_k/v_{k-1} of HC1 and HC3, rounded outward."""
    limits, count = settings.constraints, settings.core.num_orders
    least = [-1.0 if f"constraints.{name}" in gone else getattr(limits, name) for name in ("m2_min", "m_min")]
    caps = {"m2_max": limits.m2_max, "c2": limits.c2 - 1, "m_max": limits.m_max}
    m2_max, c2, m_max = (math.inf if f"constraints.{name}" in gone else cap for name, cap in caps.items())
    fall = [math.inf] * (count - 2) if "constraints.ceiling" in gone or not limits.ceiling else ceiling(count, limits)
    low = 1 + np.array([least[0], *[least[1]] * (count - 2)])
    high = 1 + np.array([min(m2_max, c2), *(min(m_max, cap) for cap in fall)])
    return np.maximum(np.nextafter(low, -np.inf), 0), np.nextafter(high, np.inf)


def _refuse(settings: Settings) -> None:
    """Raise ValueError for settings that no problem can be made of."""
    core, limits = settings.core, settings.constraints
    if core.num_orders < _FEWEST:
        raise ValueError(f"a ladder of {core.num_orders} orders is none; it has 2 or more")
    numbers = {
        "overlap_pct": core.overlap_pct,
        "take_profit_pct": core.take_profit_pct,
        "fee_pct": core.fee_pct,
        "first_indent_pct": settings.generation.first_indent_pct,
        "min_indent_step_pct": settings.generation.min_indent_step_pct,
        **{name.rpartition(".")[2]: float(getattr(limits, name.rpartition(".")[2])) for name in BOUNDS},
    }
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise ValueError(f"{name} is {number}, which is no number")
    if not core.gain > 0:
        raise ValueError(
            f"take_profit_pct {core.take_profit_pct:g} and fee_pct {core.fee_pct:g} leave no price to close at"
        )
