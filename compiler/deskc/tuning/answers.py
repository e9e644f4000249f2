"""What jobs find: from the cache, nothing where they cannot be better, else by working on them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from deskc.ladder.search.search import Candidates, Job
from deskc.ladder.settings import Settings
from deskc.tuning.cache import Cache, key
from deskc.tuning.workers import Deadline, Work

__all__ = ["Answers", "Bounded", "answers"]


@runtime_checkable
class Bounded(Protocol):
    """A job that can say cheaply how good its ladders can be at best."""

    def lower_bound(self, settings: Settings) -> float:
        """Return a number that J of no ladder it can find lies below."""


class Answers(NamedTuple):
    """What jobs found, in their order; fewer than jobs where time ran out. `evaluations` are those made just now."""

    found: list[Candidates]
    evaluations: int
    pruned: int


def answers(  # noqa: PLR0913 - what a batch needs, by keyword
    jobs: Sequence[Job], *, settings: Settings, cache: Cache, best: float | None, work: Work, deadline: Deadline
) -> Answers:
    """Return what each job finds. A job whose lower bound is not below `best` is not worked on.

    The comparison is with the score itself: a multiple of it would turn round where scores are negative.
    """
    keys = [key(job) for job in jobs]
    known: dict[str, Candidates] = {}
    waiting: dict[str, Job] = {}
    pruned = 0
    for name, job in zip(keys, jobs, strict=True):
        if name in known or name in waiting:
            cache.asked += 1
            cache.hits += 1
        elif (found := cache.find(name)) is not None:
            known[name] = found
        elif best is not None and isinstance(job, Bounded) and job.lower_bound(settings) >= best:
            known[name] = _nothing(settings)
            pruned += 1
        else:
            waiting[name] = job
    evaluations = 0
    for name, found in zip(waiting, work(list(waiting.values()), deadline), strict=False):
        known[name] = found
        cache.keep(name, found)
        evaluations += found.evaluations
    whole = next((place for place, name in enumerate(keys) if name not in known), len(keys))
    return Answers([known[name] for name in keys[:whole]], evaluations, pruned)


def _nothing(settings: Settings) -> Candidates:
    none = np.empty((0, settings.core.num_orders))
    return Candidates(none, none, np.empty(0), 0)
