"""The score and the hard constraints over batches of ladders, compiled: the plain reference's twin, bit for bit.

Ladders are judged side by side, LANES at a time: each step of the formulas is one loop over lanes, which a processor
does eight at once, while within a lane every sum still runs from the first order to the last. `rows` holds what each
order has, STRIDE numbers an order; `found` holds one number a lane for each sum and each flag (1.0 where something is
broken). Both are flat, so that the compiler sees that no two names mean one number.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.compiled import compiled
from deskc.ladder.logarithm import LN_2, ROOT_HALF
from deskc.ladder.parameters import Floats, Parameters

__all__ = ["Judged", "Masks", "judge_batch"]

Masks: TypeAlias = NDArray[np.uint8]

LANES = 32
SECOND = 2  # the zero-based index of the first order with a slope

# One order in `rows`.
VOLUME, INDENT, NEED, RATIO, STEP = 0, LANES, 2 * LANES, 3 * LANES, 4 * LANES
STRIDE = 5 * LANES

# Sums and flags in `found`.
NO_LADDER, WHOLE, SPENT, BOUGHT, WORST, NEEDS, NEED_SQUARES = (place * LANES for place in range(7))
STEPS, STEP_SQUARES, DISORDER, RATIOS, RATIO_SQUARES, WAVE, UNSORTED = (place * LANES for place in range(7, 14))
GINI, ENTROPY, TAIL, FIRST_QUARTER, LAST_QUARTER, RUN, LONGEST, TURNS = (place * LANES for place in range(14, 22))
HC0, HC2, HC3, HC4, SCORE, BROKEN = (place * LANES for place in range(22, 28))
ALL = 28 * LANES

# The bits of a float of eight bytes, and of 2^52, above which floats are whole numbers.
MANTISSA, BIAS, ONE_BITS = 52, 1023, 0x3FF0000000000000
ROOT_HALF_BITS = int(np.float64(ROOT_HALF).view(np.int64))
WHOLE_FROM, WHOLE_BITS = 2.0**52, 0x4330000000000000


class Judged(NamedTuple):
    """What a batch of n ladders is worth.

    `scores` is J of (2.1) and `max_needs` the greatest need in percent, both of shape (n,); bit k of `violations`,
    shape (n,), says that the ladder breaks HCk. A ladder without a finite score has infinity for both, and never "no
    number"; one that is no ladder (see `constraints.judge`) breaks HC0 alone besides. Infinity is for comparing:
    whoever writes results down drops those rows first.
    """

    scores: Floats
    violations: Masks
    max_needs: Floats


def judge_batch(volumes: Floats, indents: Floats, parameters: Parameters) -> Judged:
    """Score and judge ladders: `volumes` and `indents` have shape (n, orders) and are in percent.

    Raise ValueError where the shapes differ from each other or from what was packed.
    """
    if volumes.ndim != 2 or volumes.shape != indents.shape or volumes.shape[1] != parameters.orders:  # noqa: PLR2004
        raise ValueError(
            f"volumes {volumes.shape} and indents {indents.shape} are not n ladders of {parameters.orders} orders each"
        )
    count = len(volumes)
    made = Judged(np.full(count, np.inf), np.ones(count, dtype=np.uint8), np.full(count, np.inf))
    if parameters.orders > 1:
        with np.errstate(all="ignore"):  # without compilation numpy would warn of what ladders that are none give
            _judge_all(np.ascontiguousarray(volumes, float), np.ascontiguousarray(indents, float), parameters, made)
    return made


@compiled
def _judge_all(volumes: Floats, indents: Floats, p: Parameters, made: Judged) -> None:
    rows, found = np.empty(p.orders * STRIDE), np.empty(ALL)
    logs = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    for first in range(0, len(volumes), LANES):
        lanes = min(LANES, len(volumes) - first)
        _load(volumes, rows, VOLUME, first)
        _load(indents, rows, INDENT, first)
        found[:] = 0.0
        _needs(rows, found, p)
        _growth(rows, found, p)
        _rhythm(rows, found, p)
        _mass(rows, found, p)
        _squares(rows, found, p)
        _entropy(rows, found, logs, p)
        for lane in range(lanes):
            if found[UNSORTED + lane] != 0.0:
                found[GINI + lane] = _ranked(np.sort(volumes[first + lane]))
        _finish(rows, found, p)
        for lane in range(lanes):
            if found[NO_LADDER + lane] == 0.0:
                value, worst = found[SCORE + lane], found[WORST + lane]
                if p.soft:
                    value += p.lambda_ * _soft(rows, found, lane, p)
                made.violations[first + lane] = np.uint8(found[BROKEN + lane])
                if math.isfinite(value):
                    made.scores[first + lane], made.max_needs[first + lane] = value, worst


@compiled
def _load(source: Floats, rows: Floats, field: int, first: int) -> None:
    """Lay ladders side by side; lanes without a ladder repeat the last one."""
    for lane in range(LANES):
        row = min(first + lane, source.shape[0] - 1)
        for k in range(source.shape[1]):
            rows[k * STRIDE + field + lane] = source[row, k]


@compiled
def _needs(rows: Floats, found: Floats, p: Parameters) -> None:
    """Work out the needs, (1.1), (1.3) and (1.4), and what is no ladder."""
    scale = 100.0 * p.sign
    for k in range(p.orders):
        at = k * STRIDE
        for lane in range(LANES):
            volume = rows[at + VOLUME + lane]
            price = p.base_price * (1.0 - p.sign * rows[at + INDENT + lane] / 100.0)
            sound = (volume > 0.0) & (volume < np.inf) & (price > 0.0) & (price < np.inf)
            spent = found[SPENT + lane] + (volume if p.quote else volume * price)
            bought = found[BOUGHT + lane] + (volume / price if p.quote else volume)
            need = scale * (p.gain * (spent / bought) / price - 1.0)
            worst = found[WORST + lane]
            found[NO_LADDER + lane] = found[NO_LADDER + lane] if sound else 1.0
            found[SPENT + lane] = spent
            found[BOUGHT + lane] = bought
            found[WHOLE + lane] += volume
            found[WORST + lane] = need if (need > worst) | (k == 0) else worst
            found[NEEDS + lane] += need
            rows[at + NEED + lane] = need


@compiled
def _growth(rows: Floats, found: Floats, p: Parameters) -> None:
    """Work out ratios and steps, (1.2), and hold growth and steps to HC2 and HC0."""
    for k in range(p.orders - 1):
        at = k * STRIDE
        for lane in range(LANES):
            before, volume = rows[at + VOLUME + lane], rows[at + STRIDE + VOLUME + lane]
            ratio = volume / before - 1.0
            step = rows[at + STRIDE + INDENT + lane] - rows[at + INDENT + lane]
            rows[at + STRIDE + RATIO + lane] = ratio
            rows[at + STRIDE + STEP + lane] = step
            found[RATIOS + lane] += ratio
            found[STEPS + lane] += step
            found[DISORDER + lane] += max(0.0, -step)
            found[UNSORTED + lane] = found[UNSORTED + lane] if volume >= before else 1.0
            found[HC0 + lane] = found[HC0 + lane] if step >= p.step_least else 1.0
            found[HC2 + lane] = found[HC2 + lane] if volume >= before + p.growth_eps - p.tolerance else 1.0


@compiled
def _rhythm(rows: Floats, found: Floats, p: Parameters) -> None:
    """Work out the wave of (2.1), and hold ratios and slopes to HC3, HC4, HC6 and HC7."""
    for k in range(2, p.orders):
        at = k * STRIDE
        most = p.ceiling_most[k - 2]
        earlier = max(1, k - 2) * STRIDE  # at k = 2 there is no slope before: it comes out as zero or no turn
        for lane in range(LANES):
            one, other = rows[at - STRIDE + RATIO + lane], rows[at + RATIO + lane]
            slope, slope_before = other - one, one - rows[earlier + RATIO + lane]
            size = abs(slope)
            strong, strong_too, weak, weak_too = one >= p.strong, other >= p.strong, one <= p.weak, other <= p.weak
            alike = (strong & strong_too) | (weak & weak_too)
            unlike = (strong | strong_too) & (weak | weak_too)
            found[WAVE + lane] += p.cost if alike else (p.reward if unlike else 0.0)
            found[HC3 + lane] = found[HC3 + lane] if (other >= p.m_least) & (other <= most) else 1.0
            found[HC4 + lane] = found[HC4 + lane] if size <= p.slope_most else 1.0
            run = found[RUN + lane] + 1.0 if size < p.flat_most else 0.0
            longest = found[LONGEST + lane]
            found[RUN + lane] = run
            found[LONGEST + lane] = max(longest, run)
            both = (abs(slope_before) >= p.turn_least) & (size >= p.turn_least)
            turn = both & ((slope_before > 0.0) != (slope > 0.0)) & (k > SECOND)
            found[TURNS + lane] += 1.0 if turn else 0.0


@compiled
def _mass(rows: Floats, found: Floats, p: Parameters) -> None:
    """Add up what T of (2.1) and HC5 ask for."""
    for k in range(p.orders):
        at = k * STRIDE
        for lane in range(LANES):
            volume = rows[at + VOLUME + lane]
            found[TAIL + lane] += volume if k >= p.tail_from else 0.0
            found[FIRST_QUARTER + lane] += volume if k < p.quarter else 0.0
            found[LAST_QUARTER + lane] += volume if k >= p.orders - p.quarter else 0.0


@compiled
def _squares(rows: Floats, found: Floats, p: Parameters) -> None:
    """Add up the squares of three variances, and the ranked volumes of G for those that grow."""
    for lane in range(LANES):
        found[NEEDS + lane] /= p.orders
        found[RATIOS + lane] /= p.orders - 1
        found[STEPS + lane] /= p.orders - 1
    for k in range(p.orders):
        at, rank = k * STRIDE, float(2 * k + 1 - p.orders)
        for lane in range(LANES):
            need = rows[at + NEED + lane] - found[NEEDS + lane]
            found[NEED_SQUARES + lane] += need * need
            found[GINI + lane] += rank * rows[at + VOLUME + lane]
    for k in range(1, p.orders):
        at = k * STRIDE
        for lane in range(LANES):
            ratio = rows[at + RATIO + lane] - found[RATIOS + lane]
            step = rows[at + STEP + lane] - found[STEPS + lane]
            found[RATIO_SQUARES + lane] += ratio * ratio
            found[STEP_SQUARES + lane] += step * step


@compiled
def _entropy(rows: Floats, found: Floats, logs: tuple[Floats, Floats, Floats], p: Parameters) -> None:
    """Add up H of (2.1) with `logarithm.ln`: its exponent comes from the number's bits, and by bits into a float."""
    share, part, power = logs
    bits, part_bits, power_bits = share.view(np.int64), part.view(np.int64), power.view(np.int64)
    for k in range(p.orders):
        at = k * STRIDE
        for lane in range(LANES):
            share[lane] = rows[at + VOLUME + lane] / found[WHOLE + lane]
        for lane in range(LANES):
            biased = (bits[lane] - ROOT_HALF_BITS + ONE_BITS) >> MANTISSA
            part_bits[lane] = bits[lane] - ((biased - BIAS) << MANTISSA)
            power_bits[lane] = biased | WHOLE_BITS
        for lane in range(LANES):
            s = (part[lane] - 1.0) / (part[lane] + 1.0)
            square = s * s
            series = 1 / 17 + square * (1 / 19)
            series = 1 / 15 + square * series
            series = 1 / 13 + square * series
            series = 1 / 11 + square * series
            series = 1 / 9 + square * series
            series = 1 / 7 + square * series
            series = 1 / 5 + square * series
            series = 1 / 3 + square * series
            series = 1.0 + square * series
            log = (power[lane] - (WHOLE_FROM + BIAS)) * LN_2 + (s + s) * series
            found[ENTROPY + lane] += share[lane] * log


@compiled
def _soft(rows: Floats, found: Floats, lane: int, p: Parameters) -> float:
    """Return the weighted sum of SP1 … SP7, (2.2), of one ladder."""
    whole, second = found[WHOLE + lane], rows[STRIDE + VOLUME + lane] / rows[VOLUME + lane]
    outside = max(0.0, p.head_from - second, second - p.head_to)
    head, tail = found[FIRST_QUARTER + lane] / whole, found[LAST_QUARTER + lane] / whole
    over_head, under_tail = max(0.0, head - p.head_cap), max(0.0, p.tail_floor - tail)
    count = p.orders - 2
    ratios = squares = waves = steep = 0.0
    run = longest = 0
    for k in range(2, p.orders):
        ratio = rows[k * STRIDE + RATIO + lane]
        size = abs(ratio - rows[(k - 1) * STRIDE + RATIO + lane])
        run = run + 1 if size < p.flat else 0
        longest = max(longest, run)
        over = max(0.0, min(size, p.slope_cap) - p.steep_from)
        steep += over * over
        ratios += ratio
        waves += (ratio - p.wave_target[k - 2]) * (ratio - p.wave_target[k - 2])
    for k in range(2, p.orders):
        distance = rows[k * STRIDE + RATIO + lane] - ratios / count
        squares += distance * distance
    total = p.weights[0] * (outside * outside)
    total += p.weights[1] * float(max(0, longest - p.free_plateau))
    total += p.weights[2] * (max(0.0, p.least_deviation - math.sqrt(squares / count)) if count else 0.0)
    total += p.weights[3] * (math.sqrt(waves / count) if count else 0.0)
    total += p.weights[4] * (over_head * over_head)
    total += p.weights[5] * (under_tail * under_tail)
    return float(total + p.weights[6] * steep)


@compiled
def _finish(rows: Floats, found: Floats, p: Parameters) -> None:
    """Put the scores together, (2.1), and the violations: bit k for each HCk."""
    last = (p.orders - 1) * STRIDE
    for lane in range(LANES):
        whole, largest = found[WHOLE + lane], rows[last + VOLUME + lane]
        over, wave = largest - p.tail_cap, -found[WAVE + lane]
        parts = found[GINI + lane] / (p.orders * whole) + (1.0 - -found[ENTROPY + lane] / p.log_orders)
        parts = parts + found[DISORDER + lane] + found[STEP_SQUARES + lane] / (p.orders - 1) / 100.0
        parts = parts + max(0.0, over) / p.tail_cap + max(0.0, wave)
        value = p.alpha * found[WORST + lane] + p.beta * (found[NEED_SQUARES + lane] / p.orders)
        found[SCORE + lane] = value + p.gamma * (1.0 - found[TAIL + lane] / whole) + p.lambda_ * parts
    for lane in range(LANES):
        first, second, largest = rows[VOLUME + lane], rows[STRIDE + RATIO + lane], rows[last + VOLUME + lane]
        structure = p.expected & (abs(found[WHOLE + lane] - 100.0) <= p.tolerance) & (found[HC0 + lane] == 0.0)
        structure &= first >= p.first_volume_least
        structure &= abs(rows[INDENT + lane] - p.first_indent_pct) <= p.tolerance
        structure &= abs(rows[last + INDENT + lane] - p.overlap_pct) <= p.tolerance
        band = (second >= p.m2_least) & (second <= p.m2_most)
        mass = (found[FIRST_QUARTER + lane] <= p.q1_most) & (found[LAST_QUARTER + lane] >= p.tail_least)
        mass &= largest <= p.last_most
        waves = math.sqrt(found[RATIO_SQUARES + lane] / (p.orders - 1)) >= p.deviation_least
        waves &= found[TURNS + lane] >= p.turns_least
        broken = 0.0 if structure else 1.0
        broken += 0.0 if band else 2.0
        broken += 4.0 * found[HC2 + lane] + 8.0 * found[HC3 + lane] + 16.0 * found[HC4 + lane]
        broken += 0.0 if mass else 32.0
        broken += 64.0 if found[LONGEST + lane] > p.max_plateau else 0.0
        broken += 128.0 if p.wavy & (not waves) else 0.0
        found[BROKEN + lane] = broken


@compiled
def _ranked(volume: Floats) -> float:
    total = 0.0
    for k in range(len(volume)):
        total += float(2 * k + 1 - len(volume)) * volume[k]
    return total
