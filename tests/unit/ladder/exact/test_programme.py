"""Proofs from weights: they hold whatever the solver did, and wrong weights prove nothing."""

import numpy as np
import pytest

from deskc.ladder.exact.descend import even_growth
from deskc.ladder.exact.problem import problem_of
from deskc.ladder.exact.programme import Answer, joined, least_excess, proven_empty
from deskc.ladder.exact.rows import Rows, box_of, needs, others, tangents_at
from deskc.ladder.settings import Settings

COUNT = 10


def asked(target: float) -> tuple[Rows, Answer]:
    """Return the default ladder's rows for a max need, and the solver's answer."""
    problem = problem_of(Settings())
    scale = even_growth(problem)
    rows = joined(needs(problem, target, scale), others(problem, box_of(problem), tangents_at(scale), scale))
    answer = least_excess(rows, scale)
    assert answer is not None
    return rows, answer


def test_a_need_out_of_reach_is_proven_so() -> None:
    """The weights of the rows that are broken say why."""
    rows, answer = asked(3.0)
    assert answer.excess > 0
    assert proven_empty(rows, answer.weights, range(COUNT, 2 * COUNT - 1))


def test_a_need_within_reach_is_never_proven_empty() -> None:
    """Neither by the solver's weights nor by any others."""
    rows, answer = asked(4.0)
    assert answer.excess <= 0
    random = np.random.default_rng(1)
    tried = [answer.weights, *random.random((50, len(answer.weights)))]
    assert not any(proven_empty(rows, weights, range(COUNT, 2 * COUNT - 1)) for weights in tried)


def test_weights_of_another_sign_or_size_prove_nothing_new() -> None:
    """Negative weights count as none, and all rows together at once say nothing."""
    rows, answer = asked(3.0)
    assert not proven_empty(rows, -np.abs(answer.weights), range(COUNT, 2 * COUNT - 1))
    assert not proven_empty(rows, np.zeros_like(answer.weights), range(COUNT, 2 * COUNT - 1))


@pytest.mark.parametrize("target", [3.0, 3.5, 5.0])
def test_an_answer_sums_to_a_hundred(target: float) -> None:
    """Volumes are percent of the budget."""
    _, answer = asked(target)
    assert answer.volumes.sum() == pytest.approx(100)
