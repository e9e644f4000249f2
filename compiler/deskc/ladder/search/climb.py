"""One run of CMA-ES over the unit cube, from first points to its end: the library's strategy with our randomness."""

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from deskc.ladder.parameters import Floats

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # cma warns where matplotlib is absent, which it needs for pictures alone
    import cma

__all__ = ["TOLD", "Climb"]

TOLD = 6_000
"""After so many values a run ends, so that what must be remembered of it is bounded."""

_OUTSIDE = 1e-3  # what a squared distance from the cube costs: the nearest point of the cube is worth no less
_ALIKE = 1e-6  # values closer than that, generation after generation, end a run
_FEWEST = 2  # dimensions that the library takes


class Climb:
    """Points of [0, 1]^d, generation by generation; low values attract, and only their order counts.

    Equal first points, generators and values give equal points. The first generation is `first`, its best point the
    middle of the next, or its only one.
    """

    def __init__(self, first: Floats, rng: Generator, *, width: float, population: int) -> None:
        """Begin with points (n, d); `width` is the first standard deviation."""
        self._rng, self._width, self._population = rng, width, population
        self._dimensions = first.shape[1]
        self._waiting = first if self._dimensions >= _FEWEST else np.pad(first, ((0, 0), (0, 1)))
        self._values: list[float] = []
        self._strategy: Any = None
        self._told = 0

    @property
    def ended(self) -> bool:
        """Say whether the run has converged, stagnates or has been told all that it may remember."""
        return self._told >= TOLD or (self._strategy is not None and not self._values and bool(self._strategy.stop()))

    def points(self, count: int) -> Floats:
        """Return the next points of the generation, `count` of them or as many as it has left."""
        begin = len(self._values)
        return np.asarray(np.clip(self._waiting[begin : begin + count, : self._dimensions], 0.0, 1.0))

    def tell(self, values: Sequence[float]) -> None:
        """Take the values of the points returned last; when the generation is whole, learn and draw the next."""
        self._values += values
        self._told += len(values)
        if len(self._values) < len(self._waiting):
            return
        outside = self._waiting - np.clip(self._waiting, 0.0, 1.0)
        worth = np.array(self._values) + _OUTSIDE * (outside * outside).sum(axis=1)
        if self._strategy is None:
            self._strategy = self._begun(self._waiting[int(np.argmin(worth))])
        else:
            self._strategy.tell(list(self._waiting), worth.tolist())
        self._waiting, self._values = np.array(self._strategy.ask()), []

    def _begun(self, middle: Floats) -> Any:  # noqa: ANN401 - the library has no types
        options = {
            "popsize": self._population,
            "randn": lambda *shape: self._rng.standard_normal(shape),
            "tolfun": _ALIKE,
            "tolfunhist": _ALIKE,
            "seed": math.nan,  # the library leaves numpy's own generator alone
            "verbose": -9,
        }
        return cma.CMAEvolutionStrategy(middle, self._width, options)
