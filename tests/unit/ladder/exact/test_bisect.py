"""The global optimum without HC4, and bounds that one weighted sum of rows proves."""

from dataclasses import replace

import pytest

from deskc.ladder.exact.bisect import proven_below, relaxed
from deskc.ladder.exact.descend import descend, even_growth
from deskc.ladder.exact.problem import problem_of
from deskc.ladder.settings import Constraints, Core, Settings


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("sizing", ["base", "quote"])
def test_the_optimum_without_slopes_is_proven_to_rounding(side: str, sizing: str) -> None:
    """Bisection ends where best and bound are one number but for some digits of the last."""
    found = relaxed(problem_of(Settings(Core(side=side, sizing=sizing))))  # type: ignore[arg-type]
    assert found is not None
    assert found.lower_bound_pct <= found.max_need_pct
    assert found.lower_bound_pct == pytest.approx(found.max_need_pct, rel=1e-8)


def test_three_orders_without_slopes_are_what_the_caps_leave() -> None:
    """Order 1 may hold 22 % and order 3 holds 40 %; m_3 >= .05 then leaves order 2 at most 40/1.05 %.

    Max need is need_3 = 100 (Σ v p / 80 - 1) with prices 100, 90 and 80: the lightest order 1 is the best.
    """
    found = relaxed(problem_of(Settings(Core(num_orders=3))))
    assert found is not None
    second = 40 / 1.05
    assert found.volumes == pytest.approx([60 - second, second, 40])
    assert found.max_need_pct == pytest.approx(((60 - second) * 100 + second * 90 + 40 * 80) / 80 - 100)


def test_the_ceiling_raises_the_optimum() -> None:
    """HC3's falling ceiling is linear too, so it is part of the relaxation."""
    plain, under = (relaxed(problem_of(Settings(constraints=Constraints(ceiling=on)))) for on in (False, True))
    assert plain is not None
    assert under is not None
    assert under.lower_bound_pct > plain.max_need_pct


def test_no_volumes_at_all_are_no_optimum() -> None:
    """Two orders cannot keep HC5, LADDER 3."""
    assert relaxed(problem_of(Settings(Core(num_orders=2)))) is None


def test_the_root_s_bound_is_below_the_best_and_above_the_relaxation() -> None:
    """The envelopes of HC4 say more than nothing about it."""
    problem = problem_of(Settings(Core(num_orders=12), constraints=Constraints(slope_cap=0.05)))
    best = descend(problem, even_growth(problem))
    free = relaxed(problem)
    assert best is not None
    assert free is not None
    bound = proven_below(problem, best, problem.max_need(best))
    assert free.max_need_pct < bound <= problem.max_need(best)


def test_a_bound_far_above_the_truth_is_not_proven() -> None:
    """Whatever is asked, what is proven stays below what a ladder reaches."""
    problem = problem_of(Settings())
    best = descend(problem, even_growth(problem))
    assert best is not None
    assert proven_below(problem, best, 10 * problem.max_need(best)) <= problem.max_need(best)
    assert proven_below(replace(problem, slope_cap=0.5), best, problem.max_need(best)) <= problem.max_need(best)
