"""Branch and bound over the ratios r_k: HC4's envelopes close as boxes shrink, and every closed box is proven empty."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from deskc.ladder.exact.descend import TOUCH, descend, even_growth, kept
from deskc.ladder.exact.problem import Floats, Problem
from deskc.ladder.exact.programme import Answer, joined, least_excess, proven_empty
from deskc.ladder.exact.rows import Box, Rows, Tangents, box_of, narrowed, needs, others, tangents_at

__all__ = ["Explored", "Looked", "explore", "look"]

MOST_NODES = 400
_EDGE = 0.1  # a box is cut no nearer to its edge than this share of its width
_FARTHEST = 1e3  # a ratio beyond which a box without an upper bound is cut no more
_ROUNDS = 30  # of new tangents in one box


class Explored(NamedTuple):
    """The best volumes found, shape (N,) in percent, None where there are none, and whether all boxes were closed.

    Closed means proven: no volumes keep the bounds with a max need of `target` percent; of any, where that is None.
    """

    volumes: Floats | None
    target: float | None
    closed: bool
    nodes: int


class Looked(NamedTuple):
    """What one box says: whether it is proven empty, else what breaks its rows least, None where the solver failed.

    `tangents` are those it was given and those that its answer asked for.
    """

    empty: bool
    answer: Answer | None
    tangents: Tangents


def explore(
    problem: Problem, start: Floats | None, *, gap: float, first: bool = False, most_nodes: int = MOST_NODES
) -> Explored:
    """Search all volumes for a max need below that of `start`, which keeps the bounds, by more than the relative gap.

    `start` None searches for any ladder at all; `first` stops at the first that is found.
    """
    best, target = start, _target(problem, start, gap)
    stack, nodes = [box_of(problem)], 0
    scale = even_growth(problem) if start is None else start
    tangents = tangents_at(scale)
    while stack and nodes < most_nodes:
        box, nodes = stack.pop(), nodes + 1
        empty, answer, tangents = look(problem, box, target, tangents=tangents, scale=scale)
        if empty:
            continue
        found = _ladder(problem, answer, best)
        if found is not None:
            best, target, scale = found, _target(problem, found, gap), found
            if first:
                break
            stack.append(box)
            continue
        parts = tuple(_halves(box, answer, problem.slope_cap))
        stack.extend(parts or (box,))
        if not parts:
            break
    return Explored(best, target, closed=not stack and not (first and best is not None), nodes=nodes)


def _target(problem: Problem, volumes: Floats | None, gap: float) -> float | None:
    """Return the max need that must be ruled out for the gap to close, None before there is a ladder."""
    return None if volumes is None else problem.max_need(volumes) * (1 - gap)


def look(problem: Problem, box: Box, target: float | None, *, tangents: Tangents, scale: Floats) -> Looked:
    """Ask a box for volumes of at most this max need in percent, of any where it is None."""
    if box.empty:
        return Looked(empty=True, answer=None, tangents=tangents)
    answer = None
    for _ in range(_ROUNDS):
        rows = _rows(problem, box, target, tangents=tangents, scale=scale)
        answer = least_excess(rows, scale)
        if answer is None:
            break
        if answer.excess > 0:
            return Looked(_proven(problem, rows, answer, scale), answer, tangents)
        more = _missing(problem, answer.volumes, tangents)
        if more == tangents:
            break
        tangents = more
    return Looked(empty=False, answer=answer, tangents=tangents)


def _proven(problem: Problem, rows: Rows, answer: Answer, scale: Floats) -> bool:
    """Say whether the answer's weights prove the rows empty, or those of the evenly scaled programme."""
    skipped = int(rows.aim.sum())
    ratio_rows = range(skipped, skipped + problem.count - 1)
    if proven_empty(rows, answer.weights, ratio_rows):
        return True
    again = least_excess(rows, scale, even=True)
    return again is not None and proven_empty(rows, again.weights, ratio_rows)


def _rows(problem: Problem, box: Box, target: float | None, *, tangents: Tangents, scale: Floats) -> Rows:
    rows = others(problem, box, tangents, scale)
    return rows if target is None else joined(needs(problem, target, scale), rows)


def _missing(problem: Problem, volumes: Floats, tangents: Tangents) -> Tangents:
    """Add the tangents that cut off volumes whose ratio falls by more than the slope cap."""
    if not (volumes > 0).all():
        return tangents
    ratios = volumes[1:] / volumes[:-1]
    steep = np.diff(ratios) < -problem.slope_cap - TOUCH
    return tuple(
        (*places, float(ratio)) if is_steep else places
        for places, ratio, is_steep in zip(tangents, ratios[:-1], steep, strict=True)
    )


def _ladder(problem: Problem, answer: Answer | None, best: Floats | None) -> Floats | None:
    """Return a ladder better than the best, found from what an open box answered."""
    if answer is None or not (answer.volumes > 0).all():
        return None
    volumes = answer.volumes
    if best is None:
        return descend(problem, volumes, aim=False)
    if not kept(problem, volumes):
        return None
    found = descend(problem, volumes)
    found = volumes if found is None else min((found, volumes), key=problem.max_need)
    return found if problem.max_need(found) < problem.max_need(best) else None


def _halves(box: Box, answer: Answer | None, cap: float) -> Iterator[Box]:
    """Yield two parts of a box, cut where the answer breaks HC4 most; none where it is too small to be cut."""
    width = box.high - box.low
    place, at = int(np.argmax(width[:-1])) if len(width) > 1 else 0, None
    if answer is not None and (answer.volumes > 0).all():
        ratios = answer.volumes[1:] / answer.volumes[:-1]
        over = np.where(width[:-1] > TOUCH, np.diff(ratios) - cap, -np.inf)
        if over.max(initial=-np.inf) > 0:
            place = int(np.argmax(over))
            at = ratios[place]
    low, high = box.low[place], box.high[place]
    if not high - low > TOUCH or low > _FARTHEST:
        return
    if at is None:
        at = (low + high) / 2 if np.isfinite(high) else 2 * low + 1
    edge = _EDGE * min(high - low, 1)
    at = min(max(at, low + edge), high - edge)
    for bound, ends in (("high", box.high), ("low", box.low)):
        moved = ends.copy()
        moved[place] = at
        yield narrowed(box._replace(**{bound: moved}), cap)
