"""What a run asks of a search: jobs to work on, to learn from their results, and a state that JSON can hold."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.core.canonical import Json
from deskc.ladder.settings import Settings

__all__ = ["Candidates", "Floats", "Job", "Search"]

Floats: TypeAlias = NDArray[np.float64]


class Candidates(NamedTuple):
    """What one job found: n ladders of N orders that keep every enforced constraint, and what they score.

    `volumes` and `indents` have shape (n, N) and are in percent, `scores` has shape (n,) and is J. `evaluations` counts
    every call of the objective or of one component of its gradient; n may be 0.
    """

    volumes: Floats
    indents: Floats
    scores: Floats
    evaluations: int


class Job(Protocol):
    """A piece of work that needs nothing but itself: it can go to a thread, a process or another machine."""

    def work(self, settings: Settings) -> Candidates:
        """Return what it finds; equal jobs find equal bits wherever they run."""
        ...


class Search(Protocol):
    """A search over ladders. Equal seeds and equal answers give equal jobs, also after `state` was put away."""

    def ask(self, count: int) -> Sequence[Job]:
        """Return jobs that together try about `count` candidates; none says that the search has ended."""
        ...

    def tell(self, found: Sequence[Candidates]) -> None:
        """Learn from the jobs last asked for, in their order."""
        ...

    def state(self) -> dict[str, Json]:
        """Return all that the search must remember, between a `tell` and an `ask`; bounded in size."""
        ...
