"""Where no ladder of two decimals can exist, a short argument says so and names both numbers."""

from dataclasses import replace

import pytest

from deskc.ladder.rounding import NoneFound, round_ladder
from deskc.ladder.settings import CODES, Constraints, Core, Generation, Normalization, Settings
from ladder_presets import even, preset

CASES: list[tuple[Settings, str]] = [
    (preset("production", 10, overlap_pct=12.345), "overlap_pct 12.345 has more than two decimals"),
    (
        Settings(generation=Generation(first_indent_pct=0.001)),
        "first_indent_pct 0.001 has more than two decimals, and an order stands there",
    ),
    (
        Settings(Core(overlap_pct=0.5), Generation(min_indent_step_pct=0.051)),
        "9 steps of at least 0.06 % do not fit between 0 % and 0.5 %",
    ),
    (
        Settings(normalization=Normalization(v2_band=(2.1, 3.0))),
        "order 2 over the one before has no ratio: it is at least 2.1 and at most 2",
    ),
    (Settings(constraints=Constraints(first_volume_min=7.0)), "volumes that begin at 7.00 % and grow as little as"),
    (Settings(Core(num_orders=40), constraints=Constraints(m_min=0.3)), "grow as little as they may sum to"),
    (
        Settings(Core(num_orders=4), constraints=Constraints(first_volume_min=15.0, q1_cap=14.0)),
        "have 15.00 % in the first 1, over q1_cap 14",
    ),
    (
        Settings(Core(num_orders=4), constraints=Constraints(first_volume_min=15.0, tail_cap=15.5)),
        "end at 18.20 %, over tail_cap 15.5",
    ),
    (Settings(Core(num_orders=2)), "volumes that end at tail_cap 40 and grow as little as they may reach 62.00 %"),
    (
        Settings(Core(num_orders=12), constraints=Constraints(tail_cap=12.0, tail_floor=35.0)),
        "have 34.29 % in the last 3, under tail_floor 35",
    ),
    (
        Settings(constraints=Constraints(wave_turns_min=8, enforce=CODES)),
        "9 ratios turn at most 7 times, under wave_turns_min 8",
    ),
    (
        Settings(constraints=Constraints(m_max=0.4, m2_max=0.4, enforce=CODES)),
        "ratios in their band deviate by at most 0.175, under wave_std_min 0.18",
    ),
    (preset("exploration", 3), "none of the ladders of 3 orders in hundredths keeps HC0, HC1, HC2, HC3, HC4, HC5"),
]


@pytest.mark.parametrize(("settings", "reason"), CASES, ids=[reason for _, reason in CASES])
def test_what_makes_it_impossible_is_named(settings: Settings, reason: str) -> None:
    """Both numbers stand in the sentence, and it counts as proved."""
    orders = settings.core.num_orders
    found = round_ladder(even(orders, overlap_pct=settings.core.overlap_pct), settings, seed=0, max_evaluations=64)
    assert isinstance(found, NoneFound)
    assert found.proved
    assert reason in found.reason


@pytest.mark.parametrize(("settings", "reason"), CASES, ids=[reason for _, reason in CASES])
def test_what_is_not_enforced_makes_nothing_impossible(settings: Settings, reason: str) -> None:
    """Only HC0 is left, and it alone is said to be broken."""
    free = replace(
        settings,
        constraints=replace(settings.constraints, enforce=("HC0",), first_volume_min=0.0),
        normalization=Normalization(keep_v2_band=False),
    )
    orders = settings.core.num_orders
    found = round_ladder(even(orders, overlap_pct=settings.core.overlap_pct), free, seed=0, max_evaluations=64)
    assert isinstance(found, NoneFound) == ("decimals" in reason or "steps of" in reason)
