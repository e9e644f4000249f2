"""How far a ladder stays from each bound of the hard constraints (LADDER 3): what is left of it, or is missing."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from deskc.ladder.constraints import SMALLEST_WAVE, TOLERANCE, quarter, turns
from deskc.ladder.model import Ladder, ratios, steps
from deskc.ladder.score import ceiling, longest_flat, total, variance
from deskc.ladder.settings import Settings

__all__ = ["Margin", "margins"]


class Margin(NamedTuple):
    """One bound and the order nearest to it.

    `margin` is what is left up to the limit, negative where the limit is broken, in the bound's own unit: percent,
    a fraction of a ratio or a count. `order` is 1-based, None where the bound is about the whole ladder.
    """

    code: str
    setting: str
    order: int | None
    actual: float
    limit: float
    margin: float


def margins(ladder: Ladder, settings: Settings) -> tuple[Margin, ...]:
    """Return the margin to every bound of HC0 … HC7, by code.

    The ladder has two orders or more, with volumes above zero. HC7 is left out below seven orders, where it asks for
    nothing, and what is about third orders is left out where there is none.
    """
    return (
        *_structure(ladder, settings),
        *_ratios(ladder, settings),
        *_masses(ladder, settings),
        *_shape(ladder, settings),
    )


def _structure(ladder: Ladder, settings: Settings) -> Iterator[Margin]:
    volumes, indents = ladder
    core, generation = settings.core, settings.generation
    yield _equal("HC0", "core.num_orders", len(volumes), core.num_orders)
    yield _equal("HC0", "orders.volumes_pct", total(volumes), 100)
    yield _least("HC0", "constraints.first_volume_min", [(1, volumes[0])], settings.first_volume_min)
    yield _equal("HC0", "generation.first_indent_pct", indents[0], generation.first_indent_pct, order=1)
    yield _equal("HC0", "core.overlap_pct", indents[-1], core.overlap_pct, order=len(indents))
    least = generation.min_indent_step_pct
    yield _least("HC0", "generation.min_indent_step_pct", enumerate(steps(indents), start=2), least)


def _ratios(ladder: Ladder, settings: Settings) -> Iterator[Margin]:
    bounds = settings.constraints
    ratio = ratios(ladder.volumes)
    second, later = [(2, ratio[0])], list(enumerate(ratio[1:], start=3))
    cap, setting = bounds.m2_max, "constraints.m2_max"
    if bounds.c2 - 1 < cap:
        cap, setting = bounds.c2 - 1, "constraints.c2"
    yield _least("HC1", "constraints.m2_min", second, bounds.m2_min)
    yield _most("HC1", setting, second, cap)
    growth = ((order, after - before) for order, (before, after) in enumerate(pairwise(ladder.volumes), start=2))
    yield _least("HC2", "constraints.growth_eps", growth, bounds.growth_eps)
    if later:
        yield _least("HC3", "constraints.m_min", later, bounds.m_min)
        caps = ceiling(len(ladder.volumes), bounds)
        nearest = min(zip(later, caps, strict=True), key=lambda one: one[1] - one[0][1])
        upper = "constraints.m_max" if nearest[1] == bounds.m_max else "constraints.ceiling"
        yield _most("HC3", upper, [nearest[0]], nearest[1])
        slopes = ((order, abs(slope)) for order, slope in enumerate(_slopes(ratio), start=3))
        yield _most("HC4", "constraints.slope_cap", slopes, bounds.slope_cap)


def _masses(ladder: Ladder, settings: Settings) -> Iterator[Margin]:
    bounds, volumes = settings.constraints, ladder.volumes
    count, last = quarter(len(volumes)), len(volumes)
    yield _most("HC5", "constraints.q1_cap", [(count, total(volumes[:count]))], bounds.q1_cap)
    yield _least("HC5", "constraints.tail_floor", [(last - count + 1, total(volumes[-count:]))], bounds.tail_floor)
    yield _most("HC5", "constraints.tail_cap", [(last, volumes[-1])], bounds.tail_cap)


def _shape(ladder: Ladder, settings: Settings) -> Iterator[Margin]:
    bounds, ratio = settings.constraints, ratios(ladder.volumes)
    slopes = _slopes(ratio)
    yield _most(
        "HC6", "constraints.max_plateau", [(None, longest_flat(slopes, bounds.flat - TOLERANCE))], bounds.max_plateau
    )
    if len(ladder.volumes) >= SMALLEST_WAVE:
        deviation = math.sqrt(variance(ratio))
        yield _least("HC7", "constraints.wave_std_min", [(None, deviation)], bounds.wave_std_min)
        found = turns(slopes, bounds.wave_turn_min - TOLERANCE)
        yield _least("HC7", "constraints.wave_turns_min", [(None, found)], bounds.wave_turns_min)


def _slopes(ratio: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(ratio)]


def _equal(code: str, setting: str, actual: float, limit: float, *, order: int | None = None) -> Margin:
    return Margin(code, setting, order, actual, limit, -abs(actual - limit) or 0.0)


def _least(code: str, setting: str, values: Iterable[tuple[int | None, float]], limit: float) -> Margin:
    order, actual = min(values, key=lambda one: one[1])
    return Margin(code, setting, order, actual, limit, actual - limit)


def _most(code: str, setting: str, values: Iterable[tuple[int | None, float]], limit: float) -> Margin:
    order, actual = max(values, key=lambda one: one[1])
    return Margin(code, setting, order, actual, limit, limit - actual)
