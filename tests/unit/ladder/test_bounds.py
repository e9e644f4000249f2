"""Bounds that leave no room for a ladder are refuted, and the bounds that a refutation names all take part in it."""

from dataclasses import replace
from typing import Any

import pytest

from deskc.ladder.bounds import conflicts, exceeded_multiple
from deskc.ladder.boxes import Boxes, empty, highest_deviation
from deskc.ladder.settings import CODES, Constraints, Core, Generation, Normalization, Settings


def settings(count: int = 10, **bounds: Any) -> Settings:  # noqa: ANN401 - a bound may have any JSON value
    """Return the defaults for so many orders with these constraints."""
    return Settings(core=Core(num_orders=count), constraints=replace(Constraints(), **bounds))


@pytest.mark.parametrize("count", [4, 5, 6, 7, 8, 10, 15, 20, 30, 60])
def test_the_defaults_leave_room_from_four_orders_on(count: int) -> None:
    """What can be built is not refuted, with all eight enforced from seven orders on."""
    assert conflicts(settings(count)) == ()
    if count >= 7:
        assert conflicts(settings(count, enforce=CODES)) == ()


@pytest.mark.parametrize(
    ("bounds", "code", "named"),
    [
        ({"count": 2}, "HC5", {"tail_cap", "m2_min"}),
        ({"count": 3}, "HC5", {"q1_cap", "tail_cap", "slope_cap"}),
        ({"count": 5, "ceiling": True}, "HC5", {"q1_cap", "slope_cap", "ceiling"}),
        ({"q1_cap": 5, "m_max": 0.3}, "HC5", {"q1_cap", "m_max"}),
        ({"tail_floor": 95}, "HC5", {"tail_floor", "m_max"}),
        ({"tail_cap": 8, "m_min": 0.3}, "HC5", {"tail_cap", "growth_eps"}),
        ({"m2_min": 1.2}, "HC1", {"c2", "m2_min"}),
        ({"m2_min": 0.6, "m2_max": 0.5}, "HC1", {"m2_max", "m2_min"}),
        ({"m_min": 1.2}, "HC3", {"m_max", "m_min"}),
        ({"m2_min": 0.9, "ceiling": True, "slope_cap": 0.2}, "HC4", {"slope_cap", "ceiling", "m2_min"}),
        ({"growth_eps": 30}, "HC2", {"growth_eps"}),
        ({"first_volume_min": 12}, "HC2", {"growth_eps", "first_volume_min"}),
    ],
)
def test_the_bounds_in_conflict_are_named(bounds: dict[str, Any], code: str, named: set[str]) -> None:
    """The first has the constraint that is reported."""
    found = conflicts(settings(**bounds, enforce=CODES[:6]))
    (first,) = [one for one in found if one.codes <= set(CODES[:6])]
    assert first.code == code
    assert {path.removeprefix("constraints.") for path in first.settings} == named


def test_none_of_the_bounds_named_can_be_left_out() -> None:
    """Each relaxed far enough, the proof fails."""
    assert empty(settings(3))
    assert not empty(settings(3, q1_cap=100))
    assert not empty(settings(3, tail_cap=100))
    assert not empty(settings(3, slope_cap=9))


def test_what_no_bound_enforces_is_not_blamed_first() -> None:
    """Where enforced bounds alone conflict, the others are left out of the finding."""
    (found,) = [one for one in conflicts(settings(m2_min=1.2, tail_cap=5, enforce=("HC0", "HC1"))) if one.code == "HC1"]
    assert found.codes == {"HC1"}


def test_the_ceiling_keeps_long_ladders_from_deviating() -> None:
    """LADDER 3: at twenty orders none reaches 0.18; the bound that proves it is no less than LADDER's 0.173."""
    deviations = [highest_deviation(Boxes(settings(count, ceiling=True)).ratios) for count in (10, 20, 30)]
    assert deviations[0] > 0.18 > deviations[1] > deviations[2]
    assert deviations[1] >= 0.173
    assert [one.code for one in conflicts(settings(20, ceiling=True, enforce=CODES))] == ["HC7"]


@pytest.mark.parametrize(
    ("core", "generation", "start"),
    [
        (Core(overlap_pct=0.44), Generation(), "10 orders 0.05 % apart take 0.45 %, over the 0.44 %"),
        (Core(overlap_pct=20), Generation(first_indent_pct=19.6), "10 orders 0.05 % apart take 0.45 %, over the 0.4 %"),
        (Core(overlap_pct=100), Generation(), "overlap_pct 100 puts the last price of a long ladder at 0 or below"),
    ],
)
def test_indents_without_room_are_refuted(core: Core, generation: Generation, start: str) -> None:
    """HC0, with the numbers."""
    (found,) = conflicts(Settings(core=core, generation=generation))
    assert found.code == "HC0"
    assert found.message.startswith(start)


def test_indents_that_just_fit_are_not_refuted() -> None:
    """Nine steps of 0.05 take 0.45 %; a short ladder may reach beyond the price."""
    assert conflicts(Settings(core=Core(overlap_pct=0.45))) == ()
    assert conflicts(Settings(core=Core(overlap_pct=150, side="short"))) == ()


def test_the_floor_that_rounding_brings_is_named_as_rounding_s() -> None:
    """With a growth of two points nothing is left for the hundredth that two decimals ask for."""
    tight = replace(settings(count=10, growth_eps=100 / 45), normalization=Normalization(post_round_2dp=True))
    (found,) = conflicts(tight)
    assert "normalization.post_round_2dp" in found.settings


@pytest.mark.parametrize(("most", "multiple", "said"), [(1.0, 2.0, None), (0.3, 1.3, None), (0.8, 1.5, "m2_max 0.8")])
def test_a_band_beyond_its_multiple_is_told(most: float, multiple: float, said: str | None) -> None:
    """LADDER 3: a finding, not a silent minimum."""
    found = exceeded_multiple(settings(m2_max=most, c2=multiple))
    assert (found or "").startswith(said or "")
    assert (found is None) == (said is None)
