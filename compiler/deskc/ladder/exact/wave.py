"""Good ladders under HC6 and HC7: patterns of rising and falling ratios, each improved by small linear programmes.

Nothing here is proven. HC6 and HC7 are not convex, so a pattern fixes where the ratios turn and where they must move;
then all but the deviation is smooth, and the deviation, which is convex, is held by its tangent.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from deskc.ladder.exact.problem import Floats, Problem
from deskc.ladder.exact.rows import box_of

__all__ = ["Pattern", "patterns", "waves"]

_SMALLEST = 7  # orders from which HC7 is asked for
_INSIDE = 1e-9  # how far inside a bound a ladder is led, so that rounding breaks none
_MOST = 25  # programmes a pattern
_REACH, _NARROWEST = 0.3, 1e-5  # the widest first step of a ratio, and the narrowest
_PENALTY = 100.0  # max need in percent for a unit of broken bounds
_OPTIMAL = 0


class Pattern(NamedTuple):
    """The least and the largest Δm_3 … Δm_N, shape (N - 2,) each."""

    low: Floats
    high: Floats


class _State(NamedTuple):
    """Ratios r_2 … r_N, what they score, and how everything changes with them."""

    ratios: Floats
    merit: float
    broken: float
    needs: Floats
    by_need: Floats
    bounds: Floats
    by_bound: Floats


def patterns(problem: Problem) -> Iterator[Pattern]:
    """Yield patterns that keep HC6 and the turns of HC7: a zigzag somewhere, and a move in every run of flat slopes."""
    limits, slopes = problem.settings.constraints, problem.count - 2
    turning = problem.count >= _SMALLEST and limits.wave_turns_min > 0
    long = limits.wave_turns_min + 1 if turning else 1
    apart = limits.max_plateau + 1
    for place in range(max(slopes - long + 1, 1)):
        for sign in (1, -1):
            for alternate in (1, -1):
                signs = np.zeros(slopes)
                for step in range(long if slopes >= long else 0):
                    signs[place + step] = sign * (-1) ** step
                sizes = np.where(signs != 0, limits.wave_turn_min if turning else limits.flat, 0.0)
                side = sign
                for at in (*range(place - apart, -1, -apart), *range(place + long - 1 + apart, slopes, apart)):
                    signs[at], sizes[at], side = side, limits.flat, side * alternate
                cap = problem.slope_cap
                yield Pattern(np.where(signs > 0, sizes + _INSIDE, -cap), np.where(signs < 0, -sizes - _INSIDE, cap))


def waves(problem: Problem, start: Floats, *, most: int = 24) -> Iterator[Floats]:
    """Yield volumes, shape (N,) in percent, of at most so many patterns, each improved from the ratios of `start`."""
    every = list(patterns(problem))
    chosen = every[:: max(1, -(-len(every) // most))]
    ratios = start[1:] / start[:-1]
    for pattern in chosen:
        yield _volumes(_improved(problem, pattern, ratios))


def _volumes(ratios: Floats) -> Floats:
    grown = np.cumprod(np.append(1.0, ratios))
    return np.asarray(grown * (100 / grown.sum()))


def _improved(problem: Problem, pattern: Pattern, ratios: Floats) -> Floats:
    """Return the ratios at which no step of the trust region lowers max need plus the penalty of broken bounds."""
    state, reach = _state(problem, pattern, ratios), _REACH
    for _ in range(_MOST):
        step = _step(problem, state, reach)
        if step is None:
            break
        after = _state(problem, pattern, state.ratios + step)
        if after.merit < state.merit - 1e-9 * abs(state.merit):
            state, reach = after, 2 * reach
        else:
            reach = min(reach, float(np.abs(step).max())) / 4
        if reach < _NARROWEST:
            break
    return state.ratios


def _step(problem: Problem, state: _State, reach: float) -> Floats | None:
    """Return the change of the ratios that lowers the linearised merit most."""
    count = len(state.ratios)
    box = box_of(problem)
    one, none = np.ones((problem.count, 1)), np.zeros((problem.count, 1))
    broken = np.ones((len(state.bounds), 1))
    low, high = box.low + _INSIDE - state.ratios, np.minimum(box.high, 1e6) - _INSIDE - state.ratios
    ends = [(min(max(a, -reach), max(b, -reach)), max(min(b, reach), -reach)) for a, b in zip(low, high, strict=True)]
    found = linprog(
        np.concatenate([np.zeros(count), [1, _PENALTY]]),
        A_ub=np.vstack(
            [np.hstack([state.by_need, -one, none]), np.hstack([state.by_bound, 0 * broken, -broken])],
        ),
        b_ub=np.concatenate([-state.needs, -state.bounds]),
        bounds=[*ends, (None, None), (0, None)],
        method="highs",
    )
    return np.asarray(found.x[:count]) if found.status == _OPTIMAL else None


def _state(problem: Problem, pattern: Pattern, ratios: Floats) -> _State:
    """Return needs in percent and bounds (kept where <= 0) at these ratios, with their derivatives."""
    volumes = _volumes(ratios)
    needs, by_need = _needs(problem, volumes, ratios)
    bounds, by_bound = _bounds(problem, pattern, volumes, ratios)
    broken = float(bounds.max(initial=0))
    return _State(ratios, float(needs.max()) + _PENALTY * broken, broken, needs, by_need, bounds, by_bound)


def _needs(problem: Problem, volumes: Floats, ratios: Floats) -> tuple[Floats, Floats]:
    """Return need_k of (1.4) for k = 1 … N and its derivatives by r_2 … r_N."""
    core, prices = problem.settings.core, problem.prices
    if core.sizing == "base":
        average = np.cumsum(volumes * prices) / np.cumsum(volumes)
        pull = volumes * (prices - average[:, None]) / np.cumsum(volumes)[:, None]
    else:
        units = np.cumsum(volumes / prices)
        average = np.cumsum(volumes) / units
        pull = volumes * (1 - average[:, None] / prices) / units[:, None]
    later = np.cumsum(np.tril(pull)[:, ::-1], axis=1)[:, ::-1]
    factor = 100 * core.sign * core.gain / prices
    return factor * average - 100 * core.sign, factor[:, None] * later[:, 1:] / ratios


def _bounds(problem: Problem, pattern: Pattern, volumes: Floats, ratios: Floats) -> tuple[Floats, Floats]:
    """Return all bounds but those of single ratios, the small volumes' as logarithms, with their derivatives."""
    count, part, limits = problem.count, problem.quarter, problem.settings.constraints
    later = np.cumsum(volumes[::-1])[::-1][1:] / 100
    logs = (np.tri(count, count - 1, -1) - later) / ratios  # of ln v_j by r_k
    by_volume = volumes[:, None] * logs / 100
    shares = volumes / 100
    found = [shares[:part].sum() - problem.head, problem.tail - shares[-part:].sum(), shares[-1] - problem.last]
    by = [by_volume[:part].sum(axis=0), -by_volume[-part:].sum(axis=0), by_volume[-1]]
    if problem.first > 0:
        found.append(np.log(problem.first / shares[0]))
        by.append(-logs[0])
    if problem.growth > 0 and (ratios > 1).all():
        found.extend(np.log(problem.growth / (shares[:-1] * (ratios - 1))))
        by.extend(-logs[:-1] - np.diag(1 / (ratios - 1)))
    slopes, by_slope = np.diff(ratios), np.diff(np.eye(count - 1), axis=0)
    found.extend([*(slopes - pattern.high), *(pattern.low - slopes)])
    by.extend([*by_slope, *-by_slope])
    if count >= _SMALLEST:
        apart = ratios - ratios.mean()
        found.append(limits.wave_std_min**2 - (apart @ apart) / (count - 1))
        by.append(-2 * apart / (count - 1))
    return np.array(found) + _INSIDE, np.array(by)
