"""The best ladder for a number of evaluations: equal arguments give equal bits, and all is counted."""

from dataclasses import replace

import pytest

from deskc.ladder.constraints import judge
from deskc.ladder.model import Ladder
from deskc.ladder.search.best import best, odd
from deskc.ladder.search.zones import optimum
from deskc.ladder.settings import Core, Penalties, Settings
from ladder_presets import preset

SOFT = replace(preset("exploration", 9), penalties=Penalties(soft_penalties=True))


def test_plain_objectives_are_for_zone_patterns() -> None:
    """Where neither a wave is enforced nor soft penalties count, the answer is theirs."""
    settings = preset("fast_exit", 10)
    found, theirs = best(settings, seed=3, max_evaluations=1_500), optimum(settings, seed=3, max_evaluations=1_500)
    assert [part.tobytes() for part in found[:3]] == [part.tobytes() for part in theirs[:3]]
    assert [odd(one) for one in (settings, SOFT, preset("strict", 10))] == [False, True, True]


@pytest.mark.parametrize("settings", [preset("production", 7), preset("strict", 12), SOFT])
def test_odd_objectives_are_searched_twice(settings: Settings) -> None:
    """What is found keeps what is enforced, is no worse than zone patterns with half the evaluations, and repeats."""
    found, again = (best(settings, seed=1, max_evaluations=3_000) for _ in range(2))
    assert [part.tobytes() for part in found[:3]] == [part.tobytes() for part in again[:3]]
    assert found.evaluations <= 3_000
    ladder = Ladder(tuple(found.volumes[0].tolist()), tuple(found.indents[0].tolist()))
    assert not {one.code for one in judge(ladder, settings)} & set(settings.constraints.enforce)
    assert found.scores[0] <= min(optimum(settings, seed=1, max_evaluations=1_500).scores, default=float("inf"))


def test_soft_penalties_are_found_better_than_by_zone_patterns_alone() -> None:
    """Zone patterns see soft penalties only from pattern to pattern."""
    settings = replace(preset("fast_exit", 10), penalties=Penalties(soft_penalties=True, preset="tight"))
    alone = optimum(settings, seed=3, max_evaluations=5_000).scores[0]
    assert best(settings, seed=3, max_evaluations=5_000).scores[0] < 0.99 * alone


def test_a_walk_that_runs_out_of_evaluations_over_prices_goes_on_without() -> None:
    """Seven orders, seed 3: nothing is left to solve the first pattern over prices with."""
    found = best(preset("exploration", 7), seed=3, max_evaluations=2_500)
    assert found.scores.size == 1


def test_impossible_settings_are_refused_in_one_sentence() -> None:
    """A reach too small for its steps has no ladder, whatever the search; nor has a negative seed one."""
    with pytest.raises(ValueError, match="room for 9 steps"):
        best(Settings(Core(overlap_pct=0.1)), seed=0, max_evaluations=100)
    with pytest.raises(ValueError, match="a seed is 0 or more"):
        best(Settings(), seed=-1, max_evaluations=100)
