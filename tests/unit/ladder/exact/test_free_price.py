"""The best prices for given volumes: checked values, equal needs, and steps that are too small."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.exact.free_price import free_prices
from deskc.ladder.model import Ladder, needs
from deskc.ladder.settings import Core, Generation, Settings

VOLUMES = (2.0, 3.0, 5.0, 8.0, 12.0, 17.0, 23.0, 30.0)
EVERY = [(side, sizing) for side in ("long", "short") for sizing in ("base", "quote")]


def settings_of(side: str, sizing: str, *, step: float = 0.05) -> Settings:
    """Return settings with a profit and a fee, so that every part of (1.4) counts."""
    core = Core(num_orders=8, side=side, sizing=sizing, take_profit_pct=0.5, fee_pct=0.1)  # type: ignore[arg-type]
    return Settings(core, Generation(min_indent_step_pct=step, first_indent_pct=0.5))


def test_the_checked_value_is_found() -> None:
    """LADDER 6: N = 10, overlap 20, the certified ladder's volumes."""
    told = certify(Settings())
    assert isinstance(told, Certificate)
    assert told.ladder is not None
    assert free_prices(told.ladder.volumes, Settings()).max_need_pct == pytest.approx(2.07545, abs=5e-6)


@pytest.mark.parametrize(("side", "sizing"), EVERY)
def test_all_needs_but_the_first_are_equal(side: str, sizing: str) -> None:
    """The closed form's ladder, measured by the plain reference, and its ends where settings put them."""
    settings = settings_of(side, sizing)
    found = free_prices(VOLUMES, settings)
    assert found.equal
    assert needs(found.ladder, settings.core)[1:] == pytest.approx([found.max_need_pct] * 7, rel=1e-10)
    assert (found.ladder.indents[0], found.ladder.indents[-1]) == (0.5, 20.0)


@pytest.mark.parametrize(("side", "sizing"), EVERY)
@pytest.mark.parametrize("step", [0.05, 2.6])
def test_no_other_prices_need_less(side: str, sizing: str, step: float) -> None:
    """Neither of drawn ladders nor of near ones, with steps that bind and steps that do not."""
    settings = settings_of(side, sizing, step=step)
    found = free_prices(VOLUMES, settings)
    assert found.equal is (step == 0.05)
    random, best = np.random.default_rng(3), np.diff(found.ladder.indents)
    for width in [*[1.0] * 100, *[0.01] * 100]:
        spare = np.maximum(best - step, 0) * np.exp(width * random.normal(size=7)) + 1e-3 * width * random.random(7)
        spare *= (19.5 - 7 * step) / spare.sum()
        indents = (0.5, *np.cumsum(spare + step)[:-1] + 0.5, 20.0)
        assert max(needs(Ladder(VOLUMES, indents), settings.core)) >= found.max_need_pct * (1 - 1e-9)


@pytest.mark.parametrize(("side", "sizing"), EVERY)
def test_steps_keep_the_minimum_where_it_binds(side: str, sizing: str) -> None:
    """The programme's indents are apart, and cost more than the closed form's."""
    wide, free = (free_prices(VOLUMES, settings_of(side, sizing, step=step)) for step in (2.6, 0.05))
    assert not wide.equal
    assert min(after - before for before, after in pairwise(wide.ladder.indents)) >= 2.6 - 1e-12
    assert (wide.ladder.indents[0], wide.ladder.indents[-1]) == (0.5, 20.0)
    assert wide.max_need_pct > free.max_need_pct


def test_a_reach_that_steps_fill_leaves_one_ladder() -> None:
    """(N - 1)·step is all there is."""
    found = free_prices(VOLUMES, Settings(Core(num_orders=8, overlap_pct=7.0), Generation(min_indent_step_pct=1.0)))
    assert found.ladder.indents == pytest.approx(range(8))


@pytest.mark.parametrize(
    ("volumes", "changes", "said"),
    [
        ((100.0,), {}, "a ladder of 1 orders is none"),
        ((50.0, -1.0), {}, "a volume is not above 0"),
        ((50.0, float("nan")), {}, "a volume is not above 0"),
        ((40.0, 60.0), {"overlap_pct": 100.0}, "give no prices above 0"),
        ((40.0, 60.0), {"overlap_pct": float("inf")}, "give no prices above 0"),
        ((40.0, 60.0), {"overlap_pct": 0.01}, "leaves no room"),
    ],
)
def test_what_has_no_prices_is_refused(volumes: tuple[float, ...], changes: dict[str, float], said: str) -> None:
    """One plain sentence says what is wrong."""
    settings = Settings(replace(Core(), **changes))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        free_prices(volumes, settings)
