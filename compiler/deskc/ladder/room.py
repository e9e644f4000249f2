"""Where a decoder may move: the bands of the ratios, and one ladder well inside the bounds on mass."""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, product
from typing import NamedTuple

import numpy as np

from deskc.ladder.constraints import quarter
from deskc.ladder.parameters import Floats
from deskc.ladder.score import ceiling, total
from deskc.ladder.settings import Constraints, Settings

__all__ = ["Room", "room"]

_GRID = 17  # slopes of the anchor's ratios are tried at this many heights of each end
_FEWEST = 2
_WHOLE = 100.0


class Room(NamedTuple):
    """What a decoder needs of the settings.

    `second` is the band of m_2, `low` the least of m_3 … m_N and `high`, shape (orders - 2,), their greatest, lowered
    where a later ceiling could otherwise not be reached within `slope_cap`. `anchor`, shape (orders - 1,), are ratios
    m_2 … m_N that keep HC1 to HC5; `anchored` is false where none was found. `target` is what the equation of the
    equalised needs must come to, see `decode`. Volumes and indents are in percent, ratios are fractions.
    """

    orders: int
    sign: float
    quote: bool
    first_indent_pct: float
    overlap_pct: float
    least_step_pct: float
    target: float
    second: tuple[float, float]
    low: float
    high: Floats
    slope_cap: float
    growth_eps: float
    first_volume_min: float
    q1_cap: float
    tail_floor: float
    tail_cap: float
    quarter: int
    anchor: Floats
    anchored: bool


def room(settings: Settings) -> Room:
    """Work out a decoder's room; raise ValueError, with the bounds in conflict, where HC0, HC1, HC3 and HC4 leave none.

    A room without an anchor is none the less one: whether HC5 leaves anything is for the exact tools to say.
    """
    core, generation, bounds = settings.core, settings.generation, settings.constraints
    _check_reach(settings)
    second, high = _bands(core.num_orders, bounds)
    reach = (1 - core.sign * core.overlap_pct / 100) / (1 - core.sign * generation.first_indent_pct / 100)
    made = Room(
        orders=core.num_orders,
        sign=float(core.sign),
        quote=core.sizing == "quote",
        first_indent_pct=float(generation.first_indent_pct),
        overlap_pct=float(core.overlap_pct),
        least_step_pct=float(generation.min_indent_step_pct),
        target=reach if core.sizing == "quote" else 1 / reach,
        second=second,
        low=float(bounds.m_min),
        high=np.array(high, dtype=np.float64),
        slope_cap=float(bounds.slope_cap),
        growth_eps=float(bounds.growth_eps),
        first_volume_min=float(settings.first_volume_min),
        q1_cap=float(bounds.q1_cap),
        tail_floor=float(bounds.tail_floor),
        tail_cap=float(bounds.tail_cap),
        quarter=quarter(core.num_orders),
        anchor=np.zeros(core.num_orders - 1),
        anchored=False,
    )
    slack, anchor = max((_slack(ratios, made), ratios) for ratios in _candidates(made))
    return made._replace(anchor=np.array(anchor), anchored=slack >= 0)


def _check_reach(settings: Settings) -> None:
    """Raise ValueError where no prices keep HC0."""
    core, generation = settings.core, settings.generation
    ends = (generation.first_indent_pct, core.overlap_pct, generation.min_indent_step_pct)
    if core.num_orders < _FEWEST:
        raise ValueError(f"a ladder has 2 or more orders; num_orders is {core.num_orders}")
    if not all(map(math.isfinite, ends)):
        raise ValueError("first_indent_pct, overlap_pct and min_indent_step_pct must be finite numbers")
    if core.sign * core.overlap_pct >= _WHOLE or core.sign * generation.first_indent_pct >= _WHOLE:
        raise ValueError("a long ladder ends above a price of zero: overlap_pct and first_indent_pct are below 100")
    least = (core.num_orders - 1) * generation.min_indent_step_pct
    if ends[1] - ends[0] < least or ends[1] < ends[0]:
        raise ValueError(
            f"from first_indent_pct {ends[0]:g} to overlap_pct {ends[1]:g} there is no room for {core.num_orders - 1} "
            f"steps of min_indent_step_pct {ends[2]:g}"
        )


def _bands(count: int, bounds: Constraints) -> tuple[tuple[float, float], list[float]]:
    """Return the bands of m_2 and of m_3 … m_N from which every later one can be reached; or raise ValueError."""
    cap, high = bounds.slope_cap, ceiling(count, bounds)
    if not (cap >= 0 and all(map(math.isfinite, (cap, bounds.m_min, *high)))):
        raise ValueError("slope_cap, m_min, m_max, m_head and m_tail must be finite numbers, slope_cap not below 0")
    if not (bounds.m_min > -1 and bounds.m2_min > -1):
        raise ValueError("m_min and m2_min must be above -1: a volume is above zero")
    for place in range(len(high) - 2, -1, -1):
        high[place] = min(high[place], high[place + 1] + cap)
    if high and min(high) < bounds.m_min:
        raise ValueError(f"m_min {bounds.m_min:g} is over the ratios' upper bound, {min(high):g}: HC3 leaves nothing")
    low, top = bounds.m2_min, min(bounds.m2_max, bounds.c2 - 1)
    if high:
        low, top = max(low, bounds.m_min - cap), min(top, high[0] + cap)
    if not low <= top:
        raise ValueError(
            f"m_2 must be at least {low:g} and at most {top:g}: m2_min, m2_max, c2 and the ratios after it contradict"
        )
    return (low, top), high


def _candidates(space: Room) -> Iterator[list[float]]:
    """Yield ratios that lie near a line, as near as the bands and the slope allow."""
    top = max(space.second[1], *space.high) if len(space.high) else space.second[1]
    bottom = min(space.second[0], space.low)
    heights = [bottom + (top - bottom) * place / (_GRID - 1) for place in range(_GRID)]
    last = max(1, space.orders - 2)
    for start, end in product(heights, heights):
        line = [start + (end - start) * place / last for place in range(space.orders - 1)]
        ratios = [_within(line[0], *space.second)]
        for wanted, most in zip(line[1:], space.high.tolist(), strict=True):
            before = ratios[-1]
            ratios.append(
                _within(wanted, max(space.low, before - space.slope_cap), min(most, before + space.slope_cap))
            )
        yield ratios


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _slack(ratios: Sequence[float], space: Room) -> float:
    """Return how far the nearest bound of HC5, HC2 and the first volume lies away: below zero it is broken."""
    shape = list(accumulate(ratios, lambda volume, ratio: volume * (1 + ratio), initial=1.0))
    percent = 100 / total(shape)
    growth = min(after - before for before, after in pairwise(shape)) * percent
    return min(
        space.q1_cap / 100 - total(shape[: space.quarter]) * percent / 100,
        total(shape[-space.quarter :]) * percent / 100 - space.tail_floor / 100,
        space.tail_cap / 100 - shape[-1] * percent / 100,
        1 - space.growth_eps / growth if growth > 0 else -space.growth_eps,
        1 - space.first_volume_min / percent,
    )
