"""How first candidates are drawn: the meaning of the settings `generation.*`, as points that a decoder reads."""

import math

import numpy as np
from numpy.random import Generator

from deskc.ladder.parameters import Floats
from deskc.ladder.room import Room
from deskc.ladder.settings import Settings

__all__ = ["drawn", "encoded", "with_prices"]

_HALVINGS = 60
_STEEPEST = 1e3  # the growth from one order to the next above which no first volume is looked for
_SOFTEN = 1e-3  # as in the decoder: the least odds of a coordinate for a step


def drawn(settings: Settings, space: Room, rng: Generator, count: int) -> Floats:
    """Return `count` points (count, N - 1) of the unit cube for first candidates.

    Without `wave_pattern` they are drawn evenly from the whole cube. With it the volumes are a softmax of temperature
    `softmax_temp` over logarithms that grow in waves: around a steady growth, at which the first order has
    `first_volume_target` percent of the budget, the growth swings up and down in turn by `wave_amp_min` to
    `wave_amp_max`. In the mode `anchors` it swings between so many anchors and is straight between them; in the mode
    `blocks` it stays at one height for each of so many blocks. What a bound does not let stand moves to the bound.
    """
    ratios = space.orders - 1
    if not settings.generation.wave_pattern:
        return rng.random((count, ratios))
    steady = _steady(space.orders, settings.generation.first_volume_target)
    swings = np.array([_swing(settings, ratios, rng) for _ in range(count)]).reshape(count, ratios)
    return encoded(np.expm1(steady + swings / settings.generation.softmax_temp), space)


def _steady(orders: int, first_pct: float) -> float:
    """Return the logarithm of the growth from order to order at which the first order has `first_pct` percent."""
    low, high = -math.log(_STEEPEST), math.log(_STEEPEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        first = 100 / sum(math.exp(min(middle * place, 700.0)) for place in range(orders))
        low, high = (middle, high) if first > first_pct else (low, middle)
    return (low + high) / 2


def _swing(settings: Settings, ratios: int, rng: Generator) -> Floats:
    """Return by how much each growth swings around the steady one, in logarithms."""
    bounds = settings.generation
    count = bounds.anchors if bounds.wave_mode == "anchors" else bounds.blocks
    first = 1.0 if rng.random() < 1 / 2 else -1.0
    heights = first * (-1.0) ** np.arange(count) * rng.uniform(bounds.wave_amp_min, bounds.wave_amp_max, count)
    if bounds.wave_mode == "blocks":
        return np.asarray(heights[np.arange(ratios) * count // ratios])
    return np.interp(np.arange(ratios), np.linspace(0, ratios - 1, count), heights)


def encoded(ratios: Floats, space: Room) -> Floats:
    """Return the points that the decoder reads as ratios m_2 … m_N, (n, N - 1); any others move into their band."""
    points = np.empty_like(ratios)
    low, high = np.full(len(ratios), space.second[0]), np.full(len(ratios), space.second[1])
    for place in range(ratios.shape[1]):
        if place:
            before = low + points[:, place - 1] * (high - low)
            low = np.maximum(space.low, before - space.slope_cap)
            high = np.minimum(space.high[place - 1], before + space.slope_cap)
        width = np.where(high > low, high - low, 1.0)
        points[:, place] = np.clip((ratios[:, place] - low) / width, 0.0, 1.0)
    return points


def with_prices(point: Floats, indents: Floats, space: Room) -> Floats:
    """Return a point (N - 1,) with N - 2 more coordinates, which say the steps of `indents` (N,)."""
    room = np.maximum(np.diff(indents) - space.least_step_pct, 0.0)
    odds = room[1:] / room[0] if room[0] > 0 else np.full(space.orders - 2, 1.0)
    coordinates = (odds * (1 + _SOFTEN) - _SOFTEN) / (1 + odds)
    return np.concatenate([point, np.clip(coordinates, 0.0, 1.0)])
