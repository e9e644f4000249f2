"""The mode `exhaustive`: a grid over overlap and number of orders, each cell searched by zones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, product
from typing import Any, Self

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.score import ceiling
from deskc.ladder.search.search import Candidates
from deskc.ladder.search.zones import optimum
from deskc.ladder.settings import Settings

__all__ = ["Cell", "Grid", "lower_bound"]

_HALVINGS = 60
_BANDS = {"HC1", "HC3", "HC4"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One overlap in percent and one number of orders; all else is the settings'."""

    overlap_pct: float
    num_orders: int
    seed: int

    def work(self, settings: Settings) -> Candidates:
        """Return the best ladder of the cell, none where there is none."""
        found: Candidates = optimum(self.of(settings), seed=self.seed)
        return found

    def lower_bound(self, settings: Settings) -> float:
        """Return what J of no ladder in the cell lies below."""
        return lower_bound(self.of(settings))

    def of(self, settings: Settings) -> Settings:
        """Return the settings with the cell's overlap and number of orders."""
        core = replace(settings.core, overlap_pct=self.overlap_pct, num_orders=self.num_orders)
        return replace(settings, core=core)


class Grid:
    """A search that goes through the cells once, the most promising first."""

    def __init__(
        self, settings: Settings, seed: int, *, overlaps: Sequence[float] = (), orders: Sequence[int] = ()
    ) -> None:
        cells = [
            Cell(float(overlap), count, seed)
            for overlap, count in product(
                overlaps or (settings.core.overlap_pct,), orders or (settings.core.num_orders,)
            )
        ]
        if any(cell.num_orders < 2 for cell in cells):  # noqa: PLR2004 - the fewest orders a ladder has
            msg = "a ladder has 2 orders or more"
            raise ValueError(msg)
        self._cells = sorted(
            set(cells), key=lambda cell: (cell.lower_bound(settings), cell.overlap_pct, cell.num_orders)
        )

    @classmethod
    def restored(cls, settings: Settings, state: Mapping[str, Any]) -> Self:
        """Return the search with this state; raise KeyError, TypeError or ValueError where it is none."""
        search = cls(settings, 0)
        search._cells = [Cell(float(overlap), int(count), int(seed)) for overlap, count, seed in state["left"]]
        return search

    def ask(self, count: int) -> Sequence[Cell]:
        """Return the next `count` cells; a cell counts as one candidate."""
        asked, self._cells = self._cells[:count], self._cells[count:]
        return asked

    def tell(self, found: Sequence[Candidates]) -> None:
        """Learn nothing: what one cell holds says nothing certain of another."""

    def state(self) -> dict[str, Json]:
        """Return the cells that are left."""
        left: list[Json] = [[cell.overlap_pct, cell.num_orders, cell.seed] for cell in self._cells]
        return {"left": left}


def lower_bound(settings: Settings) -> float:
    """Return a number that J of no ladder with these settings lies below; minus infinity where no argument holds.

    J is at least α · max need + γ (1 - T) where no weight is negative. Both gain from steeper volumes: raising a ratio
    lowers every ρ_k = V_{k-1}/V_k and raises T. So where HC1, HC3 and HC4 are enforced, the ladder that grows as fast
    as they let it, with free prices (LADDER 6, third bullet), needs no more than any, and has the largest tail.
    """
    weights, core = settings.scoring, settings.core
    positive = min(weights.alpha, weights.beta, weights.gamma, weights.lambda_, *settings.penalties.weights) >= 0
    if not positive or not _BANDS.issubset(settings.constraints.enforce):
        return -np.inf
    volumes = _steepest(settings)
    held = list(accumulate(volumes))
    tail = sum(volumes[4 * core.num_orders // 5 :]) / held[-1]
    need = _equal_need(settings, [before / after for before, after in pairwise(held)])
    return weights.alpha * need + weights.gamma * (1 - tail)


def _steepest(settings: Settings) -> list[float]:
    """Return volumes that grow as fast as HC1, HC3 and HC4 let them."""
    bounds, orders = settings.constraints, settings.core.num_orders
    ratios = [min(bounds.m2_max, bounds.c2 - 1)]
    for cap in ceiling(orders, bounds):
        ratios.append(min(cap, ratios[-1] + bounds.slope_cap))
    return list(accumulate(ratios, lambda volume, ratio: volume * (1 + ratio), initial=1.0))


def _equal_need(settings: Settings, left: Sequence[float]) -> float:
    """Return the max need in percent at equal needs, rounded down: LADDER 6's product falls, for short rises, in τ."""
    core, sign = settings.core, settings.core.sign
    last, first = core.overlap_pct, settings.generation.first_indent_pct
    fall = (1 - sign * last / 100) / (1 - sign * first / 100)
    low, high = 0.0, min(left) if sign < 0 and core.sizing == "base" else 1.0 if sign < 0 else 1e6
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = _product(sign * middle, left, quote=core.sizing == "quote")
        if sign * (reached - fall) > 0:
            low = middle
        else:
            high = middle
    return max(100 * sign * (core.gain * (1 + sign * low) - 1), 100 * sign * (core.gain - 1))


def _product(move: float, left: Sequence[float], *, quote: bool) -> float:
    """Return p_N/p_1 where all needs from the second order on are the same; 0 where a price would be negative."""
    found = 1 / (1 + move) if move > -1 else np.inf
    for part in left:
        factor = (1 + move) - move / part if quote else (1 + move) * part / (move + part) if move > -part else np.inf
        if factor <= 0:
            return 0.0
        found *= factor
    return found
