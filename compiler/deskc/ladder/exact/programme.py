"""Linear programmes over rows, solved by HiGHS, and proofs from their duals that do not trust the solver."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from deskc.ladder.exact.problem import Floats
from deskc.ladder.exact.rows import Rows

__all__ = ["Answer", "joined", "least_excess", "proven_empty"]

_WAYS = tuple((method, at) for method in ("highs-ds", "highs-ipm") for at in (1e-10, 1e-9, 1e-7))
"""Solvers and tolerances, in the order in which they are tried: the simplex method at times ends without an answer."""

_MOST = 5000
"""Steps of one solve; a hundred are usual, and one that circles must end."""

_PENALTY = 1e3
"""What breaking a bound costs, in shares of the target of max need."""

_OPTIMAL = 0
_ULP = 2.0**-52
_ROUNDINGS = 40
"""More roundings than any coefficient has behind it."""
_NOTHING = 1e-100  # weights below this are none: products with them could underflow


class Answer(NamedTuple):
    """The volumes that break rows least, shape (N,), in percent, and the weights of the rows that say so, shape (m,).

    `excess` is above zero only where the rows have no solution; it is as good as the solver, the weights are proof.
    """

    excess: float
    volumes: Floats
    weights: Floats


def joined(first: Rows, second: Rows) -> Rows:
    """Return the rows of both."""
    return Rows(*(np.concatenate(parts) for parts in zip(first, second, strict=True)))


def least_excess(rows: Rows, scale: Floats, *, even: bool = False) -> Answer | None:
    """Minimise the largest need over volumes that sum to 100 and break bounds only where they must, and then least.

    With `even` it is the volumes over their scale whose sum is fixed: then the weights prove as much of small volumes
    as of large ones. Return None where the solver finds no answer in any way known.
    """
    count, aims = rows.coefficients.shape[1], bool(rows.aim.any())
    own = rows.coefficients if even else rows.coefficients - rows.share[:, None] * scale
    limits = np.zeros(len(rows.share)) if even else -100 * rows.share
    whole = np.full(count, 1 / count) if even else scale / 100
    for method, at in _WAYS:
        found = linprog(
            np.concatenate([np.zeros(count), [1, _PENALTY]]),
            A_ub=np.column_stack([own, -rows.aim, rows.aim - 1]),
            b_ub=limits,
            A_eq=np.concatenate([whole, [0, 0]])[None],
            b_eq=[1.0],
            bounds=[(0, None)] * count + [(None, None) if aims else (0, 0), (0, None)],
            method=method,
            options={"primal_feasibility_tolerance": at, "dual_feasibility_tolerance": at, "maxiter": _MOST},
        )
        if found.status == _OPTIMAL:
            volumes = np.asarray(found.x[:count] * scale)
            return Answer(float(found.fun), volumes * (100 / volumes.sum()), -np.asarray(found.ineqlin.marginals))
    return None


def proven_empty(rows: Rows, weights: Floats, ratio_rows: range) -> bool:
    """Say whether weights prove that no volumes keep the rows, by Farkas: their weighted sum has no coefficient <= 0.

    The sum is judged with a bound of all its rounding errors, so that True holds whatever the solver did. `ratio_rows`
    are the rows of the lower bounds of r_2 … r_N; weight is shifted along them to where rounding matters less.
    """
    weights = np.where(weights > _NOTHING, weights, 0.0)
    sums, errors = _weighted(rows, weights)
    for order, row in enumerate(ratio_rows):
        here, there = rows.coefficients[row, order], rows.coefficients[row, order + 1]
        lacking = 4 * errors[order] - sums[order]
        if lacking > 0 and here > 0:
            weights[row] += lacking / here
            sums[order + 1] += there * (lacking / here)
    sums, errors = _weighted(rows, weights)
    return bool((sums > errors).all())


def _weighted(rows: Rows, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted sum of rows and how far each of its numbers may be from the truth."""
    errors = (len(weights) + _ROUNDINGS) * _ULP * (weights @ rows.magnitudes)
    return weights @ rows.coefficients, errors
