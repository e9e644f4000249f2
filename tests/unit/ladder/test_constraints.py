"""The hard constraints of LADDER 3, each at its exact boundary."""

import math
from dataclasses import replace
from typing import Any

import pytest

from deskc.ladder.constraints import exact, judge, quarter, violated
from deskc.ladder.model import Ladder
from deskc.ladder.score import total, variance
from deskc.ladder.settings import CODES, Settings, from_mapping
from ladders import equal_steps, from_ratios

RATIOS = [0.25, 0.5, 0.75, 0.5, 0.25, 0.5, 0.75, 0.5, 0.25]
LADDER = Ladder(from_ratios(RATIOS), equal_steps(10))
"""It keeps all eight: slopes of .25, three turns, a deviation of .184."""

INSIDE, OUTSIDE = 0.5e-9, 2e-9  # of the tolerance
ROUND = Ladder((16.0, 20.0, 28.0, 36.0), (0.0, 5.0, 10.0, 20.0))


def settings(**groups: dict[str, Any]) -> Settings:
    """Return settings from some groups."""
    return from_mapping(groups)


def codes(ladder: Ladder, judged_by: Settings) -> list[str]:
    """Return the codes that a ladder breaks."""
    return [code for code, breaks in zip(CODES, violated(ladder, judged_by), strict=True) if breaks]


def test_a_ladder_may_keep_all_eight() -> None:
    """Nothing is said of a ladder within every bound."""
    assert judge(LADDER, Settings()) == ()


BOUNDS = [
    ("HC0", "constraints.first_volume_min", LADDER.volumes[0], 1),
    ("HC0", "generation.min_indent_step_pct", 20 / 9, 1),
    ("HC0", "core.overlap_pct", 20.0, 1),
    ("HC0", "core.overlap_pct", 20.0, -1),
    ("HC0", "generation.first_indent_pct", 0.0, 1),
    ("HC0", "generation.first_indent_pct", 0.0, -1),
    ("HC1", "constraints.m2_min", 0.25, 1),
    ("HC1", "constraints.m2_max", 0.25, -1),
    ("HC1", "constraints.c2", 1.25, -1),
    ("HC2", "constraints.growth_eps", LADDER.volumes[1] - LADDER.volumes[0], 1),
    ("HC3", "constraints.m_min", 0.25, 1),
    ("HC3", "constraints.m_max", 0.75, -1),
    ("HC4", "constraints.slope_cap", 0.25, -1),
    ("HC5", "constraints.q1_cap", total(LADDER.volumes[:3]), -1),
    ("HC5", "constraints.tail_floor", total(LADDER.volumes[-3:]), 1),
    ("HC5", "constraints.tail_cap", LADDER.volumes[-1], -1),
    ("HC6", "constraints.flat", 0.25, 1),
    ("HC7", "constraints.wave_std_min", math.sqrt(variance(RATIOS)), 1),
    ("HC7", "constraints.wave_turn_min", 0.25, 1),
]


@pytest.mark.parametrize(("code", "setting", "bound", "towards"), BOUNDS, ids=str)
def test_a_bound_is_kept_up_to_its_tolerance(code: str, setting: str, bound: float, towards: int) -> None:
    """At the bound and half a tolerance beyond it nothing is broken, two tolerances beyond it one code is."""
    group, _, name = setting.partition(".")
    for beyond, expected in ((0.0, []), (INSIDE, []), (OUTSIDE, [code])):
        assert codes(LADDER, settings(**{group: {name: bound + towards * beyond}})) == expected


@pytest.mark.parametrize(
    ("code", "section"),
    [
        ("HC0", {"core": {"num_orders": 11}}),
        ("HC3", {"constraints": {"ceiling": True}}),
        ("HC6", {"constraints": {"flat": 0.3, "max_plateau": 7}}),
        ("HC7", {"constraints": {"wave_turns_min": 4}}),
    ],
)
def test_counts_and_shapes_are_judged_too(code: str, section: dict[str, dict[str, Any]]) -> None:
    """Another number of orders, the ceiling, eight flat slopes, three turns of four."""
    assert codes(LADDER, settings(**section)) == [code]


def test_eight_flat_slopes_are_eight() -> None:
    """HC6 counts a run, and allows as many as `max_plateau` says."""
    assert codes(LADDER, settings(constraints={"flat": 0.3, "max_plateau": 8})) == []


@pytest.mark.parametrize(("off", "broken"), [(0.5e-9, []), (-0.5e-9, []), (2e-9, ["HC0"]), (-2e-9, ["HC0"])])
def test_volumes_sum_to_a_hundred(off: float, broken: list[str]) -> None:
    """HC0's sum has the tolerance too."""
    assert codes(Ladder(from_ratios(RATIOS, whole=100 + off), LADDER.indents), Settings()) == broken


def test_a_second_order_may_not_exceed_either_of_two_caps() -> None:
    """HC1's upper end is the lower of m2_max and c2 − 1, and the message names it."""
    for bounds, name in (({"m2_max": 0.2, "c2": 1.3}, "m2_max"), ({"m2_max": 0.3, "c2": 1.2}, "c2")):
        (found,) = judge(LADDER, settings(constraints=bounds))
        assert (found.code, found.order, found.setting) == ("HC1", 2, f"constraints.{name}")
        assert found.limit == pytest.approx(0.2)


def test_a_violation_names_order_numbers_and_setting() -> None:
    """HC4 at order 7 of ten: the move, the cap, and where the cap is set."""
    bent = Ladder(from_ratios([*RATIOS[:5], 0.56, *RATIOS[6:]]), LADDER.indents)
    (found,) = judge(bent, Settings())
    assert (found.code, found.order, found.setting, found.subject) == (
        "HC4",
        7,
        "constraints.slope_cap",
        "volumes_pct",
    )
    assert found.actual == pytest.approx(0.31)
    assert found.limit == 0.25


@pytest.mark.parametrize(
    ("count", "orders"), [(2, 1), (4, 1), (5, 2), (8, 2), (9, 3), (10, 3), (11, 3), (12, 3), (13, 4)]
)
def test_a_quarter_rounds_up(count: int, orders: int) -> None:
    """HC5's quarters are ⌈N/4⌉ orders."""
    assert quarter(count) == orders


@pytest.mark.parametrize(("count", "broken"), [(6, False), (7, True)])
def test_a_wave_is_asked_for_from_seven_orders_on(count: int, broken: bool) -> None:  # noqa: FBT001 - what is expected
    """Equal ratios break HC7 from N = 7 on."""
    ladder = Ladder(from_ratios([0.4] * (count - 1)), equal_steps(count))
    assert ("HC7" in codes(ladder, settings(core={"num_orders": count}))) is broken


@pytest.mark.parametrize(
    "ladder",
    [
        Ladder((100.0,), (0.0,)),
        Ladder((), ()),
        Ladder((40.0, 60.0), (0.0,)),
        Ladder((math.nan, 60.0), (0.0, 20.0)),
        Ladder((0.0, 100.0), (0.0, 20.0)),
        Ladder((-10.0, 110.0), (0.0, 20.0)),
        Ladder((40.0, math.inf), (0.0, 20.0)),
        Ladder((40.0, 60.0), (0.0, 100.0)),
        Ladder((40.0, 60.0), (0.0, math.nan)),
    ],
    ids=str,
)
def test_what_is_no_ladder_breaks_hc0_alone(ladder: Ladder) -> None:
    """Too few orders, numbers that are none, volumes and prices not above zero."""
    if len(ladder.volumes) == len(ladder.indents):
        assert codes(ladder, settings(core={"num_orders": 2})) == ["HC0"]
        assert {found.code for found in exact(ladder, Settings())} == {"HC0"}


def test_a_short_ladder_may_reach_beyond_a_hundred_percent() -> None:
    """A short ladder's prices rise, so an indent of 120 % has a price."""
    ladder = Ladder(LADDER.volumes, equal_steps(10, overlap_pct=120.0))
    assert codes(ladder, settings(core={"overlap_pct": 120.0})) == ["HC0"]
    assert codes(ladder, settings(core={"overlap_pct": 120.0, "side": "short"})) == []


def four(**bounds: float) -> Settings:
    """Return settings for four orders."""
    return settings(core={"num_orders": 4}, constraints=bounds)


def test_exact_arithmetic_keeps_a_bound_that_floats_miss() -> None:
    """19.2/16 − 1 is under 0.2 in floats, and is 0.2 in the decimals that were written."""
    ladder, bounds = ROUND._replace(volumes=(16.0, 19.2, 28.0, 36.8)), four(m2_min=0.2, slope_cap=1.0)
    assert [found.code for found in judge(ladder, bounds, tolerance=0)] == ["HC1"]
    assert exact(ladder, bounds) == ()


def test_exact_arithmetic_tolerates_nothing() -> None:
    """A bound missed by 1e-13 is broken, though floats let it pass."""
    within = four(slope_cap=0.1499999999999)
    assert judge(ROUND, within) == ()
    assert [found.code for found in exact(ROUND, within)] == ["HC4"]


def test_exact_sums_are_sums_of_the_written_decimals() -> None:
    """0.1 and 0.2 written add up to 0.3; a hundredth too much is too much."""
    tenths = Ladder((10.1, 20.2, 29.3, 40.4), ROUND.indents)
    loose = four(slope_cap=1.0, m2_max=1.0, tail_cap=41.0)
    assert exact(tenths, loose) == ()
    more = tenths._replace(volumes=(10.11, 20.2, 29.3, 40.4))
    assert {found.code for found in exact(more, loose)} == {"HC0"}


def test_exact_judges_the_last_order_at_its_cap() -> None:
    """36 may be 36, and may not be 35.99."""
    assert exact(ROUND, four(tail_cap=36.0)) == ()
    assert [found.code for found in exact(ROUND, four(tail_cap=35.99))] == ["HC5"]


def test_exact_compares_the_deviation_without_a_root() -> None:
    """The ratios 0.6 and 0.2, in turn, deviate by exactly 0.2."""
    shape = [1.0]
    for ratio in (0.6, 0.2) * 3:
        shape.append(round(shape[-1] * (1 + ratio), 10))
    ladder = Ladder(tuple(shape), equal_steps(7, overlap_pct=18.0))
    for least, broken in ((0.2, False), (0.2000000000001, True)):
        judged_by = settings(core={"num_orders": 7, "overlap_pct": 18.0}, constraints={"wave_std_min": least})
        assert ("HC7" in {found.code for found in exact(ladder, judged_by)}) is broken


def test_two_decimals_raise_the_first_volume_s_floor_to_a_cent() -> None:
    """HC0: no order may round to nothing."""
    tiny = Ladder((0.005, 19.995, 40.0, 40.0), ROUND.indents)
    rounding = replace(four(), normalization=replace(Settings().normalization, post_round_2dp=True))
    assert "constraints.first_volume_min" in {found.setting for found in judge(tiny, rounding)}
    assert "constraints.first_volume_min" not in {found.setting for found in judge(tiny, four())}
    assert "constraints.first_volume_min" in {found.setting for found in exact(tiny, rounding)}
