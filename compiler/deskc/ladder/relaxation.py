"""The relaxation behind the estimated gap, compiled: dynamic programming over (v_k / V_k, m_k) at one largest need.

Volumes are taken order by order. What T, G and E say is told of volumes relative to V_k, so that a later order makes
all of it smaller by ρ = V_{k-1} / V_k: `carried` is that sum, a third axis along which the cost to go is concave, so
that what lies between two of its places is worth no less than the line between them.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.compiled import compiled
from deskc.ladder.parameters import Floats

__all__ = ["Relaxation", "relaxed"]

Places: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = NDArray[np.float64]

NEVER = 1e6  # J of what may not be
OVER = 10.0  # what the last order's share over tail_cap costs: steep, and yet a line on which the grid can interpolate
NEEDS = 3  # places from the first need to the largest at which an order's need is tried


class Relaxation(NamedTuple):
    """What the programme needs, see `estimate`: weights of (2.1), and the axes of its states.

    `ratios` (r,) and `zones` (r,) are the ratios and 1 for strong, -1 for weak, 0 for what lies between. Ratios up to
    `reach` places apart may be neighbours, and those from `begins[k]` up to `ends[k]`, not included, may be m_k. `wave`
    is what two neighbours in one zone cost, `drop` the price equation's s ln(p_1 / p_N). `shares` (N + 1, q) are places
    of v_k / V_k for each k, `carried` (c,) places of what T, G and E come to.
    """

    orders: int
    sign: float
    quote: bool
    gain: float
    drop: float
    alpha: float
    beta: float
    gamma: float
    lambda_: float
    tail_from: int
    last_most: float
    wave: float
    apart: float
    ratios: Floats
    zones: Floats
    reach: int
    begins: Places
    ends: Places
    shares: Floats
    carried: Floats


@compiled
def _fall(s: Relaxation, rho: float, move: float, last: bool) -> float:  # noqa: FBT001 - compiled code takes no keywords
    """Return one order's part of s ln(p_1 / p_N), from (1.3) and (1.4): its need is 100 (g (1 + s move) - 1) s."""
    t = s.sign * move
    if s.quote:
        inner = 1.0 - (1.0 - rho) * t / rho  # (1 + t) ((1 / (1 + t) - 1 + ρ) / ρ)
        if not inner > 0.0:
            return np.inf
        found = math.log(inner)
    else:
        found = math.log(rho * (1.0 + t) / (rho + t))
    if last:
        found -= math.log(1.0 + t)
    return -s.sign * found


@compiled
def _priced(  # noqa: PLR0913, PLR0917 - compiled code takes no keywords
    s: Relaxation,
    rho: float,
    most: float,
    slope: float,
    price: float,
    last: bool,  # noqa: FBT001 - as above
) -> float:
    """Return the least that an order's need can cost: what it saves of the variance, less its fall at `price`."""
    least = np.inf
    for place in range(NEEDS):
        move = most * place / (NEEDS - 1)
        worth = -slope * (most - move) - price * _fall(s, rho, move, last)
        least = min(least, worth)
    return least


@compiled
def _step(s: Relaxation, k: int, share: float) -> float:
    """Return what order k adds to `carried`, relative to V_k: see `relaxed`."""
    rho = 1.0 - share
    entropy = share * math.log(share) + (rho * math.log(rho) if rho > 0.0 else 0.0)
    found = s.lambda_ * entropy / math.log(s.orders)
    if k < s.orders:
        found -= s.lambda_ * 2.0 / s.orders
    if k == s.tail_from:
        found += s.gamma
    return found


@compiled
def _between(table: Tables, place: int, x: float, carried: float, s: Relaxation) -> float:
    """Read the table (q, r, c) at ratio `place` and `x` places along the shares, between its places."""
    i = min(int(max(x, 0.0)), table.shape[0] - 2)
    y = (carried - s.carried[0]) / (s.carried[1] - s.carried[0])
    j = min(max(int(y), 0), table.shape[2] - 2)
    x, y = min(max(x - i, 0.0), 1.0), y - j
    below = table[i, place, j] * (1.0 - y) + table[i, place, j + 1] * y
    above = table[i + 1, place, j] * (1.0 - y) + table[i + 1, place, j + 1] * y
    return float(below * (1.0 - x) + above * x)


@compiled
def relaxed(s: Relaxation, most: float, price: float) -> float:
    """Return a number that J of no ladder lies below whose largest move sτ is `most`; `price` is the multiplier.

    The price equation Σ fall_k = s ln(p_1 / p_N) is charged at `price`. The variance is charged at its tangent where
    all needs from the second on are the largest. S, the quarters' bounds and the least step are left out.
    G = (N - 1) / N - 2/N Σ_{k<N} V_k / V_N for volumes that grow, and T = 1 - V_t / V_N for the tail's orders after t.
    """
    count, size, depth = s.shares.shape[1], s.ratios.size, s.carried.size
    worst, first = 100.0 * s.gain * most, 100.0 * s.sign * (s.gain - 1.0)  # the needs above their common part
    others = s.orders - 1.0
    slope = 100.0 * s.gain * 2.0 * s.beta * worst / (s.orders * s.orders)
    base = s.alpha * (first + worst) + s.beta * worst * worst * others / (s.orders * s.orders) + price * s.drop
    base += s.lambda_ * ((s.orders - 1.0) / s.orders + 1.0)
    table, before = np.empty((count, size, depth)), np.empty((count, size, depth))
    table[:, :] = s.carried
    kept, worth, places, steps, rest = np.empty(size), np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for k in range(s.orders - 1, 0, -1):
        low, width = s.shares[k + 1, 0], s.shares[k + 1, 1] - s.shares[k + 1, 0]
        last, begin, end = k + 1 == s.orders, s.begins[k + 1], s.ends[k + 1]
        for i in range(count if k > 1 else 1):
            share = s.shares[k, i] if k > 1 else 1.0
            for r in range(begin, end):
                new = (1.0 + s.ratios[r]) * share / (1.0 + (1.0 + s.ratios[r]) * share)
                less = (1.0 + s.ratios[r] - s.apart) * share  # a last order that a ratio between two places may keep
                over = max(0.0, less / (1.0 + less) - s.last_most) if last else 0.0
                kept[r] = OVER * over + _priced(s, 1.0 - new, most, slope, price, last)
                places[r], steps[r], rest[r] = (
                    (new - low) / width if width > 0.0 else 0.0,
                    _step(s, k + 1, new),
                    1.0 - new,
                )
            for c in range(depth):
                for r in range(begin, end):
                    worth[r] = kept[r] + _between(table, r, places[r], rest[r] * s.carried[c] + steps[r], s)
                if k == 1:
                    before[0, 0, c] = worth[begin:end].min()
                    continue
                for r in range(size):
                    least = NEVER
                    for other in range(max(begin, r - s.reach), min(end, r + s.reach + 1)):
                        alike = s.zones[r] * s.zones[other] > 0.0
                        least = min(least, worth[other] + s.wave if alike else worth[other])
                    before[i, r, c] = least
        table, before = before, table
    start = _step(s, 1, 1.0)
    x = (start - s.carried[0]) / (s.carried[1] - s.carried[0])
    c = min(max(int(x), 0), depth - 2)
    return float(base + table[0, 0, c] + (x - c) * (table[0, 0, c + 1] - table[0, 0, c]))
