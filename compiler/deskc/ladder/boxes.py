"""Intervals of a ladder's volumes and ratios, narrowed by the hard constraints until they stand or one is empty.

Every step keeps all ladders that HC0's floor and HC1 to HC5 accept (LADDER 3), so an empty interval proves that there
are none. Intervals begin wider than the bounds by the tolerance of floats.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, sqrt

from deskc.ladder.constraints import TOLERANCE, quarter
from deskc.ladder.score import ceiling
from deskc.ladder.settings import Settings

__all__ = ["Boxes", "Interval", "empty", "highest_deviation", "steepest"]

Interval = tuple[float, float]

_SLACK = 1e-7  # percent: what rounding in a proof can add up to is far less
_SWEEPS = 200
_THIRDS = 45  # leave a hundred-millionth of the interval, and of the distance its square
_WHOLE = 100.0


class Boxes:
    """The intervals of m_2 … m_N as factors 1 + m, and of v_1 … v_N in percent; `is_empty` ends a proof."""

    def __init__(self, settings: Settings) -> None:
        bounds, count = settings.constraints, settings.core.num_orders
        self.count = count
        self.slope = bounds.slope_cap + 2 * TOLERANCE
        self.growth = bounds.growth_eps - TOLERANCE
        second = (1 + bounds.m2_min, 1 + min(bounds.m2_max, bounds.c2 - 1))
        later = [(1 + bounds.m_min, 1 + cap) for cap in ceiling(count, bounds)]
        self.ratios: list[Interval] = [_wider(one) for one in (second, *later)]
        self.volumes: list[Interval] = [(0.0, _WHOLE)] * count
        self.volumes[0] = (settings.first_volume_min - TOLERANCE, _WHOLE)
        some = quarter(count)
        self.masses: tuple[tuple[range, Interval], ...] = (
            (range(count), _wider((_WHOLE, _WHOLE))),
            (range(some), _wider((0, bounds.q1_cap))),
            (range(count - some, count), _wider((bounds.tail_floor, _WHOLE))),
            (range(count - 1, count), _wider((0, bounds.tail_cap))),
        )
        self.is_empty = False
        self._near()

    def narrow(self) -> None:
        """Narrow all intervals once by each constraint."""
        self._grow()
        self._weigh()
        self._share()
        self._near()

    def _ratio(self, place: int, low: float, high: float) -> None:
        self.ratios[place] = self._cut(self.ratios[place], low, high)

    def _volume(self, place: int, low: float, high: float) -> None:
        self.volumes[place] = self._cut(self.volumes[place], low, high)

    def _cut(self, known: Interval, low: float, high: float) -> Interval:
        found = (max(known[0], low), min(known[1], high))
        self.is_empty = self.is_empty or found[0] > found[1] + _SLACK
        return found

    def _near(self) -> None:
        """Keep neighbouring ratios within the slope cap, HC4: once forwards, once backwards."""
        pairs = [(place, place + 1) for place in range(len(self.ratios) - 1)]
        for one, other in (*pairs, *((after, before) for before, after in reversed(pairs))):
            low, high = self.ratios[one]
            self._ratio(other, low - self.slope, high + self.slope)

    def _grow(self) -> None:
        """Let each volume be its ratio times the one before, (1.2), and larger by the growth, HC2."""
        for place, (low, high) in enumerate(self.ratios):
            least, most = self.volumes[place]
            self._volume(place + 1, max(least * low, least + self.growth), most * high if most else 0.0)
            after_least, after_most = self.volumes[place + 1]
            above = after_most / low if low > 0 else inf
            self._volume(place, after_least / high if high > 0 else least, min(above, after_most - self.growth))
            least, most = self.volumes[place]
            self._ratio(place, after_least / most if most > 0 else 0.0, after_most / least if least > 0 else inf)

    def _weigh(self) -> None:
        """Keep the sum, HC0, and the masses, HC5."""
        for places, (low, high) in self.masses:
            least = sum(self.volumes[place][0] for place in places)
            most = sum(self.volumes[place][1] for place in places)
            for place in places:
                own = self.volumes[place]
                self._volume(place, low - (most - own[1]), high - (least - own[0]))

    def _share(self) -> None:
        """Compare masses with those of the fastest and the slowest growing ladder.

        Raising any ratio scales all that follows it: it lowers the share of every first few orders and raises that of
        every last few. So the shares of first and last orders lie between those at the largest and at the smallest
        ratios.
        """
        slow, fast = _slow([low for low, _ in self.ratios]), _fast([high for _, high in self.ratios])
        for places, (low, high) in self.masses[1:]:
            shares = sorted(_WHOLE * sum(one[place] for place in places) for one in (slow, fast))
            self._cut((low, high), shares[0] - _SLACK, shares[1] + _SLACK)
        for place in (0, self.count - 1):
            low, high = sorted((_WHOLE * slow[place], _WHOLE * fast[place]))
            self._volume(place, low - _SLACK, high + _SLACK)


def empty(settings: Settings) -> bool:
    """Say whether the intervals prove that no volumes keep HC0's floor and HC1 to HC5."""
    boxes = Boxes(settings)
    for _ in range(_SWEEPS):
        before = (*boxes.volumes, *boxes.ratios)
        boxes.narrow()
        if boxes.is_empty:
            return True
        if not any(_moved(one, other) for one, other in zip(before, (*boxes.volumes, *boxes.ratios), strict=True)):
            return False
    return False


def highest_deviation(ratios: Sequence[Interval]) -> float:
    """Return a bound on the standard deviation of ratios within these intervals.

    The variance is at most the mean square distance from any point, taken at each interval's farther end; that is
    convex in the point, and the best one found bounds it. Infinite intervals have no bound.
    """
    low, high = min(one[0] for one in ratios), max(one[1] for one in ratios)
    if high == inf:
        return inf
    for _ in range(_THIRDS):
        third = (high - low) / 3
        if _distance(ratios, low + third) < _distance(ratios, high - third):
            high -= third
        else:
            low += third
    return sqrt(_distance(ratios, low))


def steepest(ratios: Sequence[Interval], slope_cap: float) -> Iterator[float]:
    """Yield how far each ratio can at most lie from the one before, within the slope cap."""
    for (low, high), (after_low, after_high) in pairwise(ratios):
        yield min(slope_cap, max(after_high - low, high - after_low))


def _distance(ratios: Sequence[Interval], point: float) -> float:
    return sum(max(high - point, point - low) ** 2 for low, high in ratios) / len(ratios)


def _wider(one: Interval) -> Interval:
    return one[0] - TOLERANCE, one[1] + TOLERANCE


def _moved(one: Interval, other: Interval) -> bool:
    return other[0] - one[0] > TOLERANCE or one[1] - other[1] > TOLERANCE


def _slow(factors: Sequence[float]) -> list[float]:
    """Return the shares of a ladder with these factors, which may be zero: counted from the first order."""
    weights = [1.0]
    for factor in factors:
        weights.append(weights[-1] * max(factor, 0.0))
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _fast(factors: Sequence[float]) -> list[float]:
    """Return the shares of a ladder with these factors, which may be infinite: counted from the last order."""
    weights = [1.0]
    for factor in reversed(factors):
        weights.append(weights[-1] / factor if factor > 0 else inf)
    whole = sum(weights)
    return [weight / whole for weight in reversed(weights)]
