"""Bounds in conflict: named, together impossible, and each of them needed for that."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest

from deskc.ladder.constraints import judge
from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.exact.conflict import conflict
from deskc.ladder.settings import Constraints, Core, Generation, Normalization, Settings

LOOSE = {
    "constraints.growth_eps": -100.0,
    "constraints.c2": 9.0,
    "constraints.first_volume_min": 0.0,
    "constraints.m2_min": -0.9,
    "constraints.m_min": -0.9,
    "constraints.m2_max": 8.0,
    "constraints.m_max": 8.0,
    "constraints.slope_cap": 8.0,
    "constraints.tail_floor": 0.0,
    "constraints.tail_cap": 100.0,
    "constraints.q1_cap": 100.0,
}
"""Values at which a bound keeps nothing out."""

CASES: dict[str, tuple[Settings, set[str]]] = {
    "head": (Settings(constraints=Constraints(q1_cap=5, m_max=0.3)), {"q1_cap", "m_max"}),
    "two orders": (Settings(Core(num_orders=2)), {"q1_cap", "tail_cap"}),
    "three orders": (Settings(Core(num_orders=3)), {"q1_cap", "tail_cap", "slope_cap"}),
    "second order": (Settings(constraints=Constraints(m2_min=0.5, m2_max=0.3)), {"m2_min", "m2_max"}),
    "c2": (Settings(constraints=Constraints(m2_min=0.5, c2=1.3)), {"m2_min", "c2"}),
    "slope": (
        Settings(constraints=Constraints(m_min=0.5, m2_max=0.3, slope_cap=0.1)),
        {"m_min", "m2_max", "slope_cap"},
    ),
    "tail": (Settings(Core(num_orders=4), constraints=Constraints(tail_floor=41)), {"tail_floor", "tail_cap"}),
    "growth": (Settings(constraints=Constraints(growth_eps=30)), {"growth_eps"}),
    "first volume": (
        Settings(Core(num_orders=30), constraints=Constraints(first_volume_min=2.5, m_min=0.05)),
        {"first_volume_min", "m_min", "slope_cap"},
    ),
}


def short_names(settings: Settings) -> set[str]:
    """Return the settings in conflict without their group."""
    found = conflict(settings)
    assert found is not None
    return {bound.setting.rpartition(".")[2] for bound in found.bounds}


@pytest.mark.parametrize("case", CASES)
def test_the_bounds_that_collide_are_named(case: str) -> None:
    """Nothing that has no part in it is."""
    settings, names = CASES[case]
    assert short_names(settings) == names


@pytest.mark.parametrize("case", CASES)
def test_without_any_one_of_them_a_ladder_exists_or_others_collide(case: str) -> None:
    """Each bound named is needed for the conflict; loosening all others changes nothing."""
    settings, _ = CASES[case]
    found = conflict(settings)
    assert found is not None
    assert found.irreducible
    named = {bound.setting for bound in found.bounds}
    others = {name: value for name, value in LOOSE.items() if name not in named}
    alone = loosened(settings, others)
    again = conflict(alone)
    assert again is not None
    assert {bound.setting for bound in again.bounds} == named
    for name in named:
        told = certify(loosened(alone, {name: LOOSE[name]}), gap=0.1)
        assert isinstance(told, Certificate)
        assert told.ladder is not None
        assert not [one for one in judge(told.ladder, loosened(alone, {name: LOOSE[name]})) if one.code < "HC6"]


def loosened(settings: Settings, values: dict[str, float]) -> Settings:
    """Return settings with other bounds."""
    changes: dict[str, Any] = {name.rpartition(".")[2]: value for name, value in values.items()}
    return replace(settings, constraints=replace(settings.constraints, **changes))


def test_a_message_gives_each_setting_and_its_value() -> None:
    """One sentence, and a way out of it."""
    found = conflict(CASES["head"][0])
    assert found is not None
    assert found.message == "no ladder of 10 orders keeps constraints.m_max 0.3 and constraints.q1_cap 5 together"
    assert found.help == "loosen constraints.m_max or constraints.q1_cap"
    for bound in found.bounds:
        assert attrgetter(bound.setting)(CASES["head"][0]) == bound.value


def test_a_reach_too_small_names_reach_and_step() -> None:
    """LADDER 1: overlap - first indent >= (N - 1)·step."""
    assert short_names(Settings(Core(overlap_pct=0.4))) == {"overlap_pct", "min_indent_step_pct"}
    assert conflict(Settings(Core(overlap_pct=0.45))) is None
    late = Settings(generation=Generation(first_indent_pct=19.7))
    assert short_names(late) == {"overlap_pct", "first_indent_pct", "min_indent_step_pct"}


def test_a_slope_below_zero_is_no_slope() -> None:
    """It collides with nothing but itself."""
    assert short_names(Settings(constraints=Constraints(slope_cap=-0.1))) == {"slope_cap"}


def test_the_floor_that_rounding_makes_is_called_by_its_setting() -> None:
    """No order may round to nothing, LADDER 5; the floor is post_round_2dp's own."""
    settings = Settings(
        Core(num_orders=30), constraints=Constraints(m_min=0.4), normalization=Normalization(post_round_2dp=True)
    )
    assert "post_round_2dp" in short_names(settings)
    assert conflict(replace(settings, normalization=Normalization())) is None


def test_the_ceiling_is_named_by_both_its_ends() -> None:
    """LADDER 7: N = 5 with the ceiling has no ladder."""
    assert short_names(Settings(Core(num_orders=5), constraints=Constraints(ceiling=True))) == {
        "m_head",
        "m_tail",
        "slope_cap",
        "q1_cap",
    }


@pytest.mark.parametrize("count", [4, 6, 10, 30])
def test_the_defaults_collide_with_nothing(count: int) -> None:
    """Where LADDER 3 found ladders, no conflict is reported."""
    assert conflict(Settings(Core(num_orders=count))) is None
