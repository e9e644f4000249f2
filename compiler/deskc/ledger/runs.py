"""What every ledger keeps of searches for ladders, whatever the database behind it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from deskc.core.canonical import Digest

__all__ = [
    "Begun",
    "Checkpoint",
    "Configuration",
    "Counts",
    "Detail",
    "Ended",
    "Experiment",
    "Kept",
    "Performance",
    "Result",
    "Runs",
]

Ended = Literal["batches", "patience", "exhausted", "time"]
"""Why a run ended: all batches done, none of the last better, nothing left to try, no time left."""


class Counts(NamedTuple):
    """What an experiment has done up to the end of a batch."""

    batches: int = 0
    evaluations: int = 0
    cache_asked: int = 0
    cache_hits: int = 0
    pruned: int = 0
    best_score: float | None = None


class Result(NamedTuple):
    """A ladder that was found, without its orders: J, the largest need in percent, and for what it is a ladder."""

    score: float
    max_need_pct: float
    overlap_pct: float
    num_orders: int
    slope_violations: int


class Detail(NamedTuple):
    """The ladder of the result at a place (from 0) in its batch, as JSON text; `score` is that of the result."""

    place: int
    score: float
    details: str


class Checkpoint(NamedTuple):
    """All that a search needs to go on after `batch`; `state` is JSON text, `format` says how to read it."""

    format: int
    batch: int
    config_hash: Digest
    checksum: str
    state: str


class Kept(NamedTuple):
    """What one batch leaves behind; without a checkpoint it was cut short, and a resumed run does it again."""

    batch: int
    results: Sequence[Result]
    details: Sequence[Detail]
    counts: Counts
    checkpoint: Checkpoint | None


class Begun(NamedTuple):
    """What identifies a new experiment; `config` and `plan` are JSON text."""

    config_hash: Digest
    config: str
    mode: str
    plan: str


class Experiment(NamedTuple):
    """A search with one configuration, begun once and resumed `runs` - 1 times; times in unix nanoseconds."""

    experiment_id: int
    config_hash: Digest
    mode: str
    plan: str
    runs: int
    ended_by: Ended | None
    counts: Counts
    started_at_ns: int
    updated_at_ns: int

    @property
    def run_id(self) -> str:
        """Return the name of its last run."""
        return f"{self.experiment_id}-{self.runs}"


class Configuration(NamedTuple):
    """A configuration and how its runs did; `config` is JSON text, the scores are None until a run found a ladder."""

    config_hash: Digest
    config: str
    best_score: float | None
    avg_score: float | None
    use_count: int


class Performance(NamedTuple):
    """What one run made of a configuration; scores are None where it found no ladder."""

    config_hash: Digest
    experiment_id: int
    run_id: str
    best_score: float | None
    avg_score: float | None
    total_evaluations: int


class Runs(Protocol):
    """The part of an open ledger that searches use; every method raises DeskcError where the database fails."""

    def begin(self, begun: Begun, checkpoint: Checkpoint, *, at_ns: int) -> Experiment:
        """Begin an experiment, with the checkpoint from which it would start again."""

    def experiments(self) -> tuple[Experiment, ...]:
        """Return the experiments, the newest first."""

    def resume(self, experiment_id: int, *, plan: str, at_ns: int) -> Experiment:
        """Begin another run of an experiment, by a plan as JSON text, and forget what came after its checkpoint.

        From now on a run that began earlier cannot keep anything. Raise DeskcError where there is no such experiment.
        """

    def checkpoint(self, experiment_id: int) -> Checkpoint | None:
        """Return where an experiment can go on, as it was kept."""

    def keep(self, experiment: Experiment, kept: Kept, *, at_ns: int) -> None:
        """Keep what a batch found, its checkpoint last; no transaction is long.

        Raise DeskcError where another process has resumed the experiment.
        """

    def end(self, experiment: Experiment, ended_by: Ended, *, at_ns: int) -> None:
        """Note why the experiment's last run ended."""

    def best(self, experiment_id: int) -> tuple[float, str] | None:
        """Return the least score of an experiment and the details of that ladder, None where nothing was found."""

    def average(self, experiment_id: int) -> float | None:
        """Return the mean score of an experiment's results, None where there is none."""

    def save(self, config_hash: Digest, config: str, *, at_ns: int) -> None:
        """Keep a configuration; twice changes nothing."""

    def descend(self, child: Digest, parents: Sequence[Digest], operation: str, *, at_ns: int) -> None:
        """Note which configurations another was made from, and how; twice changes nothing."""

    def lineage(self) -> tuple[tuple[Digest, Digest, str], ...]:
        """Return (child, parent, operation), the oldest first."""

    def configurations(self) -> tuple[Configuration, ...]:
        """Return the configurations, the best first, those without a score last."""

    def perform(self, performance: Performance, *, at_ns: int) -> None:
        """Record what a run made of its configuration; once more for the same run replaces it.

        Raise DeskcError where the configuration was never kept.
        """

    def performances(self) -> tuple[Performance, ...]:
        """Return what runs made of their configurations, the oldest first."""
