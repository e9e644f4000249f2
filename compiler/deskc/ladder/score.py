"""The score J of a ladder and its parts in plain Python (LADDER 2): lower is better."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from deskc.ladder.logarithm import ln
from deskc.ladder.model import Ladder, needs, ratios, steps
from deskc.ladder.settings import Constraints, Generation, Settings

__all__ = [
    "COST",
    "FREE_PLATEAU",
    "HEAD_BAND",
    "LEAST_DEVIATION",
    "REWARD",
    "STEEP_SHARE",
    "Score",
    "ceiling",
    "first_of_tail",
    "longest_flat",
    "score",
    "soft_penalties",
    "total",
    "variance",
    "wave_targets",
]

_TAIL = (4, 5)  # T counts the orders from zero-based index ⌊4N/5⌋
HEAD_BAND = (1.1, 2.0)  # SP1's band of v_2/v_1
FREE_PLATEAU = 3  # SP2's longest run of flat steps that costs nothing
LEAST_DEVIATION = 0.10  # SP3's least deviation of the ratios
_WAVE = (0.5, 0.3, 3.0)  # SP4's middle, amplitude and half-waves
STEEP_SHARE = 0.8  # SP7's share of the slope cap from which a step costs
REWARD, COST = 0.1, -0.2  # w of (2.1) for a strong neighbour of a weak ratio, and for two alike


class Score(NamedTuple):
    """The score J and its parts, each as (2.1) names it, before its weight; `soft` are SP1 … SP7 of (2.2)."""

    value: float
    max_need_pct: float
    need_variance: float
    tail_share: float
    gini: float
    entropy: float
    disorder: float
    step_variance: float
    tail_excess: float
    wave: float
    soft: tuple[float, ...]


def score(ladder: Ladder, settings: Settings) -> Score:
    """Return J of (2.1) for a ladder of two or more orders with volumes and prices above zero.

    Sums run from the first order to the last, so that equal ladders score equal bits in every implementation.
    """
    volumes, weights = ladder.volumes, settings.scoring
    need = needs(ladder, settings.core)
    apart = steps(ladder.indents)
    tail_share = total(volumes[first_of_tail(len(volumes)) :]) / total(volumes)
    parts = (
        _gini(volumes),
        1 - _entropy(volumes) / ln(len(volumes)),
        total([max(0.0, -step) for step in apart]),
        variance(apart) / 100,
        max(0.0, volumes[-1] - settings.constraints.tail_cap) / settings.constraints.tail_cap,
        max(0.0, -_wave(ratios(volumes), settings.generation)),
    )
    soft = soft_penalties(volumes, settings)
    value = (
        weights.alpha * max(need)
        + weights.beta * variance(need)
        + weights.gamma * (1 - tail_share)
        + weights.lambda_ * total(parts)
    )
    if settings.penalties.soft_penalties:
        weighted = [weight * penalty for weight, penalty in zip(settings.penalties.weights, soft, strict=True)]
        value += weights.lambda_ * total(weighted)
    return Score(value, max(need), variance(need), tail_share, *parts, soft)


def first_of_tail(count: int) -> int:
    """Return the zero-based index of the first order that T of (2.1) counts, for `count` orders."""
    return _TAIL[0] * count // _TAIL[1]


def total(values: Sequence[float]) -> float:
    """Add from the first to the last; `sum` compensates from Python 3.12 on, and a kernel does not."""
    found: float = 0  # a whole zero: fractions stay fractions
    for value in values:
        found += value
    return found


def variance(values: Sequence[float]) -> float:
    """Return the population variance: the mean square distance from the mean."""
    mean = total(values) / len(values)
    return total([(value - mean) * (value - mean) for value in values]) / len(values)


def _gini(volumes: Sequence[float]) -> float:
    """Return G of (2.1), Gini's coefficient: 0 for equal volumes, towards 1 where the last order holds all."""
    count = len(volumes)
    ranked = [(2 * place - count - 1) * volume for place, volume in enumerate(sorted(volumes), start=1)]
    return total(ranked) / (count * total(volumes))


def _entropy(volumes: Sequence[float]) -> float:
    """Return H of (2.1), Shannon's entropy of the volumes' shares, in nats."""
    whole = total(volumes)
    return -total([volume / whole * ln(volume / whole) for volume in volumes])


def _wave(ratio: Sequence[float], bounds: Generation) -> float:
    """Return w of (2.1): strong beside weak earns, two alike cost."""
    found = 0.0
    for one, other in pairwise(ratio):
        strong = one >= bounds.strong, other >= bounds.strong
        weak = one <= bounds.weak, other <= bounds.weak
        if all(strong) or all(weak):
            found += COST
        elif any(strong) and any(weak):
            found += REWARD
    return found


def soft_penalties(volumes: Sequence[float], settings: Settings) -> tuple[float, ...]:
    """Return SP1 … SP7 of (2.2), in fractions; those over k = 3 … N are 0 for two orders."""
    limits = settings.constraints
    ratio = ratios(tuple(volumes))
    slopes = [after - before for before, after in pairwise(ratio)]
    quarter = -(-len(volumes) // 4)
    whole = total(volumes)
    head, tail = total(volumes[:quarter]) / whole, total(volumes[-quarter:]) / whole
    over_head = max(0.0, head - limits.q1_cap / 100)
    under_tail = max(0.0, limits.tail_floor / 100 - tail)
    second = volumes[1] / volumes[0]
    outside = max(0.0, HEAD_BAND[0] - second, second - HEAD_BAND[1])
    steep = [max(0.0, min(abs(slope), limits.slope_cap) - STEEP_SHARE * limits.slope_cap) for slope in slopes]
    later = ratio[1:]
    return (
        outside * outside,
        float(max(0, longest_flat(slopes, limits.flat) - FREE_PLATEAU)),
        max(0.0, LEAST_DEVIATION - math.sqrt(variance(later))) if later else 0.0,
        _from_wave(later, limits),
        over_head * over_head,
        under_tail * under_tail,
        total([one * one for one in steep]),
    )


def longest_flat(slopes: Sequence[float], flat: float) -> int:
    """Return the longest run of slopes below `flat` in size."""
    longest = run = 0
    for slope in slopes:
        run = run + 1 if abs(slope) < flat else 0
        longest = max(longest, run)
    return longest


def ceiling(count: int, limits: Constraints) -> list[float]:
    """Return HC3's upper bound of m_3 … m_N for N = `count` orders, as fractions."""
    if not limits.ceiling:
        return [limits.m_max] * (count - 2)
    tau = max(1.0, count / 3)
    fall = limits.m_head - limits.m_tail
    return [min(limits.m_max, limits.m_tail + fall * math.exp(-place / tau)) for place in range(count - 2)]


def wave_targets(count: int, limits: Constraints) -> list[float]:
    """Return SP4's wave within HC3's band: what m_3 … m_N are measured against for N = `count` orders, as fractions."""
    middle, amplitude, halves = _WAVE
    last = max(1, count - 3)
    shares = [middle + amplitude * math.sin(halves * math.pi * (place / last)) for place in range(count - 2)]
    return [
        limits.m_min + (upper - limits.m_min) * share
        for upper, share in zip(ceiling(count, limits), shares, strict=True)
    ]


def _from_wave(later: Sequence[float], limits: Constraints) -> float:
    """Return SP4 of (2.2): the root mean square distance of m_3 … m_N from their wave."""
    if not later:
        return 0.0
    distances = [ratio - target for ratio, target in zip(later, wave_targets(len(later) + 2, limits), strict=True)]
    return math.sqrt(total([distance * distance for distance in distances]) / len(distances))
