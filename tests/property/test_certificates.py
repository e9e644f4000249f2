"""Laws of certificates: no ladder is below a proven bound, and what is returned keeps what it must."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deskc.ladder.constraints import judge, violated
from deskc.ladder.exact.certify import Certificate, certify
from deskc.ladder.exact.conflict import Conflict
from deskc.ladder.exact.problem import equal_steps
from deskc.ladder.model import Ladder, needs, ratios
from deskc.ladder.score import ceiling
from deskc.ladder.settings import Constraints, Core, Generation, Settings
from laws import laws

DRAWN, NEAR = 300, 100


@st.composite
def settings(draw: st.DrawFn) -> Settings:
    """Return settings of which some have ladders and some do not."""

    def one(*values: Any) -> Any:  # noqa: ANN401 - what a setting may be
        return draw(st.sampled_from(values))

    core = Core(
        num_orders=one(2, 3, 4, 5, 8, 10, 13),
        overlap_pct=one(2.0, 20.0, 80.0),
        side=one("long", "short"),
        sizing=one("base", "quote"),
        take_profit_pct=one(0.0, 0.5),
        fee_pct=one(0.0, 0.1),
    )
    constraints = Constraints(
        slope_cap=one(0.05, 0.25, 0.6),
        m2_min=one(0.0, 0.1, 0.3),
        m2_max=one(0.3, 1.0),
        m_min=one(0.0, 0.05, 0.2),
        m_max=one(0.3, 1.0),
        q1_cap=one(15.0, 22.0, 60.0),
        tail_floor=one(20.0, 32.0),
        tail_cap=one(25.0, 40.0, 60.0),
        first_volume_min=one(0.0, 0.1),
        growth_eps=one(1e-6, 0.01),
        ceiling=draw(st.booleans()),
    )
    return Settings(core, Generation(first_indent_pct=one(0.0, 0.3)), constraints)


def grown(ratio: list[float], given: Settings) -> Ladder:
    """Return the ladder of these ratios at equal steps."""
    volumes = [1.0]
    for one in ratio:
        volumes.append(volumes[-1] * (1 + one))
    return Ladder(tuple(100 * volume / sum(volumes) for volume in volumes), equal_steps(given))


def drawn(given: Settings, chance: random.Random) -> Ladder:
    """Return a ladder whose ratios keep HC1, HC3 and HC4: each is drawn from what the one before leaves."""
    limits = given.constraints
    ratio = [chance.uniform(limits.m2_min, limits.m2_max)]
    reach = chance.choice([limits.slope_cap, 0.01])
    for cap in ceiling(given.core.num_orders, limits):
        low, high = max(limits.m_min, ratio[-1] - reach), min(cap, ratio[-1] + reach)
        ratio.append(chance.choice([low, high, chance.uniform(low, high)]))
    return grown(ratio, given)


def moved(ladder: Ladder, given: Settings, chance: random.Random) -> Ladder:
    """Return a ladder near another."""
    size = 10 ** chance.uniform(-6, -1)
    return grown([one + chance.gauss(0, size) for one in ratios(ladder.volumes)], given)


@laws(25)
@given(settings(), st.integers(0, 1 << 30))
def test_no_ladder_is_below_the_bound(given: Settings, seed: int) -> None:
    """Neither one drawn anywhere nor one near the best; and where none can exist, none is drawn."""
    told, chance = certify(given, gap=1e-5), random.Random(seed)  # noqa: S311 - ladders, nothing secret
    assert isinstance(told, (Certificate, Conflict))
    ladders = [drawn(given, chance) for _ in range(DRAWN)]
    if isinstance(told, Certificate):
        assert told.ladder is not None
        ladders += [moved(told.ladder, given, chance) for _ in range(NEAR)]
    for ladder in ladders:
        if not any(violated(ladder, given)[:6]):
            assert isinstance(told, Certificate)
            assert max(needs(ladder, given.core)) >= told.lower_bound_pct


@laws(25)
@given(settings())
def test_what_is_returned_keeps_hc0_to_hc5_and_its_gap(given: Settings) -> None:
    """The gap closes as far as it was asked to, whatever the side, the sizing and the bounds."""
    told = certify(given, gap=1e-6)
    if isinstance(told, Certificate):
        assert told.ladder is not None
        assert told.gap is not None
        assert not [one for one in judge(told.ladder, given) if one.code < "HC6"]
        assert told.max_need_pct == max(needs(told.ladder, given.core))
        assert told.gap <= 1e-6


@laws(10)
@given(settings())
def test_a_stricter_bound_never_lowers_the_certificate(given: Settings) -> None:
    """What fewer ladders keep has no smaller optimum, and a conflict stays one."""
    stricter = replace(given, constraints=replace(given.constraints, slope_cap=given.constraints.slope_cap / 2))
    loose, strict = certify(given), certify(stricter)
    if isinstance(strict, Certificate):
        assert isinstance(loose, Certificate)
        assert strict.max_need_pct is not None
        assert loose.lower_bound_pct <= strict.max_need_pct
