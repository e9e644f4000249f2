"""Ladders that were found: what of each is written down, and the few best that are kept."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.constraints import TOLERANCE
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder
from deskc.ladder.parameters import pack
from deskc.ladder.search.search import Candidates, Floats
from deskc.ladder.settings import CODES, Settings
from deskc.ledger.runs import Result
from deskc.tuning.arrays import packed, unpacked

__all__ = ["Best", "Found", "found_in", "settings_for"]

_SAME_PCT = 1e-9


class Found(NamedTuple):
    """A ladder and its J; they sort by J, equal ones by their numbers."""

    score: float
    ladder: Ladder


class Best:
    """The best ladders so far, each once, at most `room` of them."""

    __slots__ = ("_found", "_room")

    def __init__(self, room: int, found: Iterable[Found] = ()) -> None:
        self._room = room
        self._found: list[Found] = []
        for one in found:
            self.add(one)

    def __iter__(self) -> Iterator[Found]:
        """Yield them, the best first."""
        return iter(self._found)

    @property
    def first(self) -> Found | None:
        """Return the best, None where there is none."""
        return self._found[0] if self._found else None

    def add(self, found: Found) -> None:
        """Take a ladder in, where it is one of the best and not there."""
        if len(self._found) >= self._room and found >= self._found[-1]:
            return
        if found not in self._found:
            insort(self._found, found)
            del self._found[self._room :]

    def state(self) -> list[Json]:
        """Return all of them, bit for bit."""
        return [[packed(np.array([one.score])), packed(np.array(one.ladder))] for one in self._found]

    @classmethod
    def restored(cls, room: int, state: Sequence[Any]) -> Self:
        """Return them from their state; raise KeyError, TypeError or ValueError where it is none."""
        return cls(room, (_unpacked(score, ladder) for score, ladder in state))


def _unpacked(score: Json, ladder: Json) -> Found:
    (value,), (volumes, indents) = unpacked(score).tolist(), unpacked(ladder).tolist()
    return Found(value, Ladder(tuple(volumes), tuple(indents)))


def found_in(candidates: Candidates, settings: Settings) -> tuple[list[Result], list[Found], list[bool]]:
    """Return what candidates of one job are worth, row by row: result, ladder, and whether it keeps what is enforced.

    The score is the kernels', which is the plain reference's to the bit, whatever the search made of it.
    """
    count, orders = candidates.volumes.shape if len(candidates.scores) else (0, 0)
    if not count:
        return [], [], []
    own = settings_for(_ladder(candidates, 0), settings)
    judged = judge_batch(candidates.volumes, candidates.indents, pack(own))
    enforced = sum(1 << place for place, code in enumerate(CODES) if code in settings.constraints.enforce)
    sound = ((judged.violations & enforced) == 0) & np.isfinite(judged.scores)
    steep = _steep(candidates.volumes, settings.constraints.slope_cap)
    results = [
        Result(score, need, own.core.overlap_pct, orders, slopes)
        for score, need, slopes in zip(judged.scores.tolist(), judged.max_needs.tolist(), steep.tolist(), strict=True)
    ]
    found = [Found(result.score, _ladder(candidates, row)) for row, result in enumerate(results)]
    return results, found, sound.tolist()


def settings_for(ladder: Ladder, settings: Settings) -> Settings:
    """Return the settings for a ladder of a search over several counts and reaches: with its own of both."""
    core = settings.core
    count, overlap = len(ladder.volumes), ladder.indents[-1]
    if count == core.num_orders and abs(overlap - core.overlap_pct) <= _SAME_PCT:
        return settings
    near = core.overlap_pct if abs(overlap - core.overlap_pct) <= _SAME_PCT else overlap
    return replace(settings, core=replace(core, num_orders=count, overlap_pct=near))


def _ladder(candidates: Candidates, row: int) -> Ladder:
    return Ladder(tuple(candidates.volumes[row].tolist()), tuple(candidates.indents[row].tolist()))


def _steep(volumes: Floats, cap: float) -> "np.typing.NDArray[np.int64]":
    """Return for each ladder how many orders break HC4."""
    ratios = volumes[:, 1:] / volumes[:, :-1] - 1
    broken: np.typing.NDArray[np.int64] = (np.abs(np.diff(ratios)) > cap + TOLERANCE).sum(axis=1)
    return broken
