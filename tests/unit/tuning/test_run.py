"""A run: batches in order, kept one by one, resumed bit for bit, the same whoever works."""

import time
from functools import partial
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.ladder.constraints import exact, judge
from deskc.ladder.score import score
from deskc.ladder.settings import Constraints, Normalization, Settings
from deskc.ledger.open import open_ledger
from deskc.ledger.runs import Counts
from deskc.tuning import modes, state
from deskc.tuning.optimize import begin, finish, newest, resume
from deskc.tuning.plan import Plan
from deskc.tuning.workers import threads
from searching import ALONE, left_behind, rows, searched

PLAN = Plan("random", batches=4, batch_size=100)


def url(ledger: Path) -> str:
    """Return a ledger's URL."""
    return f"sqlite:///{ledger}"


def test_what_is_told_is_what_the_ledger_has(tmp_path: Path) -> None:
    """The best is the least of all results, its ladder scores that to the bit, and keeps all that is enforced."""
    outcome = searched(tmp_path / "l.db")
    assert outcome.ladder is not None
    assert [(outcome.score,)] == rows(tmp_path / "l.db", "SELECT min(score) FROM results")
    assert score(outcome.ladder, outcome.settings).value == outcome.score
    assert {one.code for one in judge(outcome.ladder, outcome.settings)} <= {"HC6", "HC7"}
    assert outcome.experiment.counts == Counts(3, 300, 6, 0, 0, outcome.score)
    assert outcome.ended_by == outcome.experiment.ended_by == "batches"


def test_a_run_records_how_its_configuration_did(tmp_path: Path) -> None:
    """Best, mean over the results, and use, by configuration."""
    outcome = searched(tmp_path / "l.db")
    mean = rows(tmp_path / "l.db", "SELECT avg(score) FROM results")[0][0]
    expected = [(outcome.experiment.config_hash, outcome.score, mean, 1)]
    assert (
        rows(tmp_path / "l.db", "SELECT config_hash, best_score, avg_score, use_count FROM config_versions") == expected
    )


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path: Path, after: int) -> None:
    """Results, checkpoint with every random state, counters of the cache: all the same to the bit."""
    searched(tmp_path / "whole.db", batches=4)
    searched(tmp_path / "parts.db", batches=after)
    with open_ledger(url(tmp_path / "parts.db")) as ledger:
        started = resume(ledger.runs, newest(ledger.runs), Settings(), batches=4)
        outcome = finish(ledger.runs, started, ALONE)
    assert outcome.experiment.run_id == "1-2"
    assert left_behind(tmp_path / "parts.db") == left_behind(tmp_path / "whole.db")


def test_a_batch_that_time_cuts_short_is_done_again(tmp_path: Path) -> None:
    """What it found counts until then; resumed, the run is as one without a limit."""
    searched(tmp_path / "whole.db", batches=4)
    with open_ledger(url(tmp_path / "cut.db"), create=True) as ledger:
        cut = finish(ledger.runs, begin(ledger.runs, Settings(), PLAN), ALONE, deadline=time.monotonic() - 1)
        assert (cut.ended_by, cut.experiment.counts.batches) == ("time", 0)
        assert [(cut.score,)] == rows(tmp_path / "cut.db", "SELECT min(score) FROM results")
        assert rows(tmp_path / "cut.db", "SELECT DISTINCT batch FROM results") == [(1,)]
        finish(ledger.runs, resume(ledger.runs, newest(ledger.runs), Settings()), ALONE)
    assert left_behind(tmp_path / "cut.db") == left_behind(tmp_path / "whole.db")


def test_two_threads_find_what_one_does(tmp_path: Path) -> None:
    """Answers count in the jobs' order, not in that of their arrival."""
    searched(tmp_path / "one.db", batches=4)
    with open_ledger(url(tmp_path / "two.db"), create=True) as ledger:
        finish(ledger.runs, begin(ledger.runs, Settings(), PLAN), partial(threads, count=2))
    assert left_behind(tmp_path / "two.db") == left_behind(tmp_path / "one.db")


def test_a_job_that_comes_again_is_answered_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs no evaluation, and a resumed run's cache counts as an uninterrupted one's."""
    monkeypatch.setitem(modes.MODES, "repeating", modes.Mode("searching", "Repeating"))
    whole = searched(tmp_path / "whole.db", mode="repeating", batches=4)
    assert whole.experiment.counts[1:4] == (400, 11, 3)
    searched(tmp_path / "parts.db", mode="repeating", batches=2)
    with open_ledger(url(tmp_path / "parts.db")) as ledger:
        finish(ledger.runs, resume(ledger.runs, newest(ledger.runs), Settings(), batches=4), ALONE)
    assert left_behind(tmp_path / "parts.db") == left_behind(tmp_path / "whole.db")


def test_patience_ends_a_run(tmp_path: Path) -> None:
    """After so many batches without a better ladder; every later one would have begun the count anew."""
    outcome = searched(tmp_path / "l.db", batches=50, patience=3)
    bests = [
        best for (best,) in rows(tmp_path / "l.db", "SELECT min(score) FROM results GROUP BY batch ORDER BY batch")
    ]
    assert outcome.ended_by == "patience"
    assert len(bests) == outcome.experiment.counts.batches < 50
    assert bests.index(min(bests)) == len(bests) - 4


def test_a_ladder_of_two_decimals_keeps_what_is_enforced_exactly(tmp_path: Path) -> None:
    """Each result of such a run is rounded, and the one told is judged in whole numbers."""
    settings = Settings(
        constraints=Constraints(enforce=("HC0", "HC1", "HC2", "HC3", "HC4", "HC5", "HC6", "HC7")),
        normalization=Normalization(post_round_2dp=True),
    )
    outcome = searched(tmp_path / "l.db", settings, batches=2)
    assert outcome.ladder is not None
    assert exact(outcome.ladder, settings) == ()
    assert all(round(number, 2) == number for numbers in outcome.ladder for number in numbers)
    assert [(outcome.score,)] == rows(tmp_path / "l.db", "SELECT min(score) FROM results")


def test_no_ladder_is_said_and_not_papered_over(tmp_path: Path) -> None:
    """Where nothing keeps what is enforced, there is no score, no result and no average."""
    settings = Settings(constraints=Constraints(wave_turns_min=9, enforce=("HC7",)))
    outcome = searched(tmp_path / "l.db", settings, batches=1)
    assert (outcome.score, outcome.ladder) == (None, None)
    assert rows(tmp_path / "l.db", "SELECT * FROM results") == []
    assert rows(tmp_path / "l.db", "SELECT best_score, use_count FROM config_versions") == [(None, 1)]


def test_what_cannot_be_better_is_not_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job whose bound is over the best is pruned from the second batch on, and counted."""
    monkeypatch.setitem(modes.MODES, "bounded", modes.Mode("searching", "Bounded"))
    outcome = searched(tmp_path / "l.db", mode="bounded", batches=3, batch_size=3)
    assert outcome.experiment.counts.pruned == 2
    assert outcome.experiment.counts.evaluations == 50 * 7


def test_an_experiment_that_was_resumed_elsewhere_ends(tmp_path: Path) -> None:
    """The older process is told so by one sentence and leaves nothing more."""
    with open_ledger(url(tmp_path / "l.db"), create=True) as ledger:
        started = begin(ledger.runs, Settings(), PLAN)
        resume(ledger.runs, newest(ledger.runs), Settings())
        with pytest.raises(DeskcError, match="another process has resumed experiment 1"):
            finish(ledger.runs, started, ALONE)
        assert rows(tmp_path / "l.db", "SELECT * FROM results") == []


def test_there_may_be_nothing_to_resume(tmp_path: Path) -> None:
    """An empty ledger, and a number that no experiment has."""
    with open_ledger(url(tmp_path / "l.db"), create=True) as ledger:
        with pytest.raises(DeskcError, match="there is nothing to resume"):
            newest(ledger.runs)
        with pytest.raises(DeskcError, match="there is no experiment 3"):
            newest(ledger.runs, 3)


def test_at_most_five_hundred_candidates_are_kept() -> None:
    """Those of the cache and the best together."""
    assert state.CACHED + state.KEPT <= 500
