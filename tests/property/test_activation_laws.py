"""Whatever bots say and in whatever order, the ledger tells of each moment which versions they ran."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha, Snapshot
from deskc.ledger.ledger import Activation, Interval, Ledger, Run
from deskc.ledger.open import open_ledger
from laws import laws
from snapshots import ScopeText, SnapshotText, frozen

RUNS = (
    Run("production", "mm"),
    Run("production", "mm", account="a"),
    Run("production", "mm", instance="a"),
    Run("staging", "mm"),
)
KEYS = (("BTC", "LONG"), ("BTC", "SHORT"), ("ETH", None))
Key = tuple[str | None, str | None]
Version = tuple[str | None, str]

VERSIONS = st.tuples(st.sampled_from([None, "1", "2"]), st.sampled_from(["slow", "fast"]))
STATES = st.tuples(VERSIONS, st.dictionaries(st.sampled_from(KEYS), VERSIONS))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    """Return what makes a folder for each example."""
    return tmp_path_factory


class Step(NamedTuple):
    """One thing a bot says: who, so long after what was said before, and what it runs of which commit."""

    run: Run
    wait: int
    state: tuple[Version, dict[Key, Version]]
    commit: Sha


STEPS = st.lists(
    st.builds(Step, st.sampled_from(RUNS), st.integers(-2, 3), STATES, st.sampled_from([Sha("1" * 40), Sha("2" * 40)])),
    max_size=12,
)


def snapshot(step: Step) -> Snapshot:
    """Freeze what a step runs."""
    bot, coins = step.state
    scopes = sorted(((key, value) for key, value in coins.items()), key=lambda one: (one[0][0], one[0][1] or ""))
    texts = [
        ScopeText({"trading": {"name": name}}, coin=coin, side=side, config_version=label)
        for (coin, side), (label, name) in [((None, None), bot), *scopes]
    ]
    return frozen(SnapshotText(texts, environment=step.run.environment, bot=step.run.bot))


def versions(made: Snapshot) -> dict[Key, Version]:
    """Return what a snapshot says of each scope."""
    told: dict[Key, Version] = {(row.coin, row.side): (row.config_version, row.params_digest) for row in made.rows}
    return told


def at(intervals: Iterable[Interval], run: Run, time: int) -> dict[Key, Version]:
    """Return what a run traded by at a time; a scope in two intervals at once would be one too many."""
    found = [
        one
        for one in intervals
        if one.run == run and one.started_at_ns <= time and (one.ended_at_ns is None or time < one.ended_at_ns)
    ]
    told: dict[Key, Version] = {
        (one.scope.coin, one.scope.side): (one.config_version, one.params_digest) for one in found
    }
    assert len(told) == len(found)
    return told


def say(ledger: Ledger, steps: Iterable[Step]) -> dict[Run, list[tuple[int, dict[Key, Version]]]]:
    """Say it all, and return of each run what was accepted when; a refusal must leave the ledger as it was."""
    accepted: dict[Run, list[tuple[int, dict[Key, Version]]]] = defaultdict(list)
    time = 10
    for step in steps:
        time += step.wait
        made, before = snapshot(step), ledger.intervals()
        try:
            done = ledger.activate(Activation(step.run, made.digest, step.commit, "recorder", time), made)
        except DeskcError:
            assert time <= accepted[step.run][-1][0]
            assert ledger.intervals() == before
            continue
        if done.recorded:
            accepted[step.run].append((time, versions(made)))
        assert accepted[step.run][-1] == (done.since_ns, versions(made))
    return accepted


@laws(40)
@given(steps=STEPS)
def test_at_each_moment_what_was_said_last_is_active(folders: pytest.TempPathFactory, steps: list[Step]) -> None:
    """From one activation to the next a run's intervals are its snapshot's scopes, and after the last they are open."""
    with open_ledger(f"sqlite:///{folders.mktemp('told')}/l.db", create=True) as ledger:
        accepted, intervals = say(ledger, steps), ledger.intervals()
    for run, said in accepted.items():
        for (time, told), (end, _) in pairwise([*said, (10**9, {})]):
            assert at(intervals, run, time) == at(intervals, run, end - 1) == told
        assert at(intervals, run, said[0][0] - 1) == {}
        still = [one for one in intervals if one.run == run and one.ended_at_ns is None]
        assert {(one.scope.coin, one.scope.side) for one in still} == said[-1][1].keys()
        assert len(still) == len(said[-1][1])


@laws(40)
@given(steps=STEPS)
def test_an_interval_is_as_long_as_its_version(folders: pytest.TempPathFactory, steps: list[Step]) -> None:
    """None is empty, and two that touch differ: what did not change was left alone."""
    with open_ledger(f"sqlite:///{folders.mktemp('told')}/l.db", create=True) as ledger:
        say(ledger, steps)
        intervals = ledger.intervals()
    assert all(one.ended_at_ns is None or one.started_at_ns < one.ended_at_ns for one in intervals)
    for newer, older in pairwise(intervals):
        if (newer.run, newer.scope) == (older.run, older.scope):
            assert older.ended_at_ns is not None
            assert older.ended_at_ns <= newer.started_at_ns
            same = (newer.config_version, newer.params_digest) == (older.config_version, older.params_digest)
            assert not same or older.ended_at_ns < newer.started_at_ns
