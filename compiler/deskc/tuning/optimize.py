"""An experiment from its beginning, or from its checkpoint, to an answer in the ledger."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from deskc.core.canonical import encode
from deskc.core.errors import DeskcError
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings, config_hash, to_mapping
from deskc.ledger.runs import Begun, Ended, Experiment, Performance, Runs
from deskc.tuning.configure import settings_from
from deskc.tuning.plan import Plan
from deskc.tuning.run import Watch, run
from deskc.tuning.state import State, checkpoint, restore, start
from deskc.tuning.workers import Deadline, Work

__all__ = [
    "Estimating",
    "Outcome",
    "Started",
    "Workers",
    "begin",
    "finish",
    "ladder_of",
    "newest",
    "resume",
    "settings_of",
]

Workers: TypeAlias = Callable[[Settings], AbstractContextManager[Work]]
"""Sets workers up for settings, such as `partial(threads, count=4)`."""


@runtime_checkable
class Estimating(Protocol):
    """A search that can say how far its best J is from what is possible."""

    def estimate(self) -> float | None:
        """Return the estimated gap as a fraction of J, None where nothing can be said yet."""


class Started(NamedTuple):
    """An experiment that is ready to go on."""

    experiment: Experiment
    settings: Settings
    plan: Plan
    state: State


class Outcome(NamedTuple):
    """What an experiment came to: J of its best ladder and the ladder, both None where none was found.

    `estimate` is how far J lies over what is estimated to be possible, as a fraction, where the search can say it.
    """

    experiment: Experiment
    ended_by: Ended
    settings: Settings
    plan: Plan
    score: float | None
    ladder: Ladder | None
    estimate: float | None


def begin(runs: Runs, settings: Settings, plan: Plan) -> Started:
    """Begin a new experiment; raise DeskcError for an unknown mode, ValueError for settings that no search takes."""
    state = start(plan, settings)
    made = Begun(config_hash(settings), encode(to_mapping(settings)), plan.mode, encode(plan.to_mapping()))
    experiment = runs.begin(made, checkpoint(state, settings), at_ns=time.time_ns())
    return Started(experiment, settings, plan, state)


def newest(runs: Runs, number: int | None = None) -> Experiment:
    """Return the experiment with this number, else the newest; raise DeskcError where there is none."""
    for experiment in runs.experiments():
        if number in (None, experiment.experiment_id):
            return experiment
    msg = "there is nothing to resume" if number is None else f"there is no experiment {number}"
    raise DeskcError(f"{msg} in this ledger", help="deskc ladder runs lists what is there; begin without --resume")


def settings_of(runs: Runs, experiment: Experiment) -> Settings:
    """Return the settings that an experiment was begun with."""
    found = {one.config_hash: one.config for one in runs.configurations()}
    return settings_from({}, json.loads(found[experiment.config_hash]), {}).settings


def resume(
    runs: Runs, experiment: Experiment, settings: Settings, *, batches: int | None = None, patience: int | None = None
) -> Started:
    """Go on with an experiment from its checkpoint, as if it had never stopped; more batches may be asked for.

    Raise DeskcError where the checkpoint is missing, damaged, or of another configuration than `settings`.
    """
    name = f"experiment {experiment.experiment_id}"
    found = runs.checkpoint(experiment.experiment_id)
    if found is None:
        msg = f"{name} has no checkpoint"
        raise DeskcError(msg, help="begin a new run without --resume")
    plan = Plan.from_mapping(json.loads(experiment.plan))
    plan = replace(plan, batches=batches or plan.batches, patience=plan.patience if patience is None else patience)
    state = restore(found, plan, settings, of=name)
    text = encode(plan.to_mapping())
    return Started(runs.resume(experiment.experiment_id, plan=text, at_ns=time.time_ns()), settings, plan, state)


def finish(
    runs: Runs, started: Started, workers: Workers, *, deadline: Deadline = None, watch: Watch = lambda _: None
) -> Outcome:
    """Run an experiment until something ends it, record how its configuration did, and return what it came to.

    The best is read back from the ledger, so what is told is what stands there.
    """
    experiment, settings, plan, state = started
    before = state.evaluations
    with workers(settings) as work:
        ended = run(state, plan, settings, work=work, runs=runs, experiment=experiment, deadline=deadline, watch=watch)
    number, run_id, at_ns = experiment.experiment_id, experiment.run_id, time.time_ns()
    best = runs.best(number)
    score, ladder = (None, None) if best is None else (best[0], ladder_of(best[1]))
    made = state.evaluations - before
    runs.perform(Performance(experiment.config_hash, number, run_id, score, runs.average(number), made), at_ns=at_ns)
    runs.end(experiment, ended, at_ns=at_ns)
    estimate = state.search.estimate() if isinstance(state.search, Estimating) else None
    return Outcome(newest(runs, number), ended, settings, plan, score, ladder, estimate)


def ladder_of(details: str) -> Ladder:
    """Return the ladder of details as a ledger keeps them."""
    found = json.loads(details)
    return Ladder(tuple(found["volumes_pct"]), tuple(found["indents_pct"]))
