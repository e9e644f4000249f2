"""The certificate of max need: the best ladder, a bound that no ladder is below, and the gap between them."""

import math
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

import numpy as np

from deskc.ladder.constraints import judge
from deskc.ladder.exact.bisect import proven_below
from deskc.ladder.exact.branch import explore
from deskc.ladder.exact.conflict import Conflict, conflict, short_of_room
from deskc.ladder.exact.descend import descend, even_growth, kept
from deskc.ladder.exact.problem import Floats, Problem, left_out, problem_of
from deskc.ladder.exact.wave import waves
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings

__all__ = ["Certificate", "Undecided", "certify"]

_BEYOND = ("HC6", "HC7")
_WIDER = 10.0
_SAME = 1e-9  # percent; a max need so near need_1 leaves nothing to prove


class Certificate(NamedTuple):
    """A ladder and what is proven of its max need, both in percent.

    No ladder at these indents that keeps the enforced bounds of HC0 to HC5 needs less than `lower_bound_pct`; that is
    proven, but for a ladder that uses a judge's tolerance instead of the bound. `gap` is relative to `max_need_pct`.
    `ladder`, `max_need_pct` and `gap` are None where no ladder was found that keeps all enforced constraints.
    `unproven` names the enforced constraints that the bound leaves out.
    """

    ladder: Ladder | None
    max_need_pct: float | None
    lower_bound_pct: float
    gap: float | None
    indents_pct: tuple[float, ...]
    unproven: tuple[str, ...]
    nodes: int


class Undecided(NamedTuple):
    """Neither a ladder nor a proof that there is none was found."""

    nodes: int


def certify(
    settings: Settings,
    *,
    indents: tuple[float, ...] | None = None,
    gap: float = 1e-6,
    candidates: Iterable[Ladder] = (),
) -> Certificate | Conflict | Undecided:
    """Return the least max need at these indents, equal steps if None, proven to the relative gap, LADDER 6.

    Candidates are ladders found elsewhere; those at these indents that keep what is enforced may become the best.
    Raise ValueError for a gap that is not above zero and for settings that `problem_of` refuses.
    """
    if not (math.isfinite(gap) and gap > 0):
        raise ValueError(f"a gap of {gap:g} cannot be proven; it is above 0")
    problem = problem_of(settings, indents=indents, without=left_out(settings))
    tight = short_of_room(settings)
    if tight is not None:
        return tight
    known = [np.array(one.volumes) for one in candidates if _stands(one, problem)]
    hopeless = explore(problem, None, gap=1, first=True, most_nodes=1).closed
    start = None if hopeless else _start(problem, known)
    if start is None:
        found = explore(problem, None, gap=1, first=True)
        if found.volumes is None:
            return conflict(settings) or Undecided(found.nodes)
        start = descend(problem, found.volumes)
        start = found.volumes if start is None else start
    best, bound, nodes = _bounded(problem, start, gap)
    unproven = tuple(code for code in _BEYOND if code in settings.constraints.enforce)
    kept_all = _best(problem, [best, *known], unproven=unproven)
    return _certificate(problem, kept_all, bound, unproven=unproven, nodes=nodes)


def _stands(candidate: Ladder, problem: Problem) -> bool:
    """Say whether a candidate is a ladder at the problem's indents."""
    at = candidate.indents
    return len(at) == problem.count == len(candidate.volumes) and np.allclose(at, problem.indents, rtol=0, atol=1e-9)


def _start(problem: Problem, known: list[Floats]) -> Floats | None:
    """Return a ladder that keeps HC0 to HC5, as good as going down leads."""
    found = [descend(problem, even_growth(problem)), *(one for one in known if kept(problem, one))]
    return min((one for one in found if one is not None), key=problem.max_need, default=None)


def _bounded(problem: Problem, start: Floats, gap: float) -> tuple[Floats, float, int]:
    """Return the best ladder, a proven bound on max need, and how many boxes it took.

    Where the gap asked for does not close, the next wider one is tried, and at last the root alone.
    """
    best, nodes, wider = start, 0, gap
    if problem.max_need(start) <= problem.least_need + _SAME:
        return best, problem.least_need, nodes
    while wider < 1:
        found = explore(problem, best, gap=wider * (1 - 1e-3))
        best, nodes = best if found.volumes is None else found.volumes, nodes + found.nodes
        if found.closed and found.target is not None:
            return best, max(found.target, problem.least_need), nodes
        wider *= _WIDER
    return best, proven_below(problem, best, problem.max_need(best)), nodes


def _best(problem: Problem, known: list[Floats], *, unproven: tuple[str, ...]) -> Floats | None:
    """Return the best volumes that break no enforced constraint."""
    passing = [one for one in known if _passes(problem, one)]
    if unproven and not _passes(problem, known[0]):
        tried = chain(waves(problem, known[0]), waves(problem, even_growth(problem)))
        passing += [one for one in tried if _passes(problem, one)]
    return min(passing, key=problem.max_need, default=None)


def _passes(problem: Problem, volumes: Floats) -> bool:
    enforced = {"HC0", *problem.settings.constraints.enforce}
    return not any(one.code in enforced for one in judge(problem.ladder(volumes), problem.settings))


def _certificate(
    problem: Problem, volumes: Floats | None, bound: float, *, unproven: tuple[str, ...], nodes: int
) -> Certificate:
    if volumes is None:
        return Certificate(None, None, bound, None, problem.indents, unproven, nodes)
    need = problem.max_need(volumes)
    gap = max(0.0, need - bound) / (abs(need) or 1)
    return Certificate(problem.ladder(volumes), need, bound, gap, problem.indents, unproven, nodes)
