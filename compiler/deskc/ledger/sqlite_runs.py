"""Searches for ladders in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deskc.core.canonical import Digest
from deskc.core.errors import DeskcError
from deskc.core.times import text
from deskc.ledger.runs import Begun, Checkpoint, Configuration, Counts, Ended, Experiment, Kept, Performance
from deskc.ledger.sqlite import explained, transaction

__all__ = ["SqliteRuns"]

_ROWS = 2_000  # a transaction of so many rows takes some ten milliseconds

_EXPERIMENTS = """
SELECT experiment_id, config_hash, mode, plan_json, runs, ended_by, batches, evaluations, cache_asked, cache_hits,
    pruned, best_score, started_at_ns, updated_at_ns
FROM experiments
"""
_BEGIN = """
INSERT INTO experiments (config_hash, mode, plan_json, started_at, started_at_ns, updated_at, updated_at_ns)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_RESUME = """
UPDATE experiments SET runs = runs + 1, ended_by = NULL, plan_json = ?, updated_at = ?, updated_at_ns = ?,
    best_score = (SELECT min(score) FROM results WHERE results.experiment_id = experiments.experiment_id)
WHERE experiment_id = ?
"""
_COUNT = """
UPDATE experiments SET batches = ?, evaluations = ?, cache_asked = ?, cache_hits = ?, pruned = ?, best_score = ?,
    updated_at = ?, updated_at_ns = ?
WHERE experiment_id = ? AND runs = ?
"""
_END = """
UPDATE experiments SET ended_by = ?, updated_at = ?, updated_at_ns = ? WHERE experiment_id = ? AND runs = ?
"""
_MINE = "SELECT 1 FROM experiments WHERE experiment_id = ? AND runs = ?"
_FORGET = "DELETE FROM {} WHERE experiment_id = ? AND batch > (SELECT batch FROM checkpoints WHERE experiment_id = ?)"
_RESULT = """
INSERT INTO results (
    experiment_id, batch, place, score, max_need_pct, overlap_pct, num_orders, slope_violations
) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_DETAIL = "INSERT INTO diagnostics VALUES (?, ?, ?, ?, ?)"
_CHECKPOINT = "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_STATE = "SELECT format, batch, config_hash, checksum, state_json FROM checkpoints WHERE experiment_id = ?"
_BEST = """
SELECT results.score, details_json FROM results JOIN diagnostics USING (experiment_id, batch, place)
WHERE experiment_id = ? ORDER BY results.score, batch, place LIMIT 1
"""
_AVERAGE = "SELECT avg(score) FROM results WHERE experiment_id = ?"
_SAVE = """
INSERT INTO config_versions (config_hash, config_json, created_at, created_at_ns) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_DESCEND = "INSERT INTO config_lineage VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_LINEAGE = (
    "SELECT child_hash, parent_hash, operation FROM config_lineage ORDER BY created_at_ns, child_hash, parent_hash"
)
_CONFIGURATIONS = """
SELECT config_hash, config_json, best_score, avg_score, use_count FROM config_versions
ORDER BY best_score IS NULL, best_score, config_hash
"""
_KNOWN = "SELECT 1 FROM config_versions WHERE config_hash = ?"
_PERFORM = "INSERT OR REPLACE INTO config_performance VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SUM_UP = """
UPDATE config_versions SET (best_score, avg_score, use_count) = (
    SELECT min(best_score), avg(avg_score), count(*) FROM config_performance WHERE config_hash = ?
) WHERE config_hash = ?
"""
_PERFORMANCES = """
SELECT config_hash, experiment_id, run_id, best_score, avg_score, total_evaluations FROM config_performance
ORDER BY recorded_at_ns, config_hash, experiment_id, run_id
"""


class SqliteRuns(NamedTuple):
    """The Runs of a ledger in one SQLite file."""

    connection: sqlite3.Connection
    path: Path

    def begin(self, begun: Begun, checkpoint: Checkpoint, *, at_ns: int) -> Experiment:
        """Write configuration, experiment and checkpoint in one transaction; see Runs."""
        time = (text(at_ns), at_ns)
        with explained(self.path), transaction(self.connection):
            self.connection.execute(_SAVE, (begun.config_hash, begun.config, *time))
            row = (begun.config_hash, begun.mode, begun.plan, *time, *time)
            number = self.connection.execute(_BEGIN, row).lastrowid
            self.connection.execute(_CHECKPOINT, (number, *checkpoint, *time))
            return self._experiment(number)

    def experiments(self) -> tuple[Experiment, ...]:
        """Return the experiments, the newest first."""
        with explained(self.path):
            return tuple(map(_experiment, self.connection.execute(f"{_EXPERIMENTS} ORDER BY experiment_id DESC")))

    def resume(self, experiment_id: int, *, plan: str, at_ns: int) -> Experiment:
        """Forget what came after the checkpoint and count one more run; see Runs."""
        with explained(self.path), transaction(self.connection):
            for table in ("results", "diagnostics"):
                self.connection.execute(_FORGET.format(table), (experiment_id, experiment_id))
            if not self.connection.execute(_RESUME, (plan, text(at_ns), at_ns, experiment_id)).rowcount:
                msg = f"the ledger {self.path} has no experiment {experiment_id}"
                raise DeskcError(msg, help="deskc ladder runs lists them")
            return self._experiment(experiment_id)

    def checkpoint(self, experiment_id: int) -> Checkpoint | None:
        """Return where an experiment can go on."""
        with explained(self.path):
            found = self.connection.execute(_STATE, (experiment_id,)).fetchone()
        return found and Checkpoint(*found)

    def keep(self, experiment: Experiment, kept: Kept, *, at_ns: int) -> None:
        """Write results a few thousand at a time, then what makes them count; see Runs."""
        number = experiment.experiment_id
        *first, last = _parts([(number, kept.batch, place, *one) for place, one in enumerate(kept.results)])
        with explained(self.path):
            for part in first:
                with transaction(self.connection):
                    self._insist(experiment)
                    self.connection.executemany(_RESULT, part)
            with transaction(self.connection):
                self._insist(experiment)
                self.connection.executemany(_RESULT, last)
                details = [(number, kept.batch, *detail) for detail in kept.details]
                self.connection.executemany(_DETAIL, details)
                self.connection.execute(_COUNT, (*kept.counts, text(at_ns), at_ns, number, experiment.runs))
                if kept.checkpoint:
                    self.connection.execute(_CHECKPOINT, (number, *kept.checkpoint, text(at_ns), at_ns))

    def end(self, experiment: Experiment, ended_by: Ended, *, at_ns: int) -> None:
        """Note why the experiment's last run ended."""
        row = (ended_by, text(at_ns), at_ns, experiment.experiment_id, experiment.runs)
        with explained(self.path), transaction(self.connection):
            self.connection.execute(_END, row)

    def best(self, experiment_id: int) -> tuple[float, str] | None:
        """Return the least score and its ladder; see Runs."""
        with explained(self.path):
            found: tuple[float, str] | None = self.connection.execute(_BEST, (experiment_id,)).fetchone()
        return found

    def average(self, experiment_id: int) -> float | None:
        """Return the mean score of an experiment's results."""
        with explained(self.path):
            found: tuple[float | None] = self.connection.execute(_AVERAGE, (experiment_id,)).fetchone()
        return found[0]

    def save(self, config_hash: Digest, config: str, *, at_ns: int) -> None:
        """Keep a configuration."""
        with explained(self.path), transaction(self.connection):
            self.connection.execute(_SAVE, (config_hash, config, text(at_ns), at_ns))

    def descend(self, child: Digest, parents: Sequence[Digest], operation: str, *, at_ns: int) -> None:
        """Note a configuration's parents."""
        rows = [(child, parent, operation, text(at_ns), at_ns) for parent in parents]
        with explained(self.path), transaction(self.connection):
            self.connection.executemany(_DESCEND, rows)

    def lineage(self) -> tuple[tuple[Digest, Digest, str], ...]:
        """Return (child, parent, operation), the oldest first."""
        with explained(self.path):
            return tuple(self.connection.execute(_LINEAGE))

    def configurations(self) -> tuple[Configuration, ...]:
        """Return the configurations, the best first."""
        with explained(self.path):
            return tuple(Configuration(*row) for row in self.connection.execute(_CONFIGURATIONS))

    def perform(self, performance: Performance, *, at_ns: int) -> None:
        """Record a run's outcome and sum up its configuration's; see Runs."""
        config_hash = performance.config_hash
        with explained(self.path), transaction(self.connection):
            if not self.connection.execute(_KNOWN, (config_hash,)).fetchone():
                msg = f"the ledger {self.path} has no configuration {config_hash[:12]}"
                raise DeskcError(msg, help="save the configuration before its performance is recorded")
            self.connection.execute(_PERFORM, (*performance, text(at_ns), at_ns))
            self.connection.execute(_SUM_UP, (config_hash, config_hash))

    def performances(self) -> tuple[Performance, ...]:
        """Return what runs made of their configurations, the oldest first."""
        with explained(self.path):
            return tuple(Performance(*row) for row in self.connection.execute(_PERFORMANCES))

    def _experiment(self, number: int | None) -> Experiment:
        return _experiment(self.connection.execute(f"{_EXPERIMENTS} WHERE experiment_id = ?", (number,)).fetchone())

    def _insist(self, experiment: Experiment) -> None:
        """Raise DeskcError where the experiment's last run is another one, which owns it now."""
        number = experiment.experiment_id
        if not self.connection.execute(_MINE, (number, experiment.runs)).fetchone():
            msg = f"another process has resumed experiment {number}, so this one keeps nothing more"
            raise DeskcError(msg, help="let that one go on; deskc ladder runs shows it")


def _experiment(row: Sequence[Any]) -> Experiment:
    return Experiment._make((*row[:6], Counts(*row[6:12]), *row[12:]))


def _parts(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows so many at a time; once nothing where there are none."""
    for start in range(0, max(1, len(rows)), _ROWS):
        yield rows[start : start + _ROWS]
