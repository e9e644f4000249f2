"""Points of a unit cube to ladders that keep HC0 to HC4, and HC5 where one ladder is known that does: compiled.

A search moves points; which ladders there are is decided here, LADDER 6. The first N - 1 coordinates are the ratios:
m_k lies at its coordinate's share of what m_{k-1} leaves of its band. Ratios whose volumes break HC5, HC2 or the first
volume's floor move towards the anchor (see `room`) until they do not; HC1, HC3 and HC4 are linear in the ratios, so
they hold on the way. Prices follow from the volumes, needs equalised, or from N - 2 more coordinates.
"""

from typing import NamedTuple

import numpy as np

from deskc.ladder.compiled import compiled
from deskc.ladder.kernels import Judged, judge_batch
from deskc.ladder.parameters import Floats, Parameters
from deskc.ladder.room import Room

__all__ = ["Decoded", "decode", "decode_and_score"]

LANES = 32
CHUNK = 1024  # ladders that fit a core's cache between decoding and judging
HALVINGS = 12  # how closely a moved ladder follows the edge of what HC5 allows: 2^-12 of the way to the anchor
ROUNDS = 60
ENOUGH = 1e-11  # the relative step after which Newton's next one is below what a float holds
SOFTEN = 1e-3  # the least odds of a coordinate for a step, and the inverse of the greatest

# One order in `rows`, and one number a lane in `found`.
WANTED, VOLUME, SHARE, INDENT = 0, LANES, 2 * LANES, 3 * LANES
STRIDE = 4 * LANES
MOVE, FROM, TO, KEPT, WHOLE, HEAD, BODY, LAST, GROWTH, Z, PRODUCT, SLOPE, CHANGE, SURPLUS = (
    place * LANES for place in range(14)
)
ALL = 14 * LANES


class Decoded(NamedTuple):
    """Ladders in percent, both of shape (n, orders)."""

    volumes: Floats
    indents: Floats


def decode(points: Floats, space: Room) -> Decoded:
    """Return a ladder for each point of [0, 1]^(N - 1), prices free, or of [0, 1]^(2N - 3), prices by coordinates.

    Volumes sum to 100 and steps are `min_indent_step_pct` or more. Where the closed form of the free prices would take
    a step below that, the step is raised and the others shrink in proportion; the linear program in the prices has the
    optimum for those. Raise ValueError where `points` has another shape.
    """
    ratios = space.orders - 1
    if points.ndim != 2 or points.shape[1] not in {ratios, 2 * ratios - 1}:  # noqa: PLR2004
        raise ValueError(f"points {points.shape} are not n points of {ratios} or {2 * ratios - 1} coordinates each")
    made = Decoded(np.empty((len(points), space.orders)), np.empty((len(points), space.orders)))
    _decode_all(np.ascontiguousarray(points, float), space, made)
    return made


def decode_and_score(points: Floats, space: Room, parameters: Parameters) -> tuple[Decoded, Judged]:
    """Return the ladders of `decode` and what they are worth, as `kernels.judge_batch` says it."""
    made = Decoded(np.empty((len(points), space.orders)), np.empty((len(points), space.orders)))
    judged = Judged(np.empty(len(points)), np.empty(len(points), dtype=np.uint8), np.empty(len(points)))
    for first in range(0, len(points), CHUNK):
        part = slice(first, first + CHUNK)
        ladders = decode(points[part], space)
        made.volumes[part], made.indents[part] = ladders
        judged.scores[part], judged.violations[part], judged.max_needs[part] = judge_batch(*ladders, parameters)
    return made, judged


@compiled
def _decode_all(points: Floats, s: Room, made: Decoded) -> None:
    rows, found = np.empty(s.orders * STRIDE), np.empty(ALL)
    free = points.shape[1] == s.orders - 1
    for first in range(0, points.shape[0], LANES):
        _ratios(points, rows, first, s)
        found[:] = 0.0
        _move(rows, found, s)
        _volumes(rows, found, s)
        if free:
            _equalise(rows, found, s)
            _prices(rows, found, s)
        else:
            _odds(points, rows, first, s)
        _spread(rows, found, s)
        for lane in range(min(LANES, points.shape[0] - first)):
            percent = 100.0 / found[WHOLE + lane]
            for k in range(s.orders):
                made.volumes[first + lane, k] = rows[k * STRIDE + VOLUME + lane] * percent
                made.indents[first + lane, k] = rows[k * STRIDE + INDENT + lane]


@compiled
def _ratios(points: Floats, rows: Floats, first: int, s: Room) -> None:
    """Write the ratios that the points ask for, side by side; lanes without a point repeat the last one."""
    for k in range(1, s.orders):
        for lane in range(LANES):
            rows[k * STRIDE + WANTED + lane] = points[min(first + lane, points.shape[0] - 1), k - 1]
    for lane in range(LANES):
        rows[STRIDE + WANTED + lane] = s.second[0] + rows[STRIDE + WANTED + lane] * (s.second[1] - s.second[0])
    for k in range(s.orders - 2):
        at, most = (k + 1) * STRIDE, s.high[k]
        for lane in range(LANES):
            before = rows[at + WANTED + lane]
            low, high = max(s.low, before - s.slope_cap), min(most, before + s.slope_cap)
            rows[at + STRIDE + WANTED + lane] = low + rows[at + STRIDE + WANTED + lane] * (high - low)


@compiled
def _move(rows: Floats, found: Floats, s: Room) -> None:
    """Find how far towards the anchor lanes must move that break HC5, HC2 or the first volume's floor: see MOVE."""
    _keeps(rows, found, s)
    kept = 0.0
    for lane in range(LANES):
        kept += found[KEPT + lane]
        found[TO + lane] = 1.0 - found[KEPT + lane]
    if kept == LANES or not s.anchored:
        return
    for _ in range(HALVINGS):
        for lane in range(LANES):
            found[MOVE + lane] = (found[FROM + lane] + found[TO + lane]) / 2.0
        _keeps(rows, found, s)
        for lane in range(LANES):
            kept_now = found[KEPT + lane] != 0.0
            found[TO + lane] = found[MOVE + lane] if kept_now else found[TO + lane]
            found[FROM + lane] = found[FROM + lane] if kept_now else found[MOVE + lane]
    for lane in range(LANES):
        found[MOVE + lane] = found[TO + lane]


@compiled
def _keeps(rows: Floats, found: Floats, s: Room) -> None:
    """Say whether the moved ratios keep what depends on volumes; the sums are in units of the first volume."""
    for lane in range(LANES):
        found[LAST + lane] = found[WHOLE + lane] = 1.0
        found[GROWTH + lane] = np.inf
    for k in range(1, s.orders):
        at, anchor = k * STRIDE, s.anchor[k - 1]
        for lane in range(LANES):
            wanted, whole = rows[at + WANTED + lane], found[WHOLE + lane]
            found[HEAD + lane] = whole if k == s.quarter else found[HEAD + lane]
            found[BODY + lane] = whole if k == s.orders - s.quarter else found[BODY + lane]
            growth = found[LAST + lane] * (wanted + found[MOVE + lane] * (anchor - wanted))
            found[LAST + lane] += growth
            found[WHOLE + lane] = whole + found[LAST + lane]
            found[GROWTH + lane] = min(found[GROWTH + lane], growth)
    for lane in range(LANES):
        whole, percent = found[WHOLE + lane], 100.0 / found[WHOLE + lane]
        kept = (found[HEAD + lane] * percent <= s.q1_cap) & ((whole - found[BODY + lane]) * percent >= s.tail_floor)
        kept &= (found[LAST + lane] * percent <= s.tail_cap) & (percent >= s.first_volume_min)
        kept &= found[GROWTH + lane] * percent >= s.growth_eps
        found[KEPT + lane] = 1.0 if kept else 0.0


@compiled
def _volumes(rows: Floats, found: Floats, s: Room) -> None:
    """Write the volumes of the moved ratios, v_1 = 1, and the part a_k = v_k / V_{k-1} that each adds to its sum."""
    for lane in range(LANES):
        rows[VOLUME + lane] = found[WHOLE + lane] = 1.0
    for k in range(s.orders - 1):
        at, anchor = k * STRIDE, s.anchor[k]
        for lane in range(LANES):
            before, wanted = rows[at + VOLUME + lane], rows[at + STRIDE + WANTED + lane]
            volume = before + before * (wanted + found[MOVE + lane] * (anchor - wanted))
            rows[at + STRIDE + VOLUME + lane] = volume
            rows[at + STRIDE + SHARE + lane] = volume / found[WHOLE + lane]
            found[WHOLE + lane] += volume


@compiled
def _equalise(rows: Floats, found: Floats, s: Room) -> None:
    """Solve for the prices at which all needs from the second on are equal (LADDER 6, its third point).

    With a_k = v_k / V_{k-1} both sizings and both sides come to Π (1 + z a_k) / (1 - z) = target over k = 2 … N: z is
    sτ/(1 + sτ) for base sizing and -sτ for quote. From z = 0 on, Newton's steps on the side that is convex (the inverse
    where the target is above 1) go one way and never past the root.
    """
    for _ in range(ROUNDS):
        for lane in range(LANES):
            found[PRODUCT + lane], found[SLOPE + lane] = 1.0, 0.0
        for k in range(1, s.orders):
            at = k * STRIDE
            for lane in range(LANES):
                share = rows[at + SHARE + lane]
                factor = 1.0 + found[Z + lane] * share
                found[SLOPE + lane] = found[SLOPE + lane] * factor + found[PRODUCT + lane] * share
                found[PRODUCT + lane] *= factor
        for lane in range(LANES):
            z = found[Z + lane]
            value = found[PRODUCT + lane] / (1.0 - z)
            slope = found[SLOPE + lane] / found[PRODUCT + lane] + 1.0 / (1.0 - z)
            change = (1.0 - value / s.target if s.target > 1.0 else s.target / value - 1.0) / slope
            found[Z + lane] = z + change
            found[CHANGE + lane] = 1.0 if abs(change) > ENOUGH * abs(z) else 0.0
        going = 0.0
        for lane in range(LANES):
            going += found[CHANGE + lane]
        if going == 0.0:
            break


@compiled
def _prices(rows: Floats, found: Floats, s: Room) -> None:
    """Write how far each order's step goes beyond the least one: p_k / p_{k-1} is 1 + z a_k or its inverse."""
    start = 1.0 - s.sign * s.first_indent_pct / 100.0
    for lane in range(LANES):
        found[PRODUCT + lane] = start
    for k in range(1, s.orders):
        at = k * STRIDE
        for lane in range(LANES):
            z = found[Z + lane]
            factor = (1.0 + z * rows[at + SHARE + lane]) / (1.0 - z if k == 1 else 1.0)
            before = found[PRODUCT + lane]
            price = before * factor if s.quote else before / factor
            found[PRODUCT + lane] = price
            rows[at + INDENT + lane] = max(0.0, 100.0 * s.sign * (before - price) - s.least_step_pct)


@compiled
def _odds(points: Floats, rows: Floats, first: int, s: Room) -> None:
    """Write each step's part of the room from its coordinate's odds; the first step's are even."""
    for k in range(1, s.orders):
        for lane in range(LANES):
            row = min(first + lane, points.shape[0] - 1)
            u = points[row, s.orders + k - 3] if k > 1 else 0.5
            rows[k * STRIDE + INDENT + lane] = (u + SOFTEN) / (1.0 - u + SOFTEN)


@compiled
def _spread(rows: Floats, found: Floats, s: Room) -> None:
    """Write the indents: every step has the least length and its part of what room is left."""
    left = max(0.0, s.overlap_pct - s.first_indent_pct - (s.orders - 1) * s.least_step_pct)
    for k in range(1, s.orders):
        for lane in range(LANES):
            found[SURPLUS + lane] += rows[k * STRIDE + INDENT + lane]
    for lane in range(LANES):
        rows[INDENT + lane] = s.first_indent_pct
        found[SURPLUS + lane] = left / found[SURPLUS + lane] if found[SURPLUS + lane] > 0.0 else 0.0
    for k in range(s.orders - 1):
        at = k * STRIDE
        for lane in range(LANES):
            step = s.least_step_pct + rows[at + STRIDE + INDENT + lane] * found[SURPLUS + lane]
            rows[at + STRIDE + INDENT + lane] = rows[at + INDENT + lane] + step
    for lane in range(LANES):
        rows[(s.orders - 1) * STRIDE + INDENT + lane] = s.overlap_pct
