"""Zone patterns: in which zone of W each ratio lies and, where a wave is enforced, which way the ratios bend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import mul
from typing import NamedTuple

import numpy as np

from deskc.ladder.score import total
from deskc.ladder.search.search import Floats
from deskc.ladder.search.terms import INSIDE, WAVE_FROM, bands
from deskc.ladder.settings import Settings

__all__ = ["Pattern", "Space", "space", "wave"]

_ZONES, _MARKS = "smw", "+-."
_COST, _REWARD = 0.2, 0.1
_LOW = 0.2  # of a band
_WIDE = 40.0  # further than any two ratios lie apart
_TURNED = str.maketrans("sm", "ms")


class Pattern(NamedTuple):
    """One letter a ratio m_2 … m_N, and one mark a slope m_k - m_{k-1}, k = 3 … N.

    Zones are `s` strong, `m` middle and `w` weak. Bends are `+` and `-` for a slope that is neither flat (HC6) nor too
    small for a turn (HC7), and `.` for one that is not looked at.
    """

    zones: str
    bends: str


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The patterns of some settings, and what each says about the ratios.

    `low` and `high` hold the band of each ratio in each zone, shape (3, N - 1); `cap` is HC4's bound of a slope, `bend`
    the least size of a bend, `longest` HC6's longest run of slopes that are none, `turns` HC7's least number of turns;
    `heavy` says that the first volume's floor asks for ratios low in their bands. What is not enforced is out of reach,
    and without HC6 and HC7 no slope is looked at.
    """

    strong: float
    weak: float
    low: Floats
    high: Floats
    cap: float
    bend: float
    longest: int
    turns: int
    heavy: bool

    @property
    def ratios(self) -> int:
        """Return how many ratios a ladder has: N - 1."""
        return int(self.low.shape[1])

    @property
    def bends(self) -> bool:
        """Say whether any slope is looked at."""
        return self.longest < self.ratios or self.turns > 0

    def fits(self, pattern: Pattern) -> bool:
        """Say whether zones can be neighbours and the bends are those that HC6 and HC7 ask for."""
        if self.cap < self.strong - self.weak and ("sw" in pattern.zones or "ws" in pattern.zones):
            return False
        if "." * (self.longest + 1) in pattern.bends:
            return False
        return self.turns == 0 or sum({*pair} == {"+", "-"} for pair in pairwise(pattern.bends)) >= self.turns

    def read(self, ratios: Floats) -> Pattern:
        """Return the pattern that ratios (N - 1,) show."""
        zones = ["s" if one >= self.strong else "w" if one <= self.weak else "m" for one in ratios.tolist()]
        if not self.bends:
            return Pattern("".join(zones), "." * (len(zones) - 1))
        least = self.bend - 2 * INSIDE
        marks = ["+" if slope >= least else "-" if slope <= -least else "." for slope in np.diff(ratios).tolist()]
        return Pattern("".join(zones), "".join(marks))

    def rows(self) -> Floats:
        """Return the linear rows over the ratios: each above its band, below it, each slope above and below its own."""
        one = np.eye(self.ratios)
        slopes = one[1:] - one[:-1]
        return np.concatenate([one, -one, slopes, -slopes])

    def least(self, patterns: Sequence[Pattern]) -> Floats:
        """Return the bounds of `rows` within each of k patterns, shape (k, p): INSIDE zones, where W does not jump."""
        shape, places = (len(patterns), self.ratios), np.arange(self.ratios)
        zones = _numbers("".join(pattern.zones for pattern in patterns), _ZONES).reshape(shape)
        slopes = _numbers("".join(pattern.bends for pattern in patterns), _MARKS).reshape(shape[0], -1)
        falls = np.where(slopes == _MARKS.index("+"), self.bend, -self.cap)
        rises = np.where(slopes == _MARKS.index("-"), self.bend, -self.cap)
        return np.concatenate([self.low[zones, places], -self.high[zones, places], falls, rises], axis=1)

    def neighbours(self, pattern: Pattern) -> list[Pattern]:
        """Return the patterns one step away, in order.

        A step changes a zone or bend, swaps two, moves or turns all after or before a place, or makes those strong, or
        strong and middle in turn.
        """
        found = {Pattern(zones, pattern.bends) for zones in _zones_near(pattern.zones)}
        if self.bends:
            found |= {Pattern(pattern.zones, bends) for bends in _bends_near(pattern.bends)}
        return [other for other in sorted(found - {pattern}) if self.fits(other)]

    def every(self) -> Iterator[Pattern]:
        """Yield all patterns of a space without bends: 3,363 at N = 10 under the default slope cap."""
        pending = [""]
        while pending:
            zones = pending.pop()
            if len(zones) == self.ratios:
                yield Pattern(zones, "." * (self.ratios - 1))
            else:
                longer = (zones + letter for letter in reversed(_ZONES))
                pending += [more for more in longer if self.fits(Pattern(more[-2:], ""))]


def space(settings: Settings) -> Space:
    """Return the patterns of these settings."""
    bounds, generation, count = settings.constraints, settings.generation, settings.core.num_orders
    low, high = (np.tile(ends, (len(_ZONES), 1)) for ends in zip(*bands(settings), strict=True))
    low[0] = np.maximum(low[0], generation.strong + INSIDE)
    high[1] = np.minimum(high[1], generation.strong - INSIDE)
    low[1] = np.maximum(low[1], generation.weak + INSIDE)
    high[2] = np.minimum(high[2], generation.weak - INSIDE)
    runs, waves = "HC6" in bounds.enforce, "HC7" in bounds.enforce and count >= WAVE_FROM
    turns = bounds.wave_turns_min if waves else 0
    return Space(
        strong=generation.strong,
        weak=generation.weak,
        low=low,
        high=high,
        cap=min(bounds.slope_cap, _WIDE) if "HC4" in bounds.enforce else _WIDE,
        bend=max(bounds.flat if runs else 0.0, bounds.wave_turn_min if turns else 0.0) + INSIDE,
        longest=bounds.max_plateau if runs else count,
        turns=turns,
        heavy=_heavy(settings),
    )


def _heavy(settings: Settings) -> bool:
    """Say whether a ladder with every ratio at the lower fifth of its band has a first volume under its floor."""
    factors = [1 + low + _LOW * (high - low) for low, high in bands(settings)]
    return 100 / total(list(accumulate(factors, mul, initial=1.0))) < settings.first_volume_min


def wave(pattern: Pattern) -> float:
    """Return W of (2.1), which is constant within a pattern."""
    found = 0.0
    for one, other in pairwise(pattern.zones):
        if one == other:
            found += _COST if one != "m" else 0
        elif "m" not in (one, other):
            found -= _REWARD
    return max(0.0, found)


def _numbers(text: str, alphabet: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the place of each letter in the alphabet."""
    table = np.zeros(128, dtype=np.int64)
    table[[ord(letter) for letter in alphabet]] = range(len(alphabet))
    return table[np.frombuffer(text.encode(), dtype=np.uint8)]


def _zones_near(zones: str) -> Iterator[str]:
    count = len(zones)
    plain = ("s" * count, ("sm" * count)[:count], ("ms" * count)[:count])
    for place in range(count):
        yield from (zones[:place] + filling[: count - place] for filling in plain)
        yield from (filling[:place] + zones[place:] for filling in plain)
    for place, letter in enumerate(zones):
        before, after = zones[:place], zones[place + 1 :]
        yield from (before + other + after for other in _ZONES if other != letter)
        yield before + zones[place:].translate(_TURNED)
        yield before.translate(_TURNED) + zones[place:]
        if after:
            yield before + after[0] + letter + after[1:]
            yield before + after + after[-1].translate(_TURNED)
        if before:
            yield before + before[-1] + zones[place:-1]


def _bends_near(bends: str) -> Iterator[str]:
    for place, mark in enumerate(bends):
        before, after = bends[:place], bends[place + 1 :]
        yield from (before + other + after for other in _MARKS if other != mark)
        if after:
            yield from (before + pair + after[1:] for pair in ("+-", "-+", after[0] + mark))
