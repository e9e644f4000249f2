"""What general optimisers see of a ladder: a point of the unit cube, and one number that is lower for better ladders.

HC1, HC3 and HC4 hold by construction (LADDER 6), prices follow in closed form, HC2 and HC5 are penalties.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from deskc.ladder.search.descent import Terms, equalised, masses, shares
from deskc.ladder.search.terms import bands, terms
from deskc.ladder.settings import Settings

__all__ = ["Exhausted", "Objective"]

Floats = NDArray[np.float64]

_PENALTY = 100.0  # a percent of the budget over HC5's bounds weighs as much as 1 of J
_SMALL = 0.01  # of that for HC2, which is in logarithms


class Exhausted(Exception):  # noqa: N818 - it ends a peer that has no limit of its own, nothing is wrong
    """All evaluations are spent."""


class _Decoder(NamedTuple):
    """The band of each ratio, HC4's bound and the zones of W."""

    low: Floats
    high: Floats
    cap: float
    strong: float
    weak: float


@njit()
def _ratios(point: Floats, decoder: _Decoder) -> Floats:
    """Return m_k = lo + u (hi - lo), where lo and hi keep the band and the slope cap."""
    found = np.empty(point.size)
    for place in range(point.size):
        low, high = decoder.low[place], decoder.high[place]
        if place > 0:
            low, high = max(low, found[place - 1] - decoder.cap), min(high, found[place - 1] + decoder.cap)
        found[place] = low + point[place] * (high - low)
    return found


@njit()
def _judged(point: Floats, decoder: _Decoder, numbers: Terms) -> float:
    """Return J and the penalty of a point."""
    ratios = _ratios(point, decoder)
    alike = mixed = 0
    for place in range(1, ratios.size):
        one, other = ratios[place - 1], ratios[place]
        if (one >= decoder.strong and other >= decoder.strong) or (one <= decoder.weak and other <= decoder.weak):
            alike += 1
        elif (one >= decoder.strong and other <= decoder.weak) or (one <= decoder.weak and other >= decoder.strong):
            mixed += 1
    kept = masses(numbers, ratios, shares(ratios)[0])[0]
    broken = -np.minimum(kept[:3], 0.0).sum() - _SMALL * np.minimum(kept[3:], 0.0).sum()
    wave = max(0.0, 0.2 * alike - 0.1 * mixed)
    value: float = equalised(numbers, ratios)[0] + numbers.lambda_ * wave + _PENALTY * broken
    return value + (1.0 if broken > 0 else 0.0)


class Objective:
    """The number of a point, at most `most` times; the best point seen stays in `best`."""

    def __init__(self, settings: Settings, most: int) -> None:
        generation = settings.generation
        low, high = (np.array(ends, dtype=np.float64) for ends in zip(*bands(settings), strict=True))
        self._decoder = _Decoder(low, high, settings.constraints.slope_cap, generation.strong, generation.weak)
        self._terms, self._most = terms(settings), most
        self.calls, self.size = 0, low.size
        self.value, self.best = np.inf, np.full(low.size, 0.5)

    def __call__(self, point: object) -> float:
        """Return the number; raise Exhausted once all evaluations are spent."""
        if self.calls >= self._most:
            raise Exhausted
        self.calls += 1
        inside = np.clip(np.asarray(point, dtype=np.float64), 0, 1)
        value = float(_judged(inside, self._decoder, self._terms))
        if value < self.value:
            self.value, self.best = value, inside
        return value

    @property
    def left(self) -> int:
        """Return how many evaluations are left."""
        return self._most - self.calls

    def ratios(self) -> Floats:
        """Return the ratios of the best point."""
        found: Floats = _ratios(self.best, self._decoder)
        return found
