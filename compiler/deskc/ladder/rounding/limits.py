"""The enforced constraints as whole numbers: hundredths, and fractions that fit 64 bits."""

import math
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.constraints import SMALLEST_WAVE, quarter
from deskc.ladder.rounding.methods import HUNDRED
from deskc.ladder.score import ceiling
from deskc.ladder.settings import Constraints, Settings

__all__ = ["FINE", "Floats", "Integers", "Limits", "hundredths", "limits_of"]

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

FINE = 10**9
"""The denominator of every bound of a ratio: bounds of more than nine decimals are taken inward by less than 1e-9."""

_COARSE = 10**5
_HUGE = 10**4  # no ratio of hundredths exceeds it
_STEEP = 10  # slopes below it have the fine denominator: 10^8 of volumes times 10^10 of numerator fit 64 bits


class Limits(NamedTuple):
    """What N volumes in hundredths must keep; a constraint that is not enforced stands here as a bound none can break.

    `low` and `high` have shape (N,): FINE times the least and the greatest v_k/v_{k-1}, the first of each unused.
    `slope` is HC4's bound as a fraction (numerator, denominator).
    """

    orders: int
    first: int
    growth: int
    low: Integers
    high: Integers
    slope: tuple[int, int]
    quarter: int
    head_cap: int
    tail_floor: int
    last_cap: int
    flat: float
    plateau: int
    turn: float
    turns: int
    deviation: float
    sign: int
    quote: bool
    start: float
    end: float
    least: float
    whole: bool
    real_least: tuple[float, float]


def limits_of(settings: Settings, *, whole: bool = True) -> Limits:
    """Return the limits of rounded volumes: HC0, the enforced of HC1 to HC7, and the band of v_2/v_1 where asked."""
    bounds, count = settings.constraints, settings.core.num_orders
    on = frozenset(bounds.enforce)
    low, high = _ratios(settings, whole=whole)
    waves = "HC7" in on and count >= SMALLEST_WAVE
    return Limits(
        orders=count,
        first=max(1, hundredths(settings.first_volume_min, up=True)),
        growth=hundredths(bounds.growth_eps, up=True) if "HC2" in on else -HUNDRED,
        low=low,
        high=high,
        slope=_slope(bounds.slope_cap if "HC4" in on else _HUGE),
        quarter=quarter(count),
        head_cap=hundredths(bounds.q1_cap, up=False) if "HC5" in on else HUNDRED,
        tail_floor=hundredths(bounds.tail_floor, up=True) if "HC5" in on else 0,
        last_cap=hundredths(bounds.tail_cap, up=False) if "HC5" in on else HUNDRED,
        flat=bounds.flat,
        plateau=bounds.max_plateau if "HC6" in on else count,
        turn=bounds.wave_turn_min,
        turns=bounds.wave_turns_min if waves else 0,
        deviation=bounds.wave_std_min if waves else 0.0,
        sign=settings.core.sign,
        quote=settings.core.sizing == "quote",
        start=float(settings.generation.first_indent_pct),
        end=float(settings.core.overlap_pct),
        least=float(settings.generation.min_indent_step_pct),
        whole=whole,
        real_least=(100 * settings.first_volume_min, 100 * bounds.growth_eps if "HC2" in on else -float(HUNDRED)),
    )


def _ratios(settings: Settings, *, whole: bool) -> tuple[Integers, Integers]:
    """Return FINE times the ends of each v_k/v_{k-1}, narrowed so that the slope can reach the next."""
    bounds, count = settings.constraints, settings.core.num_orders
    on = frozenset(bounds.enforce)
    low, high = [0] * count, [_HUGE * FINE] * count
    if "HC1" in on:
        low[1], high[1] = _end(1 + _exact(bounds.m2_min), up=True), _end(1 + _second_cap(bounds), up=False)
    if whole and settings.normalization.keep_v2_band:
        least, most = map(_exact, settings.normalization.v2_band)
        low[1], high[1] = max(low[1], _end(least, up=True)), min(high[1], _end(most, up=False))
    if "HC3" in on:
        low[2:] = [_end(1 + _exact(bounds.m_min), up=True)] * (count - 2)
        high[2:] = [_end(1 + _exact(cap), up=False) for cap in ceiling(count, bounds)]
    if "HC4" in on:
        cap = _end(_exact(bounds.slope_cap), up=True)
        for place in range(count - 2, 0, -1):
            low[place] = max(low[place], low[place + 1] - cap)
            high[place] = min(high[place], high[place + 1] + cap)
    return np.array(low, np.int64), np.array(high, np.int64)


def _second_cap(bounds: Constraints) -> Fraction:
    return min(_exact(bounds.m2_max), _exact(bounds.c2) - 1)


def hundredths(value: float, *, up: bool) -> int:
    """Return a number in percent as hundredths, up or down to a whole one, from the decimal that its text says."""
    scaled = 100 * _exact(value)
    return math.ceil(scaled) if up else math.floor(scaled)


def _exact(value: Any) -> Fraction:  # noqa: ANN401 - an integer where a user wrote one, else a float
    return Fraction(repr(value))


def _end(ratio: Fraction, *, up: bool) -> int:
    """Return FINE times the end of a band of ratios, inward, no larger than a ratio of hundredths can be."""
    scaled = min(ratio, Fraction(_HUGE)) * FINE
    return math.ceil(scaled) if up else math.floor(scaled)


def _slope(cap: float) -> tuple[int, int]:
    """Return a bound of slopes as a fraction, inward."""
    kept = min(_exact(cap), Fraction(_HUGE))
    denominator = FINE if kept <= _STEEP else _COARSE
    return math.floor(kept * denominator), denominator
