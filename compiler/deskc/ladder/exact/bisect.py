"""The largest max need that is proven out of reach, by bisection over linear programmes (LADDER 6, first bullet)."""

import math
from dataclasses import replace
from typing import NamedTuple

from deskc.ladder.exact.branch import look
from deskc.ladder.exact.descend import even_growth, kept
from deskc.ladder.exact.problem import Floats, Problem
from deskc.ladder.exact.programme import joined, least_excess
from deskc.ladder.exact.rows import box_of, needs, others, tangents_at

__all__ = ["Relaxed", "proven_below", "relaxed"]

_MOST = 60  # programmes until the optimum stands still; a handful is usual
_NARROWEST, _WIDEST = -13, 0  # powers of ten between which the relative distance of a proof is looked for
_HALVINGS = 6


class Relaxed(NamedTuple):
    """The best volumes where HC4 is left out, shape (N,) in percent, their max need and a proven bound on it."""

    volumes: Floats
    max_need_pct: float
    lower_bound_pct: float


def relaxed(problem: Problem) -> Relaxed | None:
    """Return the global optimum without HC4, None where no volumes keep the other bounds or the solver fails.

    Each programme lowers the target to the max need of its answer, the limit of bisection, until no answer is better.
    """
    free = replace(problem, slope_cap=math.inf)
    scale, tangents = even_growth(free), tuple(() for _ in range(problem.count - 2))
    rows = others(free, box_of(free), tangents, scale)
    answer = least_excess(rows, scale)
    if answer is None or not kept(free, answer.volumes):
        return None
    best = answer.volumes
    for _ in range(_MOST):
        target = free.max_need(best)
        answer = least_excess(joined(needs(free, target, best), others(free, box_of(free), tangents, best)), best)
        if answer is None or not (kept(free, answer.volumes) and free.max_need(answer.volumes) < target):
            break
        best = answer.volumes
    upper = free.max_need(best)
    return Relaxed(best, upper, proven_below(free, best, upper))


def proven_below(problem: Problem, scale: Floats, upper: float) -> float:
    """Return a max need in percent below `upper` that no volumes reach: proven by one weighted sum of rows each.

    Without HC4 it is the optimum but for rounding; with HC4 it is what the envelopes at the root say. At the least it
    is need_1, which is the same for all.
    """
    floor = problem.least_need
    if upper <= floor:
        return upper
    distances = range(_NARROWEST, _WIDEST)
    far = next((one for one in distances if _proves(problem, scale, _below(floor, upper, one))), None)
    if far is None:
        return floor
    good, bad = float(far), float(far - 1)
    for _ in range(_HALVINGS):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if _proves(problem, scale, _below(floor, upper, middle)) else (good, middle)
    return _below(floor, upper, good)


def _below(floor: float, upper: float, distance: float) -> float:
    """Return the target that lies a power of ten of the way from upper to floor."""
    return floor + (upper - floor) * (1 - 10**distance)


def _proves(problem: Problem, scale: Floats, target: float) -> bool:
    """Say whether one weighted sum of rows proves that no volumes reach the target, in percent."""
    if not target > max(problem.least_need, 0):
        return False
    return look(problem, box_of(problem), target, tangents=tangents_at(scale), scale=scale).empty
