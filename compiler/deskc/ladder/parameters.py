"""Settings packed for the kernels: the only place that knows what they are given and what is worked out beforehand."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.constraints import SMALLEST_WAVE, TOLERANCE, quarter
from deskc.ladder.logarithm import ln
from deskc.ladder.score import (
    COST,
    FREE_PLATEAU,
    HEAD_BAND,
    LEAST_DEVIATION,
    REWARD,
    STEEP_SHARE,
    ceiling,
    first_of_tail,
    wave_targets,
)
from deskc.ladder.settings import Constraints, Settings

__all__ = ["Floats", "Parameters", "pack"]

Floats: TypeAlias = NDArray[np.float64]


class Parameters(NamedTuple):
    """What scores and judges ladders of `orders` orders.

    Names that end in `_least` and `_most` are bounds with the tolerance already taken off or put on; `ceiling_most`
    and `wave_target` have shape (max(0, orders - 2),), from the third order on, `weights` has shape (7,). Percentages
    are in percent; `head_cap` and `tail_floor` are fractions. Every other unit is LADDER's.
    """

    orders: int
    expected: bool
    sign: float
    base_price: float
    gain: float
    quote: bool
    overlap_pct: float
    first_indent_pct: float
    tolerance: float
    first_volume_least: float
    step_least: float
    m2_least: float
    m2_most: float
    growth_eps: float
    m_least: float
    ceiling_most: Floats
    slope_most: float
    quarter: int
    q1_most: float
    tail_least: float
    last_most: float
    flat_most: float
    max_plateau: int
    wavy: bool
    deviation_least: float
    turn_least: float
    turns_least: int
    alpha: float
    beta: float
    gamma: float
    lambda_: float
    tail_from: int
    log_orders: float
    tail_cap: float
    strong: float
    weak: float
    reward: float
    cost: float
    soft: bool
    weights: Floats
    head_from: float
    head_to: float
    flat: float
    free_plateau: int
    least_deviation: float
    wave_target: Floats
    head_cap: float
    tail_floor: float
    slope_cap: float
    steep_from: float


def pack(settings: Settings, *, orders: int | None = None) -> Parameters:
    """Pack settings for ladders of `orders` orders, `core.num_orders` where it is left out.

    Whatever a library may round in its own way (ceiling, wave) is worked out here, as the plain reference works it out.
    Raise ValueError where a setting that counts is no finite number, or `tail_cap` is zero.
    """
    count = settings.core.num_orders if orders is None else orders
    made = _pack(settings, max(0, count))
    for name, value in made._asdict().items():
        if not np.all(np.isfinite(value)):
            raise ValueError(f"a ladder's settings must be finite numbers, and {name} is not")
    if made.tail_cap == 0:
        raise ValueError("tail_cap is 0, and the score divides by it; give it a number above 0")
    return made


def _pack(settings: Settings, count: int) -> Parameters:
    core, generation, bounds, weights = settings.core, settings.generation, settings.constraints, settings.scoring
    return Parameters(
        orders=count,
        expected=count == core.num_orders,
        sign=float(core.sign),
        base_price=float(core.base_price),
        gain=float(core.gain),
        quote=core.sizing == "quote",
        overlap_pct=float(core.overlap_pct),
        first_indent_pct=float(generation.first_indent_pct),
        tolerance=TOLERANCE,
        first_volume_least=settings.first_volume_min - TOLERANCE,
        step_least=generation.min_indent_step_pct - TOLERANCE,
        m2_least=bounds.m2_min - TOLERANCE,
        m2_most=_second_most(bounds) + TOLERANCE,
        growth_eps=float(bounds.growth_eps),
        m_least=bounds.m_min - TOLERANCE,
        ceiling_most=_table([cap + TOLERANCE for cap in ceiling(count, bounds)]),
        slope_most=bounds.slope_cap + TOLERANCE,
        quarter=quarter(count),
        q1_most=bounds.q1_cap + TOLERANCE,
        tail_least=bounds.tail_floor - TOLERANCE,
        last_most=bounds.tail_cap + TOLERANCE,
        flat_most=bounds.flat - TOLERANCE,
        max_plateau=bounds.max_plateau,
        wavy=count >= SMALLEST_WAVE,
        deviation_least=bounds.wave_std_min - TOLERANCE,
        turn_least=bounds.wave_turn_min - TOLERANCE,
        turns_least=bounds.wave_turns_min,
        alpha=float(weights.alpha),
        beta=float(weights.beta),
        gamma=float(weights.gamma),
        lambda_=float(weights.lambda_),
        tail_from=first_of_tail(count),
        log_orders=ln(max(1, count)),
        tail_cap=float(bounds.tail_cap),
        strong=float(generation.strong),
        weak=float(generation.weak),
        reward=REWARD,
        cost=COST,
        soft=bool(settings.penalties.soft_penalties),
        weights=_table(settings.penalties.weights),
        head_from=HEAD_BAND[0],
        head_to=HEAD_BAND[1],
        flat=float(bounds.flat),
        free_plateau=FREE_PLATEAU,
        least_deviation=LEAST_DEVIATION,
        wave_target=_table(wave_targets(count, bounds)),
        head_cap=bounds.q1_cap / 100,
        tail_floor=bounds.tail_floor / 100,
        slope_cap=float(bounds.slope_cap),
        steep_from=STEEP_SHARE * bounds.slope_cap,
    )


def _second_most(bounds: Constraints) -> float:
    """Return HC1's upper bound of m_2."""
    return min(bounds.m2_max, bounds.c2 - 1)


def _table(values: "list[float] | tuple[float, ...]") -> Floats:
    return np.array(values, dtype=np.float64)
