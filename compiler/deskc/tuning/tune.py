"""Trials of the tuner: propose a configuration, search with it, record what came of it, and again."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from deskc.ladder.settings import Settings
from deskc.tuning.config import EvaluationConfig
from deskc.tuning.optimize import Outcome, Workers, begin, finish
from deskc.tuning.plan import Plan
from deskc.tuning.store import ConfigStore
from deskc.tuning.tuner import ConfigAutoTuner, TuningStrategy
from deskc.tuning.workers import Deadline

__all__ = ["Trial", "trials"]


class Trial(NamedTuple):
    """One configuration that was tried, and what its run came to; `operation` says what it was made by."""

    settings: Settings
    operation: str
    outcome: Outcome


def trials(  # noqa: PLR0913 - what a tuning needs, by keyword
    store: ConfigStore,
    base: Settings,
    *,
    count: int,
    plan: Plan,
    workers: Workers,
    strategy: TuningStrategy | None = None,
    deadline: Deadline = None,
) -> Iterator[Trial]:
    """Yield `count` trials, fewer where time is over; the base's seed seeds the proposals, too."""
    tuner = ConfigAutoTuner(store, base=EvaluationConfig(base), seed=base.core.seed)
    for number in range(count):
        if number and deadline is not None and time.monotonic() >= deadline:
            return
        config = tuner.suggest_next_config(strategy)
        made_by = {child: operation for child, _, operation in store.lineage()}
        with store.runs() as runs:
            outcome = finish(runs, begin(runs, config.settings, plan), workers, deadline=deadline)
        yield Trial(config.settings, made_by.get(config.config_hash, "base"), outcome)
