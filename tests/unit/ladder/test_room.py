"""What a decoder refuses, and the smallest ladders it makes."""

import math
from dataclasses import replace

import numpy as np
import pytest

from deskc.ladder.constraints import violated
from deskc.ladder.decode import decode, decode_and_score
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder
from deskc.ladder.parameters import pack
from deskc.ladder.room import room
from deskc.ladder.settings import CODES, Constraints, Core, Generation, Settings
from ladders import equal_steps, from_ratios


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (Settings(Core(num_orders=1)), "2 or more orders"),
        (Settings(Core(overlap_pct=0.4)), "no room for 9 steps"),
        (Settings(Core(overlap_pct=-1.0), Generation(min_indent_step_pct=0.0)), "no room for 9 steps"),
        (Settings(Core(overlap_pct=100.0)), "below 100"),
        (Settings(Core(overlap_pct=math.nan)), "finite"),
        (Settings(constraints=Constraints(m_min=0.3, ceiling=True)), "m_min 0.3 is over"),
        (Settings(constraints=Constraints(m2_min=0.5, c2=1.4)), "m_2 must be at least 0.5 and at most 0.4"),
        (Settings(constraints=Constraints(m_min=0.6, m2_max=0.3)), "m_2 must be at least 0.35 and at most 0.3"),
        (Settings(constraints=Constraints(slope_cap=math.inf)), "slope_cap"),
        (Settings(constraints=Constraints(m_min=-1.0)), "above -1"),
    ],
)
def test_bounds_that_leave_nothing_are_named(settings: Settings, says: str) -> None:
    """One sentence with the numbers in conflict."""
    with pytest.raises(ValueError, match=says):
        room(settings)


@pytest.mark.parametrize("shape", [(3, 8), (9,), (3, 16)])
def test_points_of_another_width_are_refused(shape: tuple[int, ...]) -> None:
    """Ten orders have 9 coordinates, or 17 with prices."""
    with pytest.raises(ValueError, match="9 or 17 coordinates"):
        decode(np.zeros(shape), room(Settings()))


@pytest.mark.parametrize("count", [2, 3])
def test_two_and_three_orders_have_no_anchor_and_keep_the_rest(count: int) -> None:
    """HC5 has no ladder at N = 2 and 3; what holds by construction holds."""
    settings = Settings(Core(num_orders=count))
    space = room(settings)
    assert not space.anchored
    for width in {count - 1, 2 * count - 3}:
        made = decode(np.linspace(0, 1, 40 * width).reshape(40, width), space)
        assert set(judge_batch(*made, pack(settings)).violations.tolist()) == {0b100000}


def test_a_ceiling_that_falls_faster_than_the_slope_is_reached_in_time() -> None:
    """The band of each ratio is lowered until every later one can follow."""
    bounds = Constraints(ceiling=True, m_head=0.9, m_tail=0.1, slope_cap=0.05)
    settings = Settings(Core(num_orders=6), constraints=bounds)
    space = room(settings)
    assert (np.diff(space.high) >= -0.05 - 1e-12).all()
    assert space.second[1] == pytest.approx(space.high[0] + 0.05)
    _, judged = decode_and_score(np.ones((1, 5)), space._replace(anchored=False), pack(settings))
    assert not judged.violations[0] & 0b11010


def test_prices_by_even_coordinates_stand_at_equal_steps() -> None:
    """At one half every step has the same odds."""
    settings = Settings(Core(num_orders=5, side="short"))
    made = decode(np.full((1, 7), 0.5), room(settings))
    assert made.indents[0] == pytest.approx([0, 5, 10, 15, 20])


@pytest.mark.parametrize(
    "bounds", [Constraints(tail_floor=0.0), Constraints(q1_cap=0.0), Constraints(m2_max=0.1, m_max=0.05)]
)
def test_bounds_of_zero_and_narrow_bands_are_bounds_too(bounds: Constraints) -> None:
    """An anchor is found where there is one, and an answer in any case."""
    settings = Settings(constraints=bounds)
    space = room(settings)
    violations = judge_batch(*decode(np.linspace(0, 1, 90).reshape(10, 9), space), pack(settings)).violations
    assert space.anchored is (bounds.q1_cap > 0 and bounds.m_max > 0.05)
    assert not (violations & (0b111111 if space.anchored else 0b011011)).any()


def codes_of(volumes: tuple[float, ...], settings: Settings) -> list[str]:
    """Return what a ladder of these volumes at equal steps breaks of HC0 to HC5."""
    found = violated(Ladder(volumes, equal_steps(len(volumes))), settings)
    return [code for code, breaks in zip(CODES[:6], found, strict=False) if breaks]


def test_an_anchor_is_inside_every_bound_of_mass() -> None:
    """It is the candidate with the most room to the nearest one."""
    for count in (4, 5, 10, 20, 30, 60):
        settings = replace(Settings(), core=Core(num_orders=count))
        space = room(settings)
        assert space.anchored
        volumes = from_ratios(space.anchor.tolist())
        assert codes_of(volumes, settings) == []
