"""The cheap lower bound of J: never above what the plain reference scores, and near enough to be of use."""

from dataclasses import replace

import numpy as np
import pytest

from deskc.ladder.decode import decode_and_score
from deskc.ladder.parameters import pack
from deskc.ladder.room import room
from deskc.ladder.search.least import least_score
from deskc.ladder.settings import Constraints, Core, Generation, Penalties, Scoring, Settings

CASES = {
    "long base": Settings(),
    "long quote": Settings(Core(num_orders=20, sizing="quote")),
    "short base": Settings(Core(num_orders=15, side="short", overlap_pct=60.0)),
    "short quote": Settings(Core(num_orders=7, side="short", sizing="quote", overlap_pct=35.0)),
    "profit and fee": Settings(Core(num_orders=12, take_profit_pct=1.5, fee_pct=0.2)),
    "deep": Settings(Core(num_orders=12, overlap_pct=95.0)),
    "no room": Settings(Core(num_orders=10, overlap_pct=5.0), Generation(min_indent_step_pct=0.5)),
    "steep": Settings(constraints=Constraints(slope_cap=0.8)),
    "soft": Settings(penalties=Penalties(soft_penalties=True)),
    "negative scores": Settings(scoring=Scoring(gamma=-30.0)),
}


@pytest.mark.parametrize("settings", CASES.values(), ids=CASES)
@pytest.mark.parametrize("own_prices", [False, True], ids=["free prices", "own prices"])
def test_no_score_lies_below_the_bound(settings: Settings, own_prices: bool) -> None:  # noqa: FBT001 - parametrised
    """Of two thousand ladders none scores below its bound, whatever its prices; scores may be negative."""
    space, count = room(settings), settings.core.num_orders
    points = np.random.default_rng(0).random((2_000, 2 * count - 3 if own_prices else count - 1))
    made, judged = decode_and_score(points, space, pack(settings))
    assert (least_score(made.volumes, settings, space) <= judged.scores).all()


def test_the_bound_is_within_a_tenth_of_free_prices() -> None:
    """Where prices are the best there are, the bound lies at most a tenth below J."""
    settings = CASES["long base"]
    space = room(settings)
    made, judged = decode_and_score(np.random.default_rng(1).random((500, 9)), space, pack(settings))
    assert (least_score(made.volumes, settings, space) >= 0.9 * judged.scores).all()


@pytest.mark.parametrize("weight", ["alpha", "beta", "lambda_"])
def test_nothing_is_known_where_a_weight_is_negative(weight: str) -> None:
    """A negative weight rewards what the bound takes to be least: it says so by minus infinity."""
    settings = Settings(scoring=replace(Scoring(), **{weight: -0.1}))
    volumes = np.full((1, 10), 10.0)
    assert least_score(volumes, settings, room(settings)).tolist() == [-np.inf]
