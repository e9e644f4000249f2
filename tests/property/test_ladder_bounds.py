"""No proof that bounds leave no room is refuted by a ladder that keeps them."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deskc.ladder.bounds import conflicts
from deskc.ladder.constraints import judge, quarter
from deskc.ladder.margins import margins
from deskc.ladder.model import Ladder, ratios
from deskc.ladder.settings import CODES, Constraints, Core, Settings
from deskc.ladder.verdict import is_rounded, verdict
from laws import laws


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Draw a ladder of two to thirty orders whose ratios are those of martingales, flat and steep ones too."""
    factors = draw(st.lists(st.floats(1.0, 2.5), min_size=1, max_size=29))
    weights = [1.0]
    for factor in factors:
        weights.append(weights[-1] * factor)
    volumes = tuple(100 * weight / sum(weights) for weight in weights)
    return Ladder(volumes, tuple(20 * place / len(factors) for place in range(len(volumes))))


def just_fitting(ladder: Ladder, slack: float) -> Settings:
    """Return settings whose every bound the ladder keeps with so little left."""
    volumes, ratio, some = ladder.volumes, ratios(ladder.volumes), quarter(len(ladder.volumes))
    later = ratio[1:] or ratio
    second = ratio[0]
    bounds = Constraints(
        first_volume_min=max(0.0, volumes[0] - slack),
        m2_min=second - slack,
        m2_max=second + slack,
        c2=second + 1 + 2 * slack,
        growth_eps=min(after - before for before, after in pairwise(volumes)) - slack,
        m_min=min(later) - slack,
        m_max=max(later) + slack,
        slope_cap=max((abs(after - before) for before, after in pairwise(ratio)), default=0.0) + slack,
        q1_cap=sum(volumes[:some]) + slack,
        tail_floor=sum(volumes[-some:]) - slack,
        tail_cap=volumes[-1] + slack,
        enforce=CODES[:6],
    )
    return Settings(core=Core(num_orders=len(volumes)), constraints=bounds)


@laws(150)
@given(ladders(), st.sampled_from([0.0, 1e-9, 1e-4, 0.1]))
def test_bounds_that_a_ladder_keeps_are_never_refuted(ladder: Ladder, slack: float) -> None:
    """However tightly they fit it; HC6 and HC7 are what the ladder makes of them."""
    tight = just_fitting(ladder, slack)
    broken = {one.code for one in judge(ladder, tight)}
    assert broken <= {"HC6", "HC7"}
    assert [one for one in conflicts(tight) if one.code not in broken] == []


@laws(150)
@given(ladders(), st.floats(0.0, 0.5), st.floats(10.0, 60.0))
def test_a_bound_is_broken_where_nothing_is_left_of_it(ladder: Ladder, slope_cap: float, mass: float) -> None:
    """The margins and the judgement are two readings of LADDER 3; near the limit alone rounding may tell them apart."""
    own = replace(Constraints(), slope_cap=slope_cap, q1_cap=mass, tail_floor=mass, tail_cap=mass)
    told = Settings(core=Core(num_orders=len(ladder.volumes)), constraints=own)
    broken = {(one.code, one.setting) for one in judge(ladder, told)}
    for one in margins(ladder, told):
        if abs(one.margin) > 1e-8:
            assert ((one.code, one.setting) in broken) == (one.margin < 0), one
    assert broken <= {(one.code, one.setting) for one in margins(ladder, told)}


@laws(60)
@given(ladders())
def test_a_ladder_of_two_decimals_is_judged_exactly_and_any_other_is_not(ladder: Ladder) -> None:
    """Rounding the volumes makes the difference."""
    rounded = Ladder(*(tuple(round(number, 2) for number in numbers) for numbers in ladder))
    assert is_rounded(rounded)
    if min(rounded.volumes) > 0:
        assert verdict(rounded, Settings()).exact
    assert verdict(ladder, Settings()).exact == is_rounded(ladder)
