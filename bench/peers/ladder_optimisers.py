"""General optimisers that search ladders through the decoder, each until its evaluations are spent."""

import warnings
from collections.abc import Callable, Mapping

import numpy as np

from ladder_decoder import Exhausted, Objective

__all__ = ["OPTIMISERS", "spend"]


def _differential_evolution(objective: Objective, seed: int) -> None:
    from scipy.optimize import differential_evolution

    while True:  # it converges early and is started anew
        differential_evolution(objective, [(0, 1)] * objective.size, rng=seed, maxiter=10**6, polish=False)
        seed += 1_000


def _pycma(objective: Objective, seed: int) -> None:
    import cma

    population, count = 4 + int(3 * np.log(objective.size)), 0
    rng = np.random.default_rng(seed)
    while True:  # restarts with twice the population, as its authors advise
        options = {"bounds": [0, 1], "seed": seed * 1_000 + count + 1, "verbose": -9, "popsize": population}
        begin = rng.random(objective.size) if count else np.full(objective.size, 0.5)
        strategy = cma.CMAEvolutionStrategy(begin, 0.3, options)
        while not strategy.stop():
            points = strategy.ask()
            strategy.tell(points, [objective(point) for point in points])
        population, count = 2 * population, count + 1


def _nevergrad(objective: Objective, seed: int) -> None:
    import nevergrad

    space = nevergrad.p.Array(init=np.full(objective.size, 0.5)).set_bounds(0, 1)
    space.random_state = np.random.RandomState(seed)  # nevergrad takes no other
    strategy = nevergrad.optimizers.CMA(parametrization=space, budget=objective.left)
    while True:
        asked = strategy.ask()
        strategy.tell(asked, objective(asked.value))


def _optuna(objective: Objective, seed: int) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    while True:
        trial = study.ask()
        point = [trial.suggest_float(str(place), 0, 1) for place in range(objective.size)]
        study.tell(trial, objective(point))


OPTIMISERS: Mapping[str, Callable[[Objective, int], None]] = {
    "scipy DE": _differential_evolution,
    "pycma": _pycma,
    "Nevergrad CMA": _nevergrad,
    "Optuna TPE": _optuna,
}
"""By name: what spends an objective's evaluations from a seed."""


def spend(name: str, objective: Objective, seed: int) -> bool:
    """Let an optimiser spend all evaluations; False where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, about bounds and early ends
            OPTIMISERS[name](objective, seed)
    except Exhausted:
        return True
    except ImportError:
        return False
    return True
