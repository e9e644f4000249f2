"""The smooth problem of a zone pattern: J without W, its gradient, its constraints, and the programs that lower it."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from deskc.ladder.model import Ladder, needs
from deskc.ladder.score import score
from deskc.ladder.search import descent
from deskc.ladder.search.search import Floats
from deskc.ladder.search.terms import terms
from deskc.ladder.settings import Constraints, Core, Generation, Scoring, Settings

EQUAL = False  # needs: the ratios alone are variables
CLOSE = 1e-6  # of central differences


def settings(orders: int, side: Literal["long", "short"], sizing: Literal["base", "quote"]) -> Settings:
    """Return settings in which every part of J counts, also the first need and the first indent."""
    return Settings(
        core=Core(num_orders=orders, side=side, sizing=sizing, take_profit_pct=1.5, fee_pct=0.1),
        generation=Generation(first_indent_pct=0.4),
        constraints=Constraints(enforce=("HC0", "HC2", "HC5", "HC7"), first_volume_min=0.01),
        scoring=Scoring(0.5, 0.3, 0.2, 0.7),
    )


CASES = [settings(*case) for case in ((2, "long", "base"), (7, "short", "base"), (12, "long", "quote"))]
CASES.append(settings(9, "short", "quote"))


def middles(orders: int, seed: int) -> Floats:
    """Return ratios in the middle zone, where W is nothing."""
    return np.random.default_rng(seed).uniform(0.12, 0.48, orders - 1)


def equal_ladder(numbers: descent.Terms, ratios: Floats) -> Ladder:
    """Return the ladder of equal needs with these ratios."""
    volumes, held = descent.shares(ratios)
    indents = 100 * numbers.sign * (1 - descent.prices(numbers, held)[0])
    return Ladder(tuple((100 * volumes).tolist()), tuple(indents.tolist()))


@pytest.mark.parametrize("case", CASES)
def test_j_at_equal_needs_is_that_of_the_reference(case: Settings) -> None:
    """The closed form's ladder has equal needs from the second order on, ends at the overlap, and scores the same."""
    numbers = terms(case)
    ratios = middles(case.core.num_orders, 1)
    ladder = equal_ladder(numbers, ratios)
    later = needs(ladder, case.core)[1:]
    assert later == pytest.approx([later[0]] * len(later), rel=1e-9)
    assert ladder.indents[-1] == pytest.approx(case.core.overlap_pct, rel=1e-12)
    assert descent.equalised(numbers, ratios)[0] == pytest.approx(score(ladder, case).value, rel=1e-11)


@pytest.mark.parametrize("case", CASES)
def test_gradients_at_equal_needs_are_those_of_differences(case: Settings) -> None:
    """J's gradient and those of the mass rows agree with central differences in each ratio."""
    numbers = terms(case)
    ratios = middles(case.core.num_orders, 2)
    gradient = descent.equalised(numbers, ratios)[1]
    rows = descent.masses(numbers, ratios, descent.shares(ratios)[0])[1]
    for place, step in enumerate(1e-6 * np.eye(ratios.size)):
        ahead, behind = ratios + step, ratios - step
        rise = descent.equalised(numbers, ahead)[0] - descent.equalised(numbers, behind)[0]
        kept = [descent.masses(numbers, one, descent.shares(one)[0])[0] for one in (ahead, behind)]
        assert gradient[place] == pytest.approx(rise / 2e-6, rel=CLOSE, abs=CLOSE)
        assert rows[:, place] == pytest.approx((kept[0] - kept[1]) / 2e-6, rel=1e-5, abs=CLOSE)


@pytest.mark.parametrize("case", CASES)
def test_j_over_indents_too_is_that_of_the_reference(case: Settings) -> None:
    """With the largest need as a variable J, its gradient and the needs' rows agree with reference and differences."""
    numbers = terms(case)
    count, ratios = case.core.num_orders, middles(case.core.num_orders, 3)
    ladder = equal_ladder(numbers, ratios)
    moved = np.array(ladder.indents) + 1e-3 * np.sin(np.arange(count)) * (np.arange(count) % (count - 1) > 0)
    ladder = ladder._replace(indents=tuple(moved.tolist()))
    point = np.concatenate([ratios, moved[1:-1], [max(needs(ladder, case.core))]])
    value, gradient = descent.epigraph(numbers, point)
    kept, rows = descent.limits(numbers, point)
    assert value == pytest.approx(score(ladder, case).value, rel=1e-9)
    assert kept[-count:] == pytest.approx(point[-1] - np.array(needs(ladder, case.core)), abs=1e-9)
    for place, step in enumerate(1e-6 * np.eye(point.size)):
        rise = descent.epigraph(numbers, point + step)[0] - descent.epigraph(numbers, point - step)[0]
        wider = descent.limits(numbers, point + step)[0] - descent.limits(numbers, point - step)[0]
        assert gradient[place] == pytest.approx(rise / 2e-6, rel=CLOSE, abs=CLOSE)
        assert rows[:, place] == pytest.approx(wider / 2e-6, rel=1e-5, abs=1e-5)


def test_mass_above_the_tail_cap_costs_where_it_is_not_enforced() -> None:
    """C of (2.1) is part of J where HC5 is no error."""
    free = Settings(core=Core(num_orders=3), constraints=Constraints(tail_cap=30.0, enforce=("HC0",)))
    ratios = np.array([0.3, 0.4])
    ladder = equal_ladder(terms(free), ratios)
    assert score(ladder, free).tail_excess > 0
    assert descent.equalised(terms(free), ratios)[0] == pytest.approx(score(ladder, free).value, rel=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_a_quadratic_program_ends_where_no_direction_is_better(seed: int) -> None:
    """At the answer rows hold, multipliers are not negative and balance the gradient, and only tight rows push."""
    rng = np.random.default_rng(seed)
    size, count = int(rng.integers(1, 10)), int(rng.integers(1, 30))
    factor = rng.normal(size=(size, size))
    matrix, gradient = factor @ factor.T + 0.1 * np.eye(size), 3 * rng.normal(size=size)
    rows = rng.normal(size=(count, size))
    rows = np.concatenate([rows, rows[: count // 2]])  # some twice, as zones and bands often are
    least = rows @ rng.normal(size=size) - rng.random(len(rows)) * (rng.random(len(rows)) < 0.5)
    least[count:] = least[: count // 2]
    step, multipliers, sound = descent.minimise(matrix, gradient, rows, least)
    scale = 1 + multipliers.sum()
    assert sound
    assert (rows @ step - least).min() > -1e-8
    assert multipliers.min() >= 0
    assert matrix @ step + gradient == pytest.approx(rows.T @ multipliers, abs=1e-7 * scale)
    assert multipliers @ (rows @ step - least) == pytest.approx(0, abs=1e-7 * scale)


def test_rows_that_contradict_each_other_have_no_answer() -> None:
    """At least 1 and at most 0 is told as that, also by the projection onto linear rows."""
    rows, least = np.array([[1.0], [-1.0]]), np.array([1.0, 0.0])
    assert not descent.minimise(np.eye(1), np.zeros(1), rows, least)[2]
    assert not descent.project(np.zeros(1), rows, least)[1]


def test_a_matrix_that_is_not_positive_definite_has_no_answer() -> None:
    """A negative curvature is refused, not followed."""
    assert not descent.minimise(-np.eye(2), np.ones(2), np.zeros((0, 2)), np.zeros(0))[2]


def test_a_descent_spends_no_more_than_it_may() -> None:
    """With fewer evaluations than one more step takes it ends, and says what it spent."""
    case = replace(CASES[1], constraints=Constraints())
    numbers, size = terms(case), case.core.num_orders - 1
    rows, least = np.concatenate([np.eye(size), -np.eye(size)]), np.repeat([0.12, -0.9], size)
    start = np.full(size, 0.3)
    long = descent.descend(numbers, EQUAL, rows, least, start, 0.1 * np.eye(size), 1e-9, 10_000)
    short = descent.descend(numbers, EQUAL, rows, least, start, 0.1 * np.eye(size), 1e-9, 2 * size + 3)
    assert short.evaluations <= 2 * size + 3 < long.evaluations
    assert long.value < short.value
