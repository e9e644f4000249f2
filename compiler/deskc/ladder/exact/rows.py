"""HC0 to HC5 and the needs as linear rows over volumes, LADDER 6: each is `coefficients · v <= 0`.

Every bound is a share of the whole, so no row has a constant: scaled volumes keep what they kept.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from deskc.ladder.exact.problem import Floats, Problem

__all__ = ["Box", "Rows", "Tangents", "box_of", "narrowed", "needs", "others", "rising", "tangents_at"]

Tangents = tuple[tuple[float, ...], ...]
"""For each k = 3 … N the places r at which (r_{k-1})² is bounded from below by its tangent."""


class Rows(NamedTuple):
    """Rows over w = v/scale, shapes (m, N), (m, N), (m,).

    `magnitudes` holds for each coefficient the sum of the sizes of the terms it was computed from, so that its rounding
    error is at most a few units in the last place of that. `aim` is 1 for a need, which is to be low, 0 for a bound.
    `share` is the part of every coefficient that stands for a share of the whole, before its scale: a solver is given
    it as a constant, since coefficients as small as HC2's it drops.
    """

    coefficients: Floats
    magnitudes: Floats
    aim: Floats
    share: Floats


class Box(NamedTuple):
    """Bounds of r_k = v_k/v_{k-1} for k = 2 … N, shape (N - 1,) each."""

    low: Floats
    high: Floats

    @property
    def empty(self) -> bool:
        """Say whether no ratios lie between the bounds, which are rounded outward."""
        return bool((self.low > self.high).any())


def box_of(problem: Problem) -> Box:
    """Return the bounds that HC1, HC3 and HC4 leave to each ratio."""
    return narrowed(Box(problem.low, problem.high), problem.slope_cap)


def narrowed(box: Box, cap: float) -> Box:
    """Draw the bounds of neighbouring ratios together until none lies more than the slope cap from the next."""
    low, high = box.low.copy(), box.high.copy()
    for here, there in (*((k, k - 1) for k in range(1, len(low))), *((k - 1, k) for k in range(len(low) - 1, 0, -1))):
        low[here] = max(low[here], math.nextafter(low[there] - cap, -math.inf))
        high[here] = min(high[here], math.nextafter(high[there] + cap, math.inf))
    return Box(low, high)


def needs(problem: Problem, target: float, scale: Floats) -> Rows:
    """Return the rows of need_k <= target percent for k = 1 … N; breaking one by z is about z·target more of need."""
    s, gain, prices = problem.settings.core.sign, problem.settings.core.gain, problem.prices
    move = 1 + s * target / 100
    if problem.settings.core.sizing == "base":
        earned, spent = (
            np.broadcast_to(gain * prices, (len(prices),) * 2),
            np.outer(move * prices, np.ones_like(prices)),
        )
        size = np.cumsum(scale) * prices
    else:
        earned, spent = np.full((len(prices),) * 2, gain), np.outer(move * prices, 1 / prices)
        size = np.cumsum(scale)
    unit = scale / (size * target / 100)[:, None]
    return Rows(
        np.tril(s * (earned - spent) * unit),
        np.tril((earned + spent) * unit),
        np.ones(len(prices)),
        np.zeros(len(prices)),
    )


def others(problem: Problem, box: Box, tangents: Tangents, scale: Floats) -> Rows:
    """Return the rows of HC0, HC1, HC2, HC3 and HC5, and for HC4 its envelopes over the box.

    The first N - 1 rows are the lower bounds of r_2 … r_N, in that order.
    """
    shared = list(_shares(problem))
    found = [*_least(box), *_largest(box), *_envelopes(box, problem.slope_cap, tangents)]
    shares = np.array([*[0.0] * len(found), *(share for share, _ in shared)])
    return _scaled([*found, *(np.array([part, np.abs(part)]) for _, part in shared)], scale, shares)


def rising(problem: Problem, ratios: Floats, scale: Floats) -> Rows:
    """Return HC4's upper half with r² taken by its tangent at these ratios, shape (N - 1,): stricter than HC4."""
    found: list[Floats] = []
    if math.isinf(problem.slope_cap):
        return _scaled(found, scale)
    for k, place in enumerate(ratios[:-1], start=2):
        slope = 2 * place + problem.slope_cap
        found.append(_row(problem.count, (k, 1, 1), (k - 1, -slope, slope), (k - 2, place * place, place * place)))
    return _scaled(found, scale)


def _scaled(found: Sequence[Floats], scale: Floats, shares: Floats | None = None) -> Rows:
    """Return rows over v, and the share of the whole each has beside, as rows over w whose largest coefficient is 1."""
    terms = np.array(found).reshape(-1, 2, len(scale))
    share = np.zeros(len(terms)) if shares is None else shares
    coefficients = (terms[:, 0] + share[:, None]) * scale
    magnitudes = (terms[:, 1] + np.abs(share)[:, None]) * scale
    size = np.abs(coefficients).max(axis=1, keepdims=True, initial=0)
    size[size == 0] = 1
    return Rows(coefficients / size, magnitudes / size, np.zeros(len(found)), share / size[:, 0])


def _row(count: int, *terms: tuple[int, float, float]) -> Floats:
    """Return one row and its magnitudes, shape (2, N), from order, coefficient and magnitude."""
    row = np.zeros((2, count))
    for order, coefficient, magnitude in terms:
        row[:, order] = coefficient, magnitude
    return row


def _least(box: Box) -> Iterator[Floats]:
    for k, low in enumerate(box.low, start=1):
        yield _row(len(box.low) + 1, (k - 1, low, low), (k, -1, 1))


def _largest(box: Box) -> Iterator[Floats]:
    for k, high in enumerate(box.high, start=1):
        if math.isfinite(high):
            yield _row(len(box.high) + 1, (k - 1, -high, high), (k, 1, 1))


def _shares(problem: Problem) -> Iterator[tuple[float, Floats]]:
    """Yield HC0's first volume, HC2 and HC5: a share of the whole and what, added to it, is not to be above zero."""
    count, part = problem.count, problem.quarter
    orders = np.arange(count)
    yield problem.first, -(orders == 0).astype(float)
    for k in range(1, count):
        yield problem.growth, (orders == k - 1) - (orders == k).astype(float)
    yield -problem.head, (orders < part).astype(float)
    yield problem.tail, -(orders >= count - part).astype(float)
    yield -problem.last, (orders == count - 1).astype(float)


def _envelopes(box: Box, cap: float, tangents: Tangents) -> Iterator[Floats]:
    """Yield McCormick's envelopes of the product r_{k-1}·v_{k-1}, by which HC4 is linear.

    With x = v_{k-1}, y = v_{k-2} and r = x/y, HC4 is -c x <= v_k - r x <= c x. Over l <= r <= u the product r x = r² y
    is at most (l + u) x - l u y, and at least 2a x - a² y for every a. Where r_k ends at h, only r <= h - c can rise by
    c, so that u may be taken as min(u, h - c): three neighbouring volumes then have exactly their convex hull.
    """
    if math.isinf(cap):
        return
    count, size = len(box.low) + 1, abs(cap)
    for k in range(2, count):
        low, high = box.low[k - 2], min(box.high[k - 2], math.nextafter(box.high[k - 1] - cap, math.inf))
        if math.isfinite(high) and high >= low:
            slope = low + high + cap
            yield _row(count, (k, 1, 1), (k - 1, -slope, low + high + size), (k - 2, low * high, low * high))
        for place in tangents[k - 2]:
            terms = (k - 1, 2 * place - cap, 2 * place + size), (k - 2, -place * place, place * place)
            yield _row(count, (k, -1, 1), *terms)


def tangents_at(volumes: Floats) -> Tangents:
    """Return one tangent for each k = 3 … N, at the ratio r_{k-1} of a ladder of these volumes."""
    return tuple((float(ratio),) for ratio in volumes[1:-1] / volumes[:-2])
