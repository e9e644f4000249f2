"""The model of LADDER 1 on ladders small enough to work out by hand."""

import pytest

from deskc.ladder.model import Ladder, averages, needs, prices, ratios, steps
from deskc.ladder.settings import Core

LADDER = Ladder((20.0, 30.0, 50.0), (0.0, 10.0, 20.0))


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        (Core(), (1, 0.9, 0.8)),
        (Core(side="short"), (1, 1.1, 1.2)),
        (Core(base_price=250.0), (250, 225, 200)),
    ],
)
def test_prices_fall_for_a_long_ladder_and_rise_for_a_short_one(core: Core, expected: tuple[float, ...]) -> None:
    """(1.1): an indent is a share of the base price."""
    assert prices(LADDER.indents, core) == pytest.approx(expected)


def test_ratios_and_steps_begin_at_the_second_order() -> None:
    """(1.2): the growth over the order before, and the distance from it."""
    assert ratios(LADDER.volumes) == pytest.approx((0.5, 2 / 3))
    assert steps((0.0, 5.0, 20.0)) == (5.0, 15.0)


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        (Core(), (1, 0.94, 0.87)),  # 47/50 and 87/100
        (Core(sizing="quote"), (1, 50 / (20 + 30 / 0.9), 100 / (20 + 30 / 0.9 + 50 / 0.8))),
        (Core(side="short"), (1, 1.06, 1.13)),
    ],
)
def test_the_average_entry_weighs_units_by_base_and_money_by_quote(core: Core, expected: tuple[float, ...]) -> None:
    """(1.3): base volumes are units at a price, quote volumes buy units at it."""
    assert averages(LADDER, core) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        (Core(), (0, 100 * (0.94 / 0.9 - 1), 8.75)),
        (Core(side="short"), (0, 100 * (1 - 1.06 / 1.1), 100 * (1 - 1.13 / 1.2))),
        (Core(sizing="quote"), (0, 4.166666666666, 7.913669064748)),
    ],
)
def test_a_need_is_the_move_from_the_last_fill_back_to_the_average(core: Core, expected: tuple[float, ...]) -> None:
    """(1.4) without profit and fee; the first order needs nothing."""
    assert needs(LADDER, core) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("side", "gain", "first"),
    [("long", 1.01 * 1.001, 1.101), ("short", 0.99 * 0.999, 1.099)],
)
def test_a_profit_and_a_fee_make_the_first_order_need_a_move(side: str, gain: float, first: float) -> None:
    """(1.4): with tp = 1 % and fee = 0.1 % a single fill at 1 closes beyond both."""
    core = Core(side="long" if side == "long" else "short", take_profit_pct=1.0, fee_pct=0.1)
    assert core.gain == pytest.approx(gain)
    assert needs(LADDER, core)[0] == pytest.approx(first)
