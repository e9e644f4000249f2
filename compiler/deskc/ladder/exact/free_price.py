"""The best prices for given volumes: equal needs in closed form, a linear programme where steps would be too small.

LADDER 6, third bullet.
"""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from deskc.ladder.constraints import TOLERANCE
from deskc.ladder.exact.problem import Floats
from deskc.ladder.model import Ladder, needs
from deskc.ladder.settings import Core, Settings

__all__ = ["FreePrices", "free_prices"]

_MOST = 60  # programmes; a handful is usual
_STILL = 1e-12
_OPTIMAL = 0


class FreePrices(NamedTuple):
    """The ladder of given volumes at its best prices and its max need; `equal` says that need_2 … need_N are one."""

    ladder: Ladder
    max_need_pct: float
    equal: bool


def free_prices(volumes: Sequence[float], settings: Settings) -> FreePrices:
    """Place orders of these volumes between first indent and overlap so that max need is least, LADDER 6.

    Raise ValueError where there are fewer than two volumes or one is not above zero, where a price is not, and where
    the reach is too small for the steps.
    """
    core, first = settings.core, settings.generation.first_indent_pct
    _refuse(volumes, settings)
    indents = _equal_needs(tuple(volumes), core, first)
    least = settings.generation.min_indent_step_pct
    equal = all(after - before >= least - TOLERANCE / 2 for before, after in pairwise(indents))
    if not equal:
        indents = _programmed(np.array(volumes, dtype=float), settings)
    ladder = Ladder(tuple(map(float, volumes)), indents)
    return FreePrices(ladder, max(needs(ladder, core)), equal)


def _refuse(volumes: Sequence[float], settings: Settings) -> None:
    first, last = settings.generation.first_indent_pct, settings.core.overlap_pct
    least, s = settings.generation.min_indent_step_pct, settings.core.sign
    if len(volumes) < 2:  # noqa: PLR2004 - a ladder has two orders or more
        raise ValueError(f"a ladder of {len(volumes)} orders is none; it has 2 or more")
    if not all(math.isfinite(volume) and volume > 0 for volume in volumes):
        raise ValueError("a volume is not above 0")
    if not (math.isfinite(first) and math.isfinite(last) and min(100 - s * first, 100 - s * last) > 0):
        raise ValueError(f"first_indent_pct {first:g} and overlap_pct {last:g} give no prices above 0")
    if not last - first >= max((len(volumes) - 1) * least - TOLERANCE, 0):
        raise ValueError(f"overlap_pct {last:g} leaves no room for {len(volumes)} orders {least:g} % apart")


def _equal_needs(volumes: tuple[float, ...], core: Core, first: float) -> tuple[float, ...]:
    """Return the indents at which the needs of orders 2 … N are one: with τ where the last price is the overlap's."""
    s, whole = core.sign, tuple(accumulate(volumes))
    shares = tuple(before / after for before, after in pairwise(whole))
    start, end = 1 - s * first / 100, 1 - s * core.overlap_pct / 100
    factors = _base if core.sizing == "base" else _quote
    sought = math.log(end / start)

    def lacks(move: float) -> float:
        """Say how far the last price is from the overlap's, above zero where τ is too small."""
        found = factors(shares, s * move)
        return s * (math.fsum(map(math.log, found)) - sought) if min(found) > 0 else -math.inf

    falls = accumulate(factors(shares, s * _root(lacks, _largest(shares, core))), lambda price, factor: price * factor)
    prices = [start * fall for fall in falls]
    return (first, *(s * 100 * (1 - price) for price in prices[:-1]), core.overlap_pct)


def _base(shares: tuple[float, ...], move: float) -> list[float]:
    """Return p_k/p_{k-1} for k = 2 … N in base sizing; `move` is sτ and the shares are ρ_k."""
    return [(1 + move if order else 1.0) * share / (move + share) for order, share in enumerate(shares)]


def _quote(shares: tuple[float, ...], move: float) -> list[float]:
    """Return p_k/p_{k-1} for k = 2 … N in quote sizing."""
    return [(1 + move - move / share) / (1.0 if order else 1 + move) for order, share in enumerate(shares)]


def _largest(shares: tuple[float, ...], core: Core) -> float:
    """Return a τ at or beyond which no price is left."""
    if core.sizing == "base":
        return min(shares) if core.side == "short" else math.inf
    return 1.0 if core.side == "short" else min(share / (1 - share) for share in shares)


def _root(lacks: Callable[[float], float], end: float) -> float:
    """Return the largest float τ below the end where `lacks`, which falls, is not below zero."""
    low, high = 0.0, min(end, 1.0)
    while math.isinf(end) and lacks(high) > 0:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if lacks(middle) >= 0 else (low, middle)
    return low


def _programmed(volumes: Floats, settings: Settings) -> tuple[float, ...]:
    """Return the best indents whose steps keep the minimum: programmes in p, or for quote sizing in 1/p, LADDER 6."""
    core, count = settings.core, len(volumes)
    s, first = core.sign, settings.generation.first_indent_pct
    best = np.linspace(first, core.overlap_pct, count)
    past: list[Floats] = []
    for _ in range(_MOST):
        target = _max_need(volumes, best, core)
        at = 1 - s * best / 100
        past = [*past, at]
        found = _solve(volumes, at, past, settings, 1 + s * target / 100)
        if found is None:
            break
        better = _spread(s * 100 * (1 - found), settings)
        if not _max_need(volumes, better, core) < target - _STILL * abs(target):
            break
        best = better
    return tuple(best.tolist())


def _max_need(volumes: Floats, indents: Floats, core: Core) -> float:
    return max(needs(Ladder(tuple(volumes.tolist()), tuple(indents.tolist())), core))


def _spread(indents: Floats, settings: Settings) -> Floats:
    """Move orders apart by what the solver's tolerance left them too near; both ends stay where settings put them."""
    first, last, least = settings.generation.first_indent_pct, settings.core.overlap_pct, 0.0
    least = settings.generation.min_indent_step_pct
    apart = np.arange(len(indents)) * least
    inner = np.maximum.accumulate(np.append(first, indents[1:-1]) - apart[:-1])
    spread = np.append(np.minimum(inner, last - apart[-1]) + apart[:-1], last)
    spread[0] = first
    return spread


def _solve(volumes: Floats, at: Floats, past: list[Floats], settings: Settings, move: float) -> Floats | None:
    """Return the prices that lower the largest need most at this target; `at` are prices that keep all steps.

    In base sizing every row is linear in p. In quote sizing the needs are linear in q = 1/p, and a step of δ is
    q_near <= q_far/(1 + δ q_far), whose right side is concave: tangents at all prices so far bound it.
    """
    core, count, whole = settings.core, len(volumes), np.cumsum(volumes)
    s, delta = core.sign, settings.generation.min_indent_step_pct / 100
    base = core.sizing == "base"
    here = at if base else 1 / at
    lower = np.tril(np.broadcast_to(volumes, (count, count)))
    earned, spent = (lower, np.diag(whole)) if base else (np.diag(whole), lower)
    rows = s * (core.gain * earned - move * spent)
    rows = np.column_stack([rows / (whole * here)[:, None], -np.ones(count)])
    limits = [np.zeros(count)]
    blocks = [rows]
    for prices in [at] if base else past:
        block, limit = _steps(prices, s, delta, base=base)
        blocks.append(np.column_stack([block, np.zeros(count - 1)]))
        limits.append(limit)
    ends: list[tuple[float | None, float | None]] = [(None, None)] * (count + 1)
    ends[0], ends[count - 1] = (here[0], here[0]), (here[-1], here[-1])
    found = linprog(
        np.append(np.zeros(count), 1.0),
        A_ub=np.vstack(blocks),
        b_ub=np.concatenate(limits),
        bounds=ends,
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status != _OPTIMAL or not (found.x[:count] > 0).all():
        return None
    return np.asarray(found.x[:count] if base else 1 / found.x[:count])


def _steps(prices: Floats, s: int, delta: float, *, base: bool) -> tuple[Floats, Floats]:
    """Return rows and limits for the steps of at least `delta` between neighbouring prices."""
    count = len(prices)
    before, after = np.eye(count)[:-1], np.eye(count)[1:]
    if base:
        return s * (after - before), np.full(count - 1, -delta)
    near, far = (before, after) if s > 0 else (after, before)
    place = far @ (1 / prices)
    slope = 1 / (1 + delta * place) ** 2
    return near - slope[:, None] * far, place / (1 + delta * place) - slope * place
