"""Searches for ladders in tests: a run in a ledger of its own, and what it left there."""

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from deskc.core.canonical import Json
from deskc.ladder.search.random import Draw, Random
from deskc.ladder.search.search import Candidates
from deskc.ladder.settings import Settings
from deskc.ledger.open import open_ledger
from deskc.tuning.optimize import Outcome, Workers, begin, finish
from deskc.tuning.plan import Plan
from deskc.tuning.workers import threads

__all__ = ["ALONE", "Bounded", "Repeating", "left_behind", "rows", "searched"]

ALONE: Workers = partial(threads, count=1)


class Repeating(Random):
    """A search that asks for each of its draws in two batches, so that the cache has something to answer."""

    def ask(self, count: int) -> Sequence[Draw]:
        """Return the draws of the batch before, too."""
        before = [Draw(self._seed, number, 50) for number in range(max(0, self._drawn - 1), self._drawn)]
        return [*before, *super().ask(count)]

    def tell(self, found: Sequence[Candidates]) -> None:
        """Insist that the answers fit the jobs."""
        assert all(len(one.volumes) == len(one.scores) for one in found)


class Weighed(NamedTuple):
    """A draw that claims a bound of its own."""

    draw: Draw
    bound: float

    def lower_bound(self, settings: Settings) -> float:
        """Return what it claims."""
        assert settings.core.num_orders > 1
        return self.bound

    def work(self, settings: Settings) -> Candidates:
        """Draw."""
        return self.draw.work(settings)


class Bounded:
    """A search in which every second job claims that it can find nothing."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self._draws = Random(settings, seed)

    def ask(self, count: int) -> Sequence[Weighed]:
        """Return so many jobs."""
        draws = self._draws.ask(50 * count)
        return [Weighed(draw, math.inf if place % 2 else -math.inf) for place, draw in enumerate(draws)]

    def tell(self, found: Sequence[Candidates]) -> None:
        """Insist that a pruned job found nothing."""
        assert [len(one.scores) for one in found[1::2]] in ([50], [0])

    def state(self) -> dict[str, Json]:
        """Return the state of the draws."""
        return self._draws.state()


def searched(
    ledger: Path,
    settings: Settings | None = None,
    *,
    workers: Workers = ALONE,
    **plan: Any,  # noqa: ANN401 - fields of a plan
) -> Outcome:
    """Run a search at random in a ledger, alone in its thread."""
    asked = Plan(**{"mode": "random", "batches": 3, "batch_size": 100, **plan})
    with open_ledger(f"sqlite:///{ledger}", create=True) as opened:
        return finish(opened.runs, begin(opened.runs, settings or Settings(), asked), workers)


def rows(ledger: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what a query finds in a ledger."""
    with closing(sqlite3.connect(ledger)) as connection:
        return connection.execute(query, values).fetchall()


def left_behind(ledger: Path, experiment: int = 1) -> tuple[list[tuple[Any, ...]], ...]:
    """Return all that an experiment left, but for times and for how often it was resumed."""
    return (
        rows(ledger, "SELECT * FROM results WHERE experiment_id = ? ORDER BY batch, place", experiment),
        rows(ledger, "SELECT * FROM diagnostics WHERE experiment_id = ?", experiment),
        rows(
            ledger,
            "SELECT batch, config_hash, checksum, state_json FROM checkpoints WHERE experiment_id = ?",
            experiment,
        ),
        rows(
            ledger,
            "SELECT ended_by, batches, evaluations, cache_asked, cache_hits, pruned, best_score FROM experiments "
            "WHERE experiment_id = ?",
            experiment,
        ),
    )
