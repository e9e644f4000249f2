"""Certificates of max need: checked values, what they refuse, and what they leave out."""

import math
from dataclasses import replace

import pytest

from deskc.ladder.constraints import judge, violated
from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.exact.conflict import Conflict
from deskc.ladder.model import Ladder, needs
from deskc.ladder.settings import CODES, Constraints, Core, Generation, Settings


def certified(settings: Settings, *, gap: float = 1e-6, candidates: tuple[Ladder, ...] = ()) -> Certificate:
    """Return the certificate of settings that have one."""
    told = certify(settings, gap=gap, candidates=candidates)
    assert isinstance(told, Certificate)
    return told


@pytest.mark.parametrize(("count", "need_pct"), [(10, 3.45414), (20, 1.65043)])
def test_the_checked_values_are_certified(count: int, need_pct: float) -> None:
    """LADDER 6: HC0 to HC5, equal steps, overlap 20, long, base sizing, default bounds."""
    told = certified(Settings(Core(num_orders=count)))
    assert told.ladder is not None
    assert told.max_need_pct == pytest.approx(need_pct, abs=5e-6)
    assert told.max_need_pct == max(needs(told.ladder, Core(num_orders=count)))
    assert told.gap is not None
    assert 0 < told.gap <= 1e-6
    assert told.lower_bound_pct == pytest.approx(told.max_need_pct * (1 - told.gap))
    assert not any(violated(told.ladder, Settings(Core(num_orders=count)))[:6])
    assert told.unproven == ()


def test_a_narrower_gap_is_closed_where_it_is_asked_for() -> None:
    """The bound rises to the best ladder from below."""
    wide, narrow = (certified(Settings(), gap=gap) for gap in (1e-3, 1e-9))
    assert wide.max_need_pct is not None
    assert wide.lower_bound_pct < narrow.lower_bound_pct < wide.max_need_pct
    assert narrow.gap is not None
    assert narrow.gap <= 1e-9


def test_boxes_close_where_small_volumes_bind() -> None:
    """Thirty orders with a floor of the first volume need branching, and end."""
    told = certified(Settings(Core(num_orders=30), constraints=Constraints(first_volume_min=0.01)))
    assert told.gap is not None
    assert told.gap <= 1e-6
    assert told.nodes > 1


def test_a_need_that_small_orders_decide_is_proven_too() -> None:
    """Eight orders that hold a thousandth of a percent together have the largest need: the proof scales them evenly."""
    core = Core(num_orders=30, overlap_pct=5.0, side="short", sizing="quote")
    limits = Constraints(slope_cap=0.05, m2_max=0.3, m_min=0.0, q1_cap=40, tail_floor=50, tail_cap=60)
    told = certified(Settings(core, constraints=limits))
    assert told.ladder is not None
    assert sum(told.ladder.volumes[:8]) < 1e-3
    assert told.max_need_pct == pytest.approx(needs(told.ladder, core)[7])
    assert told.gap is not None
    assert told.gap <= 1e-6


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("sizing", ["base", "quote"])
def test_profit_and_fee_only_shift_what_a_base_ladder_needs(side: str, sizing: str) -> None:
    """(1.4): need = 100 s (g·avg/p - 1), so g scales avg/p, and the same ladder is the best."""
    plain = Settings(Core(num_orders=8, side=side, sizing=sizing))  # type: ignore[arg-type]
    dear = replace(plain, core=replace(plain.core, take_profit_pct=1.0, fee_pct=0.1))
    before, after = certified(plain), certified(dear)
    assert before.max_need_pct is not None
    s, gain = dear.core.sign, dear.core.gain
    assert after.max_need_pct == pytest.approx(100 * s * (gain * (1 + s * before.max_need_pct / 100) - 1), rel=2e-6)


def test_a_wave_keeps_what_is_enforced_and_the_gap_is_honest() -> None:
    """Under HC6 and HC7 the bound is of the others, and the ladder keeps all eight."""
    settings = Settings(constraints=Constraints(enforce=CODES))
    told, loose = certified(settings), certified(Settings())
    assert told.ladder is not None
    assert told.max_need_pct is not None
    assert judge(told.ladder, settings) == ()
    assert told.unproven == ("HC6", "HC7")
    assert told.lower_bound_pct == loose.lower_bound_pct < loose.max_need_pct < told.max_need_pct  # type: ignore[operator]
    assert told.gap == pytest.approx(1 - told.lower_bound_pct / told.max_need_pct)


def test_a_better_candidate_is_taken_and_one_elsewhere_is_not() -> None:
    """A candidate counts at the certificate's indents alone, and only where it keeps what is enforced."""
    settings = Settings(Core(num_orders=7), constraints=Constraints(enforce=CODES, slope_cap=0.2, m2_max=0.8))
    found, best = certified(settings), certified(replace(settings, constraints=Constraints()))
    assert found.ladder is not None
    assert best.ladder is not None
    moved = Ladder(found.ladder.volumes, (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 20.0))
    again = certified(settings, candidates=(found.ladder, best.ladder, moved, Ladder((1.0,), (0.0,))))
    assert again.max_need_pct == found.max_need_pct


def test_no_ladder_is_a_conflict() -> None:
    """Bounds that exclude each other come back instead of a certificate."""
    assert isinstance(certify(Settings(constraints=Constraints(q1_cap=5, m_max=0.3))), Conflict)
    assert isinstance(certify(Settings(Core(overlap_pct=0.4))), Conflict)


def test_where_a_bound_is_not_enforced_it_is_left_out_of_the_proof() -> None:
    """Without HC4 the optimum is lower, and the ladder may break it."""
    told = certified(Settings(constraints=Constraints(enforce=("HC0", "HC1", "HC2", "HC3", "HC5"))))
    assert told.max_need_pct == pytest.approx(3.3039791, abs=1e-6)


def test_equal_prices_leave_nothing_to_prove() -> None:
    """With no reach at all every ladder needs its take profit."""
    settings = Settings(Core(overlap_pct=0.0, take_profit_pct=1.0), Generation(min_indent_step_pct=0.0))
    told = certified(settings)
    assert told.max_need_pct == pytest.approx(1.0)
    assert told.lower_bound_pct == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(Core(num_orders=1)), "a ladder of 1 orders is none"),
        (Settings(Core(overlap_pct=math.nan)), "overlap_pct is nan"),
        (Settings(Core(overlap_pct=100.0)), "an order at 100 % has no price above 0"),
        (Settings(constraints=Constraints(slope_cap=math.inf)), "slope_cap is inf"),
        (Settings(Core(side="short", take_profit_pct=100.0)), "leave no price to close at"),
    ],
)
def test_what_no_problem_can_be_made_of_is_refused(settings: Settings, said: str) -> None:
    """One plain sentence says what is wrong."""
    with pytest.raises(ValueError, match=said):
        certify(settings)


@pytest.mark.parametrize("gap", [0.0, -1e-6, math.nan, math.inf])
def test_a_gap_that_nothing_proves_is_refused(gap: float) -> None:
    """It is a number above zero."""
    with pytest.raises(ValueError, match="it is above 0"):
        certify(Settings(), gap=gap)
