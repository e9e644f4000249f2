"""Configurations in a ledger: how their runs did, and which descends from which."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath

from deskc.core.canonical import Digest, encode
from deskc.core.errors import DeskcError
from deskc.ledger.open import open_ledger
from deskc.ledger.runs import Configuration, Performance, Runs
from deskc.tuning.config import EvaluationConfig

__all__ = ["ConfigStore"]


class ConfigStore:
    """The configurations of a ledger, named by its file or URL; made where there is none.

    The ledger is open only while it is asked, so a store may be kept as long as one likes, and several may write.
    """

    __slots__ = ("_url",)

    def __init__(self, ledger: str | PathLike[str]) -> None:
        name = fspath(ledger)
        if not name:
            raise DeskcError("the store names no ledger", help="name a file, or a URL such as sqlite:///results.db")
        self._url = name if "://" in name else f"sqlite:///{name}"

    @contextmanager
    def runs(self) -> Iterator[Runs]:
        """Open what the ledger keeps of searches."""
        with open_ledger(self._url, create=True) as ledger:
            yield ledger.runs

    def save(self, config: EvaluationConfig) -> Digest:
        """Keep a configuration and return its hash."""
        with self.runs() as runs:
            runs.save(config.config_hash, encode(config.to_mapping()), at_ns=time.time_ns())
        return config.config_hash

    def record_performance(  # noqa: PLR0913 - the documented call
        self,
        config_hash: str,
        experiment_id: int,
        run_id: str,
        *,
        best_score: float | None,
        avg_score: float | None,
        total_evaluations: int,
    ) -> None:
        """Record what a run made of a configuration; scores are None where it found no ladder.

        `experiment_id` and `run_id` are those of a run in this ledger, or any that tell the caller's own apart; saying
        the same ones again replaces. Raise DeskcError where the configuration was never saved, ValueError for a score
        that is no finite number.
        """
        for score in (best_score, avg_score):
            if score is not None and not abs(score) < float("inf"):
                msg = f"{score} is no score: a run that found nothing has None"
                raise ValueError(msg)
        row = Performance(Digest(config_hash), experiment_id, run_id, best_score, avg_score, total_evaluations)
        with self.runs() as runs:
            runs.perform(row, at_ns=time.time_ns())

    def configurations(self) -> tuple[Configuration, ...]:
        """Return every configuration, the best first."""
        with self.runs() as runs:
            return runs.configurations()

    def performances(self) -> tuple[Performance, ...]:
        """Return what runs made of their configurations, the oldest first."""
        with self.runs() as runs:
            return runs.performances()

    def lineage(self) -> tuple[tuple[Digest, Digest, str], ...]:
        """Return (child, parent, operation), the oldest first."""
        with self.runs() as runs:
            return runs.lineage()

    def config(self, config_hash: str) -> EvaluationConfig:
        """Return a configuration by its hash; raise DeskcError where it was never saved."""
        for one in self.configurations():
            if one.config_hash == config_hash:
                return EvaluationConfig.from_mapping(json.loads(one.config))
        raise DeskcError(f"there is no configuration {config_hash[:12]}", help="save it first")
