"""Waves: patterns that keep HC6 and HC7's turns by what they ask of the slopes."""

from itertools import pairwise

import numpy as np
import pytest

from deskc.ladder.constraints import judge
from deskc.ladder.exact.descend import even_growth
from deskc.ladder.exact.problem import problem_of
from deskc.ladder.exact.wave import patterns, waves
from deskc.ladder.settings import CODES, Constraints, Core, Settings


@pytest.mark.parametrize("count", [4, 6, 7, 10, 20])
def test_slopes_of_a_pattern_turn_and_never_rest_long(count: int) -> None:
    """Whatever slopes a pattern allows, no run of four is flat and two turns are there from seven orders on."""
    problem = problem_of(Settings(Core(num_orders=count), constraints=Constraints(enforce=CODES)))
    found = list(patterns(problem))
    assert found
    for pattern in found:
        least = np.where(pattern.low > 0, pattern.low, np.where(pattern.high < 0, -pattern.high, 0))
        flat = "".join("." if size < 0.05 else "|" for size in least)
        assert "...." not in flat
        signs = np.sign(pattern.low) * (least >= 0.1)
        turns = sum(one * other < 0 for one, other in pairwise(signs))
        assert count < 7 or turns >= 2


@pytest.mark.parametrize("count", [7, 10, 16])
def test_some_wave_keeps_all_eight(count: int) -> None:
    """LADDER 3: feasible in production from six orders on."""
    settings = Settings(Core(num_orders=count), constraints=Constraints(enforce=CODES))
    problem = problem_of(settings)
    found = waves(problem, even_growth(problem))
    assert any(judge(problem.ladder(volumes), settings) == () for volumes in found)
