"""The estimated lower bound of J: below the best known, and near it."""

from dataclasses import replace

import pytest

from deskc.ladder.estimate import estimate, gap
from deskc.ladder.search.best import best
from deskc.ladder.settings import Constraints, Core, Penalties, Scoring, Settings
from ladder_presets import preset


@pytest.mark.parametrize(("orders", "known"), [(10, 1.459446), (20, 0.948207)])
def test_the_checked_values_lie_within_two_percent_above(orders: int, known: float) -> None:
    """LADDER 2 names the best known J at overlap 20."""
    found = estimate(Settings(Core(num_orders=orders)))
    assert found is not None
    assert 0.98 * known <= found <= known


@pytest.mark.parametrize(
    "settings",
    [
        Settings(Core(num_orders=12, side="short")),
        Settings(Core(num_orders=12, sizing="quote", overlap_pct=30.0)),
        Settings(Core(num_orders=12, side="short", sizing="quote")),
        Settings(Core(num_orders=8, take_profit_pct=1.0, fee_pct=0.1)),
        preset("exploration", 14),
        preset("fast_exit", 14),
    ],
    ids=["short", "quote", "short quote", "profit", "exploration", "fast exit"],
)
def test_the_best_found_lies_within_two_percent_above(settings: Settings) -> None:
    """For either side, either sizing and the plain presets."""
    found, known = estimate(settings), best(settings, seed=0, max_evaluations=4_000).scores[0]
    assert found is not None
    assert 0.98 * known <= found <= known


@pytest.mark.parametrize("name", ["production", "strict"])
def test_the_bound_holds_where_waves_are_enforced(name: str) -> None:
    """HC6 and HC7 are left out: the bound is lower than it could be, and still one."""
    settings = preset(name, 10)
    found = estimate(settings)
    assert found is not None
    assert found <= best(settings, seed=0, max_evaluations=4_000).scores[0]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(penalties=Penalties(soft_penalties=True)),
        Settings(constraints=Constraints(enforce=("HC0", "HC1"))),
        Settings(Core(num_orders=2)),
        *(Settings(scoring=replace(Scoring(), **{name: -0.1})) for name in ("alpha", "beta", "gamma", "lambda_")),
        Settings(scoring=Scoring(alpha=0)),
    ],
)
def test_nothing_is_estimated_of_odd_objectives(settings: Settings) -> None:
    """Soft penalties, bands that are not enforced, two orders, weights that are not above zero."""
    assert estimate(settings) is None


def test_a_gap_is_what_lies_between_as_a_fraction_of_j() -> None:
    """It is told of positive scores alone, and never below nothing."""
    settings = Settings(Core(num_orders=8))
    bound = estimate(settings)
    assert bound is not None
    assert gap(bound / 0.9, settings) == pytest.approx(0.1)
    assert gap(bound - 0.1, settings) == 0
    assert gap(-1.0, settings) is None
    assert gap(1.0, Settings(penalties=Penalties(soft_penalties=True))) is None
