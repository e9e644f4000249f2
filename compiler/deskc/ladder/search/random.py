"""Ladders drawn at random: the baseline that every other search is measured against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.decode import decode_and_score
from deskc.ladder.parameters import Parameters, pack
from deskc.ladder.room import Room, room
from deskc.ladder.search.search import Candidates
from deskc.ladder.settings import CODES, Settings

__all__ = ["Draw", "Random"]

_DRAWN = 50  # candidates a job: enough that handing it to a thread costs little of its time


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw `count` ladders from the `number`th stream of a seed, and keep those that keep what is enforced."""

    seed: int
    number: int
    count: int

    def work(self, settings: Settings) -> Candidates:
        """Return the ladders that are sound; each that was drawn is an evaluation."""
        space, parameters = _prepared(settings)
        draw = np.random.default_rng([self.seed, self.number])
        made, judged = decode_and_score(draw.random((self.count, 2 * space.orders - 3)), space, parameters)
        enforced = sum(1 << place for place, code in enumerate(CODES) if code in settings.constraints.enforce)
        sound = ((judged.violations & enforced) == 0) & np.isfinite(judged.scores)
        return Candidates(made.volumes[sound], made.indents[sound], judged.scores[sound], self.count)


class Random:
    """A search that draws and never learns; it ends with the run."""

    def __init__(self, settings: Settings, seed: int, *, drawn: int = 0) -> None:
        """Raise ValueError where the bounds leave no ladder to draw, or the seed is negative."""
        _prepared(settings)
        if seed < 0:
            msg = f"a seed is 0 or more, and {seed} is not"
            raise ValueError(msg)
        self._seed = seed
        self._drawn = drawn

    @classmethod
    def restored(cls, settings: Settings, state: Mapping[str, Any]) -> Self:
        """Return the search with this state; raise KeyError, TypeError or ValueError where it is none."""
        return cls(settings, int(state["seed"]), drawn=int(state["drawn"]))

    def ask(self, count: int) -> Sequence[Draw]:
        """Return draws of `count` ladders together."""
        sizes = [min(_DRAWN, count - start) for start in range(0, count, _DRAWN)]
        jobs = [Draw(self._seed, self._drawn + place, size) for place, size in enumerate(sizes)]
        self._drawn += len(jobs)
        return jobs

    def tell(self, found: Sequence[Candidates]) -> None:
        """Learn nothing."""

    def state(self) -> dict[str, Json]:
        """Return the seed and how many of its streams were used."""
        return {"seed": self._seed, "drawn": self._drawn}


@lru_cache(maxsize=8)
def _prepared(settings: Settings) -> tuple[Room, Parameters]:
    return room(settings), pack(settings)
