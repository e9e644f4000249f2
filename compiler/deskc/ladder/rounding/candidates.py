"""Candidates of the annealer, compiled: ratios to ladders in hundredths, what they break, and small changes of both.

Compiled functions share one module: their cache goes by the time of one file.
"""

from typing import NamedTuple, TypeAlias

import numpy as np

from deskc.ladder.compiled import compiled
from deskc.ladder.rounding.limits import FINE, Floats, Integers, Limits
from deskc.ladder.rounding.methods import HUNDRED

__all__ = [
    "Made",
    "decode",
    "equal_needs",
    "excess",
    "excess_of_real",
    "move_cents",
    "none_exists",
    "propose",
    "window",
]

_INSIDE = 1e-9  # floats keep this far inside; whole numbers are compared exactly
_MISSING = 0.01  # what one order too many in a plateau, or a turn too few, costs beside its distance
_HALVINGS = 40
_ONE, _PAIR, _SWAP, _ALL = 0.40, 0.70, 0.85, 0.95  # cumulative shares of the kinds of change
_CENTS, _INDENTS = 0.5, 0.8  # below the first cents move, between them indents shift, above both
_THREE = 3
_TIMES = 3  # at most so many changes at once
_MEAN = 4.0  # hundredths that a change moves more than one

Generator: TypeAlias = np.random.Generator


class Made(NamedTuple):
    """Room for n candidates of N orders: ratios m_2 … m_N, volumes in hundredths, indents in percent, what they break.

    Shapes (n, N - 1), (n, N), (n, N) and (n,).
    """

    ratios: Floats
    volumes: Floats
    indents: Floats
    excess: Floats


@compiled
def window(limits: Limits, place: int, before: int, earlier: int) -> tuple[int, int]:
    """Return the least and the greatest v_k that HC1 to HC4 allow after v_{k-1} and v_{k-2}, in exact arithmetic.

    `place` is k - 1, `earlier` 0 where there is no v_{k-2}. The first may exceed the second: then none is allowed.
    """
    low = max(1, before + limits.growth, -((-limits.low[place] * before) // FINE))
    high = min(HUNDRED, limits.high[place] * before // FINE)
    if earlier > 0:
        cap, part = limits.slope
        square, reach = before * before * part, cap * before * earlier
        low = max(low, -((reach - square) // (part * earlier)))
        high = min(high, (square + reach) // (part * earlier))
    return low, high


@compiled
def decode(shares: Floats, limits: Limits, volumes: Integers) -> None:
    """Round shares of 10000, each into the window that those before leave it; the last order takes the residue."""
    left = HUNDRED
    for place in range(limits.orders - 1):
        nearest = int(np.floor(shares[place] + 0.5))
        if place == 0:
            volumes[0] = max(limits.first, nearest)
        else:
            earlier = volumes[place - 2] if place > 1 else 0
            low, high = window(limits, place, volumes[place - 1], earlier)
            volumes[place] = min(HUNDRED, max(low, min(high, nearest)))
        left -= volumes[place]
    volumes[limits.orders - 1] = left


@compiled
def excess(volumes: Integers, limits: Limits, ratio: Floats) -> float:
    """Return 0 for volumes that keep all limits, else how far they are off, in ratios; write m_2 … m_N to `ratio`.

    Every volume but the last must be above 0. HC1 to HC5 are exact; HC6 and HC7 keep 1e-9 inside.
    """
    found = max(0.0, (limits.first - volumes[0]) / limits.first)
    for place in range(1, limits.orders):
        before, volume = volumes[place - 1], volumes[place]
        low, high = window(limits, place, before, volumes[place - 2] if place > 1 else 0)
        found += float(max(0, low - volume, volume - high)) / before
        ratio[place - 1] = volume / before - 1
    head, tail = 0, 0
    for place in range(limits.quarter):
        head += volumes[place]
        tail += volumes[limits.orders - 1 - place]
    last = volumes[limits.orders - 1]
    over = max(0, head - limits.head_cap) + max(0, limits.tail_floor - tail) + max(0, last - limits.last_cap)
    return float(found + over / HUNDRED + _shape(ratio, limits))


@compiled
def excess_of_real(volumes: Floats, limits: Limits, ratio: Floats, least: tuple[float, float]) -> float:
    """Return the same of volumes that are no whole numbers and whose ratios keep HC1, HC3 and HC4 already.

    `least` are the first volume's floor and HC2's growth in hundredths, unrounded.
    """
    found = max(0.0, least[0] * (1 + _INSIDE) - volumes[0])
    for place in range(1, limits.orders):
        found += max(0.0, volumes[place - 1] + least[1] - volumes[place])
    head, tail = _INSIDE, -_INSIDE
    for place in range(limits.quarter):
        head += volumes[place]
        tail += volumes[limits.orders - 1 - place]
    last = volumes[limits.orders - 1] + _INSIDE
    over = max(0.0, head - limits.head_cap) + max(0.0, limits.tail_floor - tail) + max(0.0, last - limits.last_cap)
    return float(found + over / HUNDRED + _shape(ratio, limits))


@compiled
def _shape(ratio: Floats, limits: Limits) -> float:
    """Return how far ratios are from HC6 and HC7."""
    found, run, turns, nearly, before = 0.0, 0, 0, 0.0, 0.0
    for place in range(1, len(ratio)):
        slope = ratio[place] - ratio[place - 1]
        size = abs(slope)
        run = run + 1 if size < limits.flat + _INSIDE else 0
        if run > limits.plateau:
            found += limits.flat - size + _MISSING
        if slope * before < 0:
            strength = min(size, abs(before))
            if strength >= limits.turn + _INSIDE:
                turns += 1
            else:
                nearly = max(nearly, strength)
        before = slope
    if turns < limits.turns:
        found += (limits.turns - turns) * (limits.turn + _MISSING) - nearly
    if limits.deviation > 0:
        found += max(0.0, limits.deviation + _INSIDE - float(np.std(ratio)))
    return found


@compiled
def equal_needs(volumes: Floats, limits: Limits, indents: Floats) -> None:
    """Write the indents in percent at which every order from the second on has the same need (LADDER 6).

    Where a step falls below the least, it has the least, and the others share what that costs. Volumes count in any
    unit; they must be above 0.
    """
    count, sign = limits.orders, limits.sign
    start, end = 1 - sign * limits.start / 100, 1 - sign * limits.end / 100
    low, high = 0.0, abs(start / end - 1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (_reached(volumes, limits, middle, indents) - end / start) * sign > 0:
            low = middle
        else:
            high = middle
    _reached(volumes, limits, low, indents)
    spare, width = 0.0, limits.end - limits.start - (count - 1) * limits.least
    before = limits.start
    for place in range(1, count):
        indent = 100 * sign * (1 - start * indents[place])
        indents[place] = max(0.0, indent - before - limits.least)
        spare += indents[place]
        before = indent
    indents[0] = limits.start
    for place in range(1, count):
        part = indents[place] * (width / spare) if spare > 0 else width / (count - 1)
        indents[place] = indents[place - 1] + limits.least + part
    indents[count - 1] = limits.end


@compiled
def _reached(volumes: Floats, limits: Limits, tau: float, prices: Floats) -> float:
    """Write each price over the first where all needs are `tau` before the gain; return the last."""
    step = limits.sign * tau
    whole, prices[0] = volumes[0], 1.0
    for place in range(1, limits.orders):
        share = whole / (whole + volumes[place])
        whole += volumes[place]
        later = 1.0 if place == 1 else 1 + step
        if limits.quote:
            factor = max(0.0, 1 + step - step / share) * later / (1 + step)
        else:
            factor = share / max(share + step, 1e-12) * later
        prices[place] = prices[place - 1] * factor
    return float(prices[limits.orders - 1])


@compiled
def propose(rng: Generator, ratios: Floats, limits: Limits, width: float, made: Made) -> None:
    """Change each row of ratios (n, N - 1) a little and write the ladder in hundredths that it decodes to."""
    volumes = np.empty(limits.orders, np.int64)
    shares, found = np.empty(limits.orders), np.empty(limits.orders - 1)
    for row in range(len(ratios)):
        made.ratios[row] = ratios[row]
        _shares(ratios[row], shares)
        _change(rng, made.ratios[row], shares, width)
        _project(made.ratios[row], limits)
        _shares(made.ratios[row], shares)
        if limits.whole:
            decode(shares, limits, volumes)
            made.excess[row] = excess(volumes, limits, found)
            made.volumes[row] = volumes
        else:
            made.excess[row] = excess_of_real(shares, limits, made.ratios[row], limits.real_least)
            made.volumes[row] = shares
        if made.volumes[row, limits.orders - 1] > 0:
            equal_needs(made.volumes[row], limits, made.indents[row])


@compiled
def _change(rng: Generator, ratio: Floats, shares: Floats, width: float) -> None:
    """Change one ratio, two against each other, swap two neighbours, raise or lower all, or draw one anew."""
    count = len(ratio)
    kind, place = rng.random(), rng.integers(0, count)
    amount = min(1.0, max(width, 1 / shares[place])) * rng.standard_normal()
    other = (place + 1) % count
    if kind < _ONE:
        ratio[place] += amount
    elif kind < _PAIR:
        ratio[place] += amount
        ratio[other] -= amount
    elif kind < _SWAP:
        ratio[place], ratio[other] = ratio[other], ratio[place]
    elif kind < _ALL:
        for one in range(count):
            ratio[one] += amount / count
    else:
        ratio[place] = rng.random()


@compiled
def _project(ratio: Floats, limits: Limits) -> None:
    """Move each ratio into its band and within the slope cap of the one before, so that HC1, HC3 and HC4 hold."""
    cap = limits.slope[0] / limits.slope[1] - _INSIDE
    for place in range(len(ratio)):
        low = limits.low[place + 1] / FINE - 1 + _INSIDE
        high = limits.high[place + 1] / FINE - 1 - _INSIDE
        if place > 0:
            low, high = max(low, ratio[place - 1] - cap), min(high, ratio[place - 1] + cap)
        ratio[place] = max(low, min(high, ratio[place]))


@compiled
def _shares(ratio: Floats, shares: Floats) -> None:
    """Write the volumes with these ratios, as shares of 10000."""
    shares[0] = whole = 1.0
    for place in range(len(ratio)):
        shares[place + 1] = shares[place] * (1 + ratio[place])
        whole += shares[place + 1]
    for place in range(len(shares)):
        shares[place] *= HUNDRED / whole


@compiled
def move_cents(rng: Generator, volumes: Integers, indents: Integers, limits: Limits, made: Made) -> None:
    """Write changes of one ladder in hundredths: cents that go from one order to another, indents that shift."""
    found, moved, shifted = (
        np.empty(limits.orders - 1),
        np.empty(limits.orders, np.int64),
        np.empty(limits.orders, np.int64),
    )
    least = int(np.ceil(limits.least * 100 - _INSIDE))
    for row in range(len(made.excess)):
        moved[:], shifted[:] = volumes, indents
        kind = rng.random()
        for _ in range(1 + int(rng.integers(0, _TIMES))):
            if kind < _CENTS or kind > _INDENTS:
                _give(rng, moved)
            if kind > _CENTS and limits.orders > 2:  # noqa: PLR2004 - the ends stay where they are
                _shift(rng, shifted, least)
        made.excess[row] = excess(moved, limits, found)
        made.volumes[row] = moved
        made.indents[row] = shifted / 100


@compiled
def _give(rng: Generator, volumes: Integers) -> None:
    """Move some cents from one order to another, and leave it one."""
    giver, taker = rng.integers(0, len(volumes)), rng.integers(0, len(volumes))
    amount = min(volumes[giver] - 1, _few(rng))
    volumes[giver] -= amount
    volumes[taker] += amount


@compiled
def _shift(rng: Generator, indents: Integers, least: int) -> None:
    """Move an indent between its neighbours, the least step away from each."""
    place = 1 + rng.integers(0, len(indents) - 2)
    amount = _few(rng) if rng.random() < 0.5 else -_few(rng)  # noqa: PLR2004 - as often nearer as farther
    indents[place] = max(indents[place - 1] + least, min(indents[place + 1] - least, indents[place] + amount))


@compiled
def _few(rng: Generator) -> int:
    """Return 1, 2, 3 … hundredths, larger ones less often."""
    return 1 + int(-_MEAN * np.log(1 - rng.random()))


@compiled
def none_exists(limits: Limits) -> bool:
    """Try every ladder of two or three orders in hundredths; say whether none keeps all limits."""
    volumes, found = np.empty(limits.orders, np.int64), np.empty(limits.orders - 1)
    for first in range(limits.first, min(HUNDRED - 1, limits.head_cap) + 1):
        volumes[0] = first
        low, high = window(limits, 1, first, 0)
        left = HUNDRED - first
        for second in range(low, min(high, left) + 1):
            volumes[1] = second
            if limits.orders == _THREE:
                least, most = window(limits, 2, second, first)
                if not least <= left - second <= most:
                    continue
                volumes[2] = left - second
            elif second != left:
                continue
            if excess(volumes, limits, found) == 0:
                return False
    return True
