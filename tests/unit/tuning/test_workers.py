"""Who works: in order, until a deadline, here or on a cluster."""

import importlib.util
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from deskc.core.errors import DeskcError
from deskc.ladder.search.random import Draw, Random
from deskc.ladder.search.search import Candidates
from deskc.ladder.settings import Settings
from deskc.tuning.answers import answers
from deskc.tuning.cache import Cache
from deskc.tuning.workers import cluster, cores, threads
from searching import Weighed, left_behind, searched

JOBS = Random(Settings(), 3).ask(200)


def bits(found: Sequence[Candidates]) -> list[tuple[bytes, bytes, bytes, int]]:
    """Return candidates as what tells equal bits."""
    return [(one.volumes.tobytes(), one.indents.tobytes(), one.scores.tobytes(), one.evaluations) for one in found]


def test_answers_come_in_the_order_of_jobs() -> None:
    """Whoever is faster."""
    alone = bits([job.work(Settings()) for job in JOBS])
    for count in (1, 2, 3):
        with threads(Settings(), count) as work:
            assert bits([*work(JOBS, None)]) == alone


@pytest.mark.parametrize("count", [1, 2])
def test_after_the_deadline_nothing_begins_but_the_first(count: int) -> None:
    """However little time there is, one job is worked on."""
    with threads(Settings(), count) as work:
        assert bits([*work(JOBS, time.monotonic() - 1)])[:1] == bits([JOBS[0].work(Settings())])


def test_there_is_a_core() -> None:
    """Where nobody says how many threads, there is one for each."""
    assert cores() >= 1


def test_pruning_compares_with_the_score_itself() -> None:
    """Below zero, too: a bound at the best is pruned, one under it is not."""
    bounds = (-2.0, -1.0, -0.5)
    with threads(Settings(), 1) as work:
        done = answers(
            [Weighed(Draw(1, number, 50), bound) for number, bound in enumerate(bounds)],
            settings=Settings(),
            cache=Cache(400),
            best=-1.0,
            work=work,
            deadline=None,
        )
    assert [len(one.scores) > 0 for one in done.found] == [True, False, False]
    assert (done.pruned, done.evaluations) == (2, 50)


def test_a_job_twice_in_a_batch_is_worked_on_once() -> None:
    """Both are answered."""
    cache = Cache(400)
    with threads(Settings(), 1) as work:
        done = answers([JOBS[0], JOBS[0]], settings=Settings(), cache=cache, best=None, work=work, deadline=None)
    assert bits(done.found[:1]) == bits(done.found[1:])
    assert (done.evaluations, cache.asked, cache.hits) == (50, 2, 1)
    assert np.isfinite(done.found[0].scores).all()


needs_dask = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="Dask is not installed")


@needs_dask
@pytest.mark.filterwarnings("ignore")  # of Dask's own, on ports and clocks
def test_a_cluster_finds_what_one_thread_does(tmp_path: Path) -> None:
    """A whole run over TCP leaves the same results, checkpoints and counters."""
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    searched(tmp_path / "one.db")
    alone = {"n_workers": 1, "processes": False, "protocol": "tcp", "dashboard_address": None}
    with LocalCluster(threads_per_worker=2, **alone) as far:  # type: ignore[no-untyped-call]
        searched(tmp_path / "far.db", workers=partial(cluster, address=far.scheduler_address))
    assert left_behind(tmp_path / "far.db") == left_behind(tmp_path / "one.db")


@needs_dask
def test_a_cluster_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its address."""
    monkeypatch.setattr("deskc.tuning.workers.PATIENCE_S", 0.2)
    nobody = "tcp://127.0.0.1:1"
    with pytest.raises(DeskcError, match=f"no Dask scheduler answers at {nobody}"), cluster(Settings(), nobody):
        pass
