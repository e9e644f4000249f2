"""The loop of a run: ask the search, work, emit, tell the search, keep; batch after batch until something ends it."""

import time
from collections.abc import Callable
from typing import TypeAlias

from deskc.ladder.settings import Settings
from deskc.ledger.runs import Counts, Ended, Experiment, Kept, Runs
from deskc.tuning.answers import answers
from deskc.tuning.emit import emitted
from deskc.tuning.plan import Plan
from deskc.tuning.state import State, checkpoint
from deskc.tuning.workers import Deadline, Work

__all__ = ["Watch", "run"]

Watch: TypeAlias = Callable[[Counts], None]
"""Is told after each batch what the experiment has done so far."""


def run(  # noqa: PLR0913 - what a run needs, by keyword
    state: State,
    plan: Plan,
    settings: Settings,
    *,
    work: Work,
    runs: Runs,
    experiment: Experiment,
    deadline: Deadline = None,
    watch: Watch = lambda _: None,
) -> Ended:
    """Do batches until all are done, patience or time is over, or nothing is left to try; say which it was.

    What a whole batch found is kept together with the checkpoint after it. A batch that time cuts short is kept without
    one: what it found counts, and a resumed run does it again from its beginning, as if it had never been cut.
    """
    while True:
        ended = _ended(state, plan, deadline)
        if ended:
            return ended
        jobs = state.search.ask(plan.batch_size)
        if not jobs:
            return "exhausted"
        best = None if state.top is None else state.top.score
        done = answers(jobs, settings=settings, cache=state.cache, best=best, work=work, deadline=deadline)
        state.evaluations += done.evaluations
        state.pruned += done.pruned
        number = state.batches + 1
        results, details = emitted(done.found, state, settings)
        whole = len(done.found) == len(jobs)
        if whole:
            state.search.tell(done.found)
            state.batches = number
        kept = Kept(number, results, details, state.counts, checkpoint(state, settings) if whole else None)
        runs.keep(experiment, kept, at_ns=time.time_ns())
        watch(state.counts)
        if not whole:
            return "time"


def _ended(state: State, plan: Plan, deadline: Deadline) -> Ended | None:
    if state.batches >= plan.batches:
        return "batches"
    if plan.patience and state.stagnant >= plan.patience:
        return "patience"
    if deadline is not None and state.batches and time.monotonic() >= deadline:
        return "time"
    return None
