"""The score and the hard constraints of LADDER 2 and 3 as one writes them in NumPy: whole arrays, no loop over ladders.

Orders are the first axis, so that every operation runs along many ladders at once and NumPy's sums stay vectorised;
ladders go through in blocks that fit a core's cache. Both were measured to be the faster choice.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.settings import Settings

__all__ = ["BLOCK", "judge"]

Floats: TypeAlias = NDArray[np.float64]
BLOCK = 512
_TOLERANCE = 1e-9


class _Block(NamedTuple):
    """What several formulas share; the orders are the first axis, the ladders the second."""

    volume: Floats
    price: Floats
    step: Floats
    ratio: Floats
    slope: Floats
    sums: Floats
    need: Floats


def judge(volumes: Floats, indents: Floats, settings: Settings) -> tuple[Floats, NDArray[np.uint8], Floats]:
    """Return J, the violations as bits and the greatest needs of sound ladders (n, orders), the ceiling off."""
    parts = list(_blocks(volumes, indents, settings))
    scores, violations, needs = (np.concatenate(column) for column in zip(*parts, strict=True))
    return scores, violations, needs


def _blocks(volumes: Floats, indents: Floats, settings: Settings) -> Iterator[tuple[Floats, NDArray[np.uint8], Floats]]:
    for first in range(0, len(volumes), BLOCK):
        volume, indent = (np.ascontiguousarray(half[first : first + BLOCK].T) for half in (volumes, indents))
        block = _prepare(volume, indent, settings)
        worst = block.need.max(axis=0)
        yield _score(block, worst, settings), _violations(block, indent, settings), worst


def _prepare(volume: Floats, indent: Floats, settings: Settings) -> _Block:
    core = settings.core
    price = core.base_price * (1 - core.sign * indent / 100)
    sums = np.cumsum(volume, axis=0)
    if core.sizing == "base":
        average = np.cumsum(volume * price, axis=0) / sums
    else:
        average = sums / np.cumsum(volume / price, axis=0)
    ratio = volume[1:] / volume[:-1] - 1
    need = 100 * core.sign * (core.gain * average / price - 1)
    return _Block(volume, price, np.diff(indent, axis=0), ratio, np.diff(ratio, axis=0), sums, need)


def _score(block: _Block, worst: Floats, settings: Settings) -> Floats:
    weights, count = settings.scoring, len(block.volume)
    whole = block.sums[-1]
    share = block.volume / whole
    ranks = (2 * np.arange(count) + 1.0 - count)[:, None]
    cap = settings.constraints.tail_cap
    parts = (
        (np.sort(block.volume, axis=0) * ranks).sum(axis=0) / (count * whole)
        + 1
        + (share * np.log(share)).sum(axis=0) / np.log(count)
        + np.maximum(0, -block.step).sum(axis=0)
        + block.step.var(axis=0) / 100
        + np.maximum(0, block.volume[-1] - cap) / cap
        + _wave(block.ratio, settings)
    )
    tail = block.volume[4 * count // 5 :].sum(axis=0) / whole
    value: Floats = (
        weights.alpha * worst
        + weights.beta * block.need.var(axis=0)
        + weights.gamma * (1 - tail)
        + weights.lambda_ * parts
    )
    return value


def _wave(ratio: Floats, settings: Settings) -> Floats:
    strong, weak = ratio >= settings.generation.strong, ratio <= settings.generation.weak
    alike = (strong[1:] & strong[:-1]) | (weak[1:] & weak[:-1])
    unlike = ((strong[1:] | strong[:-1]) & (weak[1:] | weak[:-1])) & ~alike
    found: Floats = np.maximum(0, 0.2 * alike.sum(axis=0) - 0.1 * unlike.sum(axis=0))
    return found


def _violations(block: _Block, indent: Floats, settings: Settings) -> NDArray[np.uint8]:
    core, generation, bounds = settings.core, settings.generation, settings.constraints
    volume, ratio, size = block.volume, block.ratio, np.abs(block.slope)
    quarter = -(-len(volume) // 4)
    kept = (
        (np.abs(block.sums[-1] - 100) <= _TOLERANCE)
        & (volume[0] >= settings.first_volume_min - _TOLERANCE)
        & (np.abs(indent[0] - generation.first_indent_pct) <= _TOLERANCE)
        & (np.abs(indent[-1] - core.overlap_pct) <= _TOLERANCE)
        & (block.step.min(axis=0) >= generation.min_indent_step_pct - _TOLERANCE),
        (ratio[0] >= bounds.m2_min - _TOLERANCE) & (ratio[0] <= min(bounds.m2_max, bounds.c2 - 1) + _TOLERANCE),
        (volume[1:] >= volume[:-1] + bounds.growth_eps - _TOLERANCE).all(axis=0),
        (ratio[1:].min(axis=0) >= bounds.m_min - _TOLERANCE) & (ratio[1:].max(axis=0) <= bounds.m_max + _TOLERANCE),
        size.max(axis=0) <= bounds.slope_cap + _TOLERANCE,
        (block.sums[quarter - 1] <= bounds.q1_cap + _TOLERANCE)
        & (volume[-quarter:].sum(axis=0) >= bounds.tail_floor - _TOLERANCE)
        & (volume[-1] <= bounds.tail_cap + _TOLERANCE),
        ~_plateau(size < bounds.flat - _TOLERANCE, bounds.max_plateau + 1),
        _waves(block, size >= bounds.wave_turn_min - _TOLERANCE, settings),
    )
    found = np.zeros(volume.shape[1], dtype=np.uint8)
    for code, sound in enumerate(kept):
        found |= (~sound).astype(np.uint8) << np.uint8(code)
    return found


def _plateau(flat: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Say which ladders have `length` flat slopes in a row."""
    starts = len(flat) - length + 1
    runs = flat[:starts].copy()
    for offset in range(1, length):
        runs &= flat[offset : offset + starts]
    found: NDArray[np.bool_] = np.any(runs, axis=0)
    return found


def _waves(block: _Block, large: NDArray[np.bool_], settings: Settings) -> NDArray[np.bool_]:
    bounds, rising = settings.constraints, block.slope > 0
    turns = (large[1:] & large[:-1] & (rising[1:] != rising[:-1])).sum(axis=0)
    wide = block.ratio.std(axis=0) >= bounds.wave_std_min - _TOLERANCE
    found: NDArray[np.bool_] = np.logical_and(wide, turns >= bounds.wave_turns_min)
    return found
