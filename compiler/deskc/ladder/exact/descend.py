"""From any volumes down to a ladder that no small change improves: HC4 kept by its tangent, once a programme."""

import numpy as np

from deskc.ladder.exact.problem import Floats, Problem
from deskc.ladder.exact.programme import joined, least_excess
from deskc.ladder.exact.rows import box_of, needs, others, rising

__all__ = ["TOUCH", "descend", "even_growth", "kept"]

TOUCH = 5e-10
"""How far over a bound a ladder may lie that is called kept: half of what judges tolerate."""

_MOST, _MOST_TO_FIRST = 60, 15  # programmes; a dozen is usual, and two or three to a first ladder
_REMEMBERED = 4  # of the last ladders' tangents
_STILL = 1e-10  # a relative change of max need that is none


def even_growth(problem: Problem) -> Floats:
    """Return volumes of shape (N,) that sum to 100 and grow by one ratio as far as the bounds of each ratio allow."""
    box = box_of(problem)
    ratios = np.clip(1.3, box.low, box.high)
    volumes = np.cumprod(np.append(1.0, ratios))
    return np.asarray(volumes * (100 / volumes.sum()))


def kept(problem: Problem, volumes: Floats, *, touch: float = TOUCH) -> bool:
    """Say whether volumes above zero keep HC0 to HC5 within `touch`."""
    if not (np.isfinite(volumes) & (volumes > 0)).all():
        return False
    ratios, part, cap = volumes[1:] / volumes[:-1], problem.quarter, problem.slope_cap
    return bool(
        (ratios >= problem.low - touch).all()
        and (ratios <= problem.high + touch).all()
        and (np.abs(np.diff(ratios)) <= cap + touch).all()
        and (np.diff(volumes) >= 100 * problem.growth - touch).all()
        and volumes[0] >= 100 * problem.first - touch
        and volumes[:part].sum() <= 100 * problem.head + touch
        and volumes[-part:].sum() >= 100 * problem.tail - touch
        and volumes[-1] <= 100 * problem.last + touch
    )


def descend(problem: Problem, start: Floats, *, aim: bool = True) -> Floats | None:
    """Return volumes that keep all bounds and whose max need is a local minimum; None where the way leads to none.

    The convex-concave procedure: each programme takes r² from above by its tangent at the last ladder, which keeps
    HC4, and from below by the tangents at the last few. Without `aim` it stops at the first ladder that keeps all.
    """
    box, best, volumes = box_of(problem), None, start
    past: list[Floats] = []
    for _ in range(_MOST if aim else _MOST_TO_FIRST):
        ratios = volumes[1:] / volumes[:-1]
        past = [*past[1 - _REMEMBERED :], ratios]
        tangents = tuple(zip(*(map(float, one[:-1]) for one in past), strict=True))
        rows = joined(others(problem, box, tangents, volumes), rising(problem, ratios, volumes))
        target = problem.max_need(volumes)
        answer = least_excess(joined(needs(problem, target, volumes), rows) if aim and target > 0 else rows, volumes)
        if answer is None or not (answer.volumes > 0).all():
            break
        volumes = answer.volumes
        if kept(problem, volumes):
            if best is None or problem.max_need(volumes) < problem.max_need(best):
                best = volumes
            if not aim or abs(problem.max_need(volumes) - target) <= _STILL * abs(target):
                break
    return best
