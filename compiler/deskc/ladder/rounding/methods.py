"""The four ways to cut a whole into hundredths: each says which parts of it are rounded up (LADDER 5)."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Literal, TypeAlias

__all__ = ["HUNDRED", "METHODS", "Method", "apportion", "indents_in_hundredths", "volumes_in_hundredths"]

Method: TypeAlias = Literal["tail-first", "largest-remainder", "balanced", "minimal"]

HUNDRED = 10_000
"""The whole budget in hundredths of a percent."""

_NOISE = 1e-6
"""How near a whole number of hundredths a float may lie to mean that number."""


def volumes_in_hundredths(volumes: Sequence[float], method: Method) -> tuple[int, ...]:
    """Return N volumes in percent as hundredths that sum to 10000; one may be 0. Raise ValueError, see `apportion`."""
    return apportion([100 * volume for volume in volumes], HUNDRED, method)


def indents_in_hundredths(
    indents: Sequence[float], *, ends: tuple[int, int], least: int, method: Method
) -> tuple[int, ...]:
    """Return N indents in percent as hundredths from `ends[0]` to `ends[1]`, at least `least` apart.

    What the N - 1 steps have beyond `least` is what the method cuts. Raise ValueError, see `apportion`.
    """
    spare = [max(0.0, 100 * (after - before) - least) for before, after in pairwise(indents)]
    free = ends[1] - ends[0] - least * len(spare)
    if not sum(spare) > 0:
        spare = [1.0] * len(spare)
    return tuple(accumulate((part + least for part in apportion(spare, free, method)), initial=ends[0]))


def apportion(parts: Sequence[float], whole: int, method: Method) -> tuple[int, ...]:
    """Return whole numbers that sum to `whole`, in proportion to parts that are not negative.

    No part is further than 1 from its share of the whole. Raise ValueError for a method that METHODS does not name,
    for parts that are negative or not finite, and for parts without a sum.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is no way to round; one of {', '.join(METHODS)} is")
    if not all(math.isfinite(part) and part >= 0 for part in parts) or not sum(parts) > 0 or whole < 0:
        raise ValueError("only numbers that are finite, not negative and not all 0 have shares of a whole")
    scale = whole / math.fsum(parts)
    return METHODS[method]([_cleaned(part * scale) for part in parts], whole)


def _cleaned(share: float) -> float:
    nearest = round(share)
    return float(nearest) if abs(share - nearest) < _NOISE else share


def _largest_remainder(shares: Sequence[float], whole: int) -> tuple[int, ...]:
    """Give what is left to the largest remainders, a tie to the later part (A. Hamilton, 1792)."""
    return _raised(shares, whole, lambda place: -(shares[place] % 1))


def _tail_first(shares: Sequence[float], whole: int) -> tuple[int, ...]:
    """Give what is left to the last part first, then to the one before: no part but these is rounded up."""
    return _raised(shares, whole, lambda _: 0.0)


def _minimal(shares: Sequence[float], whole: int) -> tuple[int, ...]:
    """Give what is left so that the sum of squared relative changes is the least that any rounding has."""
    return _raised(
        shares,
        whole,
        lambda place: (
            (1 - 2 * (shares[place] % 1)) / max(shares[place], _NOISE) ** 2 if shares[place] % 1 else math.inf
        ),
    )


def _raised(shares: Sequence[float], whole: int, rank: Callable[[int], float]) -> tuple[int, ...]:
    """Cut every share, then give one each of what is left in order of rank, the later part first among equals."""
    cut = [math.floor(share) for share in shares]
    order = sorted(range(len(cut)), key=lambda place: (rank(place), -place))
    for place in order[: whole - sum(cut)]:
        cut[place] += 1
    return tuple(cut)


def _balanced(shares: Sequence[float], whole: int) -> tuple[int, ...]:
    """Round every sum from the first part on: each is within a half of what it was, so errors never add up."""
    edges = [math.floor(_cleaned(edge) + 0.5) for edge in accumulate(shares, initial=0.0)]
    edges[-1] = whole
    return tuple(after - before for before, after in pairwise(edges))


METHODS: Mapping[Method, Callable[[Sequence[float], int], tuple[int, ...]]] = {
    "tail-first": _tail_first,
    "largest-remainder": _largest_remainder,
    "balanced": _balanced,
    "minimal": _minimal,
}
"""The strategies of group `normalization` by name."""
