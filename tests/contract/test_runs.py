"""What every ledger keeps of searches for ladders: a backend joins by a parameter of the fixture `url`."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from deskc.core.canonical import Digest, digest
from deskc.core.errors import DeskcError
from deskc.ledger.open import open_ledger
from deskc.ledger.runs import Begun, Checkpoint, Counts, Detail, Experiment, Kept, Performance, Result, Runs

NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
ONE, TWO = Digest("1" * 64), Digest("2" * 64)

BEST = """
SELECT 
  score, 
  json_extract(params_json, '$.overlap_pct') as overlap,
  json_extract(params_json, '$.num_orders') as orders
FROM results 
WHERE experiment_id = ?
ORDER BY score ASC 
LIMIT 10;
"""  # noqa: W291 - as it is documented, to the byte
CONFIGURATIONS = """
SELECT 
  config_hash,
  best_score,
  avg_score,
  use_count
FROM config_versions
WHERE best_score IS NOT NULL
ORDER BY best_score ASC;
"""  # noqa: W291 - as above
VIOLATIONS = """
SELECT 
  COUNT(*) as violations,
  json_extract(diagnostics_json, '$.slope_violations') as slope_viols
FROM results
WHERE json_extract(diagnostics_json, '$.slope_violations') > 0;
"""  # noqa: W291 - as above


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a new ledger, of each backend."""
    return {"sqlite": f"sqlite:///{tmp_path}/ledger.db"}[request.param]


def checkpoint(batch: int, state: str = "{}") -> Checkpoint:
    """Return a checkpoint after a batch."""
    return Checkpoint(1, batch, ONE, digest(state.encode()), state)


def begin(runs: Runs, config_hash: Digest = ONE) -> Experiment:
    """Begin an experiment at noon."""
    return runs.begin(Begun(config_hash, '{"core":{}}', "adaptive", "{}"), checkpoint(0), at_ns=NOON)


def keep(runs: Runs, experiment: Experiment, batch: int, scores: Sequence[float], *, whole: bool = True) -> None:
    """Keep a batch of ladders with these scores, the details of the best, and a checkpoint where it is whole."""
    best = min(range(len(scores)), key=lambda place: scores[place])
    results = [Result(score, 3.5, 20.0, 10, place % 2) for place, score in enumerate(scores)]
    details = [Detail(best, scores[best], f'{{"score":{scores[best]}}}')]
    counts = Counts(batches=batch if whole else batch - 1, evaluations=batch * 7, best_score=scores[best])
    kept = Kept(batch, results, details, counts, checkpoint(batch) if whole else None)
    runs.keep(experiment, kept, at_ns=NOON + batch)


def test_what_was_kept_is_read_back(url: str) -> None:
    """An experiment comes back with its counts, its checkpoint and its best ladder, the newest experiment first."""
    with open_ledger(url, create=True) as ledger:
        first, second = begin(ledger.runs), begin(ledger.runs, TWO)
        keep(ledger.runs, first, 1, [2.5, 1.5])
        keep(ledger.runs, first, 2, [1.25, 3.0])
        ledger.runs.end(first, "patience", at_ns=NOON + 9)
    with open_ledger(url) as ledger:
        newest, oldest = ledger.runs.experiments()
        assert newest == second
        assert oldest.counts == Counts(batches=2, evaluations=14, best_score=1.25)
        assert (oldest.ended_by, oldest.updated_at_ns, oldest.run_id) == ("patience", NOON + 9, "1-1")
        assert ledger.runs.checkpoint(1) == checkpoint(2)
        assert ledger.runs.checkpoint(2) == checkpoint(0)
        assert ledger.runs.best(1) == (1.25, '{"score":1.25}')
        assert ledger.runs.average(1) == (2.5 + 1.5 + 1.25 + 3.0) / 4
        assert (ledger.runs.best(2), ledger.runs.average(2), ledger.runs.checkpoint(3)) == (None, None, None)


def test_a_resumed_run_forgets_what_came_after_its_checkpoint(url: str) -> None:
    """A batch that a time limit cut short counts until it is done again, and not twice then."""
    with open_ledger(url, create=True) as ledger:
        experiment = begin(ledger.runs)
        keep(ledger.runs, experiment, 1, [2.5, 1.5])
        keep(ledger.runs, experiment, 2, [1.0], whole=False)
        assert ledger.runs.best(1) == (1.0, '{"score":1.0}')
        resumed = ledger.runs.resume(1, plan='{"batches":4}', at_ns=NOON + 50)
        assert (resumed.run_id, resumed.counts.best_score, resumed.ended_by) == ("1-2", 1.5, None)
        assert resumed.plan == '{"batches":4}'
        assert ledger.runs.best(1) == (1.5, '{"score":1.5}')
        keep(ledger.runs, resumed, 2, [1.0, 4.0])
        assert ledger.runs.average(1) == (2.5 + 1.5 + 1.0 + 4.0) / 4


def test_a_run_that_was_resumed_elsewhere_keeps_nothing_more(url: str) -> None:
    """Two processes never write one experiment: the older one is told, and its batch is not there."""
    with open_ledger(url, create=True) as ledger:
        experiment = begin(ledger.runs)
        ledger.runs.resume(1, plan="{}", at_ns=NOON)
        with pytest.raises(DeskcError, match="another process has resumed experiment 1"):
            keep(ledger.runs, experiment, 1, [1.0])
        assert ledger.runs.average(1) is None
        with pytest.raises(DeskcError, match="has no experiment 7"):
            ledger.runs.resume(7, plan="{}", at_ns=NOON)


def test_a_configuration_is_summed_up_over_its_runs(url: str) -> None:
    """The best of the bests, the mean of the means; a run that found nothing counts in use alone; again replaces."""
    with open_ledger(url, create=True) as ledger:
        runs = ledger.runs
        runs.save(ONE, "{}", at_ns=NOON)
        runs.save(TWO, "{}", at_ns=NOON)
        for at, row in enumerate(((1, "1-1", 2.0, 3.0), (1, "1-2", 1.0, 2.0), (2, "2-1", None, None))):
            runs.perform(Performance(ONE, *row, 10), at_ns=NOON + at)
        runs.perform(Performance(ONE, 1, "1-1", 0.5, 4.0, 10), at_ns=NOON + 9)
        assert runs.configurations() == ((ONE, "{}", 0.5, 3.0, 3), (TWO, "{}", None, None, 0))
        assert [row.run_id for row in runs.performances()] == ["1-2", "2-1", "1-1"]
        with pytest.raises(DeskcError, match="has no configuration 333333333333"):
            runs.perform(Performance(Digest("3" * 64), 1, "1-1", 1.0, 1.0, 1), at_ns=NOON)


def test_a_lineage_names_each_parent_once(url: str) -> None:
    """A child of two parents has two rows, and saying it again adds none."""
    with open_ledger(url, create=True) as ledger:
        for at in (1, 2):
            ledger.runs.descend(ONE, [TWO, Digest("3" * 64)], "crossover", at_ns=NOON + at)
        assert ledger.runs.lineage() == ((ONE, TWO, "crossover"), (ONE, "3" * 64, "crossover"))


@pytest.mark.parametrize("score", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_kept_out(url: str, score: float) -> None:
    """Whatever computed it, and the batch with it."""
    with open_ledger(url, create=True) as ledger:
        experiment = begin(ledger.runs)
        with pytest.raises(sqlite3.IntegrityError):
            keep(ledger.runs, experiment, 1, [1.0, score])
        assert ledger.runs.average(1) is None


def test_the_documented_queries_answer(url: str, tmp_path: Path) -> None:
    """Verbatim: the ten best with overlap and orders, the configurations by their best, how many break the slope."""
    with open_ledger(url, create=True) as ledger:
        experiment = begin(ledger.runs)
        keep(ledger.runs, experiment, 1, [3.0 - place / 8 for place in range(12)])
        ledger.runs.save(TWO, "{}", at_ns=NOON)
        ledger.runs.perform(Performance(ONE, 1, "1-1", 1.625, 2.3125, 84), at_ns=NOON)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        best = connection.execute(BEST, (1,)).fetchall()
        assert best == [(1.625 + place / 8, 20.0, 10) for place in range(10)]
        assert connection.execute(CONFIGURATIONS).fetchall() == [(ONE, 1.625, 2.3125, 1)]
        assert connection.execute(VIOLATIONS).fetchall() == [(6, 1)]
        kinds = connection.execute("SELECT typeof(json_extract(diagnostics_json, '$.slope_violations')) FROM results")
        assert {kind for (kind,) in kinds} == {"integer"}


def test_ten_thousand_results_fit_into_1_2_megabytes(url: str, tmp_path: Path) -> None:
    """The whole file, with the tables of everything else, a checkpoint of 130 KB and the details of a hundred bests."""
    with open_ledger(url, create=True) as ledger:
        experiment = begin(ledger.runs)
        for batch in range(1, 101):
            scores = [1 + ((batch * 7919 + place * 104_729) % 99_991) / 99_991 for place in range(100)]
            results = [Result(score, 3 * score, 20.0, 10, 0) for score in scores]
            details = [Detail(0, scores[0], "d" * 900)]
            counts = Counts(batches=batch, best_score=min(scores))
            kept = Kept(batch, results, details, counts, checkpoint(batch, '"' + "s" * 130_000 + '"'))
            ledger.runs.keep(experiment, kept, at_ns=NOON + batch)
    assert (tmp_path / "ledger.db").stat().st_size <= 1.2e6
