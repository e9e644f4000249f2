"""The grid: each cell once, the most promising first, and a bound that no ladder undercuts."""

from dataclasses import replace

import pytest

from deskc.ladder.search.grid import Cell, Grid, lower_bound
from deskc.ladder.search.random import Random
from deskc.ladder.settings import Constraints, Core, Penalties, Scoring, Settings

VARIED = [
    Settings(core=Core(num_orders=count, overlap_pct=overlap, side=side, sizing=sizing))
    for count, overlap in ((3, 5.0), (7, 30.0), (10, 20.0), (25, 60.0))
    for side in ("long", "short")
    for sizing in ("base", "quote")
]


@pytest.mark.parametrize("settings", VARIED, ids=lambda settings: f"{settings.core}")
def test_no_ladder_lies_below_the_bound(settings: Settings) -> None:
    """None that is drawn, for either side and sizing, and with a profit and a fee."""
    for own in (settings, replace(settings, core=replace(settings.core, take_profit_pct=1.0, fee_pct=0.1))):
        loose = replace(own, constraints=replace(own.constraints, enforce=("HC0", "HC1", "HC2", "HC3", "HC4")))
        scores = [score for job in Random(loose, 1).ask(400) for score in job.work(loose).scores]
        assert scores
        assert 0 < lower_bound(own) <= min(scores)


def test_the_bound_is_worth_having() -> None:
    """At ten orders over 20 % it is more than half of the best known J."""
    assert 0.5 < lower_bound(Settings()) / 1.459446 < 1


@pytest.mark.parametrize(
    "settings",
    [
        Settings(scoring=Scoring(beta=-0.1)),
        Settings(penalties=Penalties(sp3=-1.0)),
        Settings(constraints=Constraints(enforce=("HC0", "HC1", "HC3", "HC5"))),
    ],
)
def test_without_its_argument_there_is_no_bound(settings: Settings) -> None:
    """Negative weights reward what the bound leaves out, and steeper ladders may come without HC4."""
    assert lower_bound(settings) == -float("inf")


def test_each_cell_comes_once_and_promising_ones_first() -> None:
    """A narrow ladder of many orders before a wide one of few; a restored grid has what is left."""
    grid = Grid(Settings(), 7, overlaps=(30.0, 10.0, 10.0), orders=(8, 12))
    first = grid.ask(1)
    assert first == [Cell(10.0, 12, 7)]
    again = Grid.restored(Settings(), grid.state())
    rest = grid.ask(10)
    assert {(cell.overlap_pct, cell.num_orders) for cell in rest} == {(10.0, 8), (30.0, 8), (30.0, 12)}
    assert again.ask(10) == rest
    assert (grid.ask(10), again.ask(10)) == ([], [])


def test_without_a_grid_there_is_the_settings_own_cell() -> None:
    """Its best ladder is what the zones find."""
    (cell,) = Grid(Settings(), 0).ask(5)
    found = cell.work(Settings())
    assert found.scores.min() == pytest.approx(1.459446, rel=1e-5)
    assert found.evaluations > 0


def test_a_cell_of_one_order_is_refused() -> None:
    """It is no ladder."""
    with pytest.raises(ValueError, match="2 orders"):
        Grid(Settings(), 0, orders=(1, 5))
