"""What comes back from rounding is valid in exact arithmetic, or says that nothing was found."""

import math
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from deskc.ladder.constraints import exact
from deskc.ladder.model import Ladder
from deskc.ladder.rounding import NoneFound, Rounded, feasible_start, round_ladder
from deskc.ladder.rounding.methods import METHODS
from deskc.ladder.rounding.rounded import plain
from deskc.ladder.score import score
from deskc.ladder.settings import Constraints, Core, Generation, Normalization, Settings
from ladder_presets import PRESETS, even, preset

FEW = 6_000  # evaluations: ten times what any of these needs
LOOSE = Settings(Core(num_orders=3), constraints=Constraints(enforce=("HC0", "HC1", "HC2")))
"""Where plain rounding breaks nothing."""

THREE = Ladder((20.004, 30.003, 49.993), (0.0, 7.776, 20.0))


def kept(ladder: Ladder, settings: Settings, seed: int = 0, evaluations: int = FEW) -> Rounded:
    """Round a ladder, see that it keeps what is enforced, and return it."""
    found = round_ladder(ladder, settings, seed=seed, max_evaluations=evaluations)
    assert isinstance(found, Rounded), found
    broken = {violation.code for violation in exact(found.ladder, settings)}
    assert not broken & {*settings.constraints.enforce, "HC0"}
    assert found.score == score(found.ladder, settings).value
    return found


@pytest.mark.parametrize("orders", [9, 10, 11, 30])
@pytest.mark.parametrize("name", PRESETS)
def test_even_orders_are_repaired(name: str, orders: int) -> None:
    """They break growth and more; at thirty orders the first volume is a cent, and the quarters of 9, 10, 11 differ."""
    found = kept(even(orders), preset(name, orders))
    assert found.repaired
    assert sum(round(100 * volume) for volume in found.ladder.volumes) == 10_000
    assert all(round(number, 2) == number for numbers in found.ladder for number in numbers)


def test_no_order_rounds_to_nothing() -> None:
    """Thirty orders that grow by half want a first volume of two ten-thousandths of a percent."""
    volumes = [1.5**place for place in range(30)]
    settings = preset("exploration", 30)
    ladder = Ladder(tuple(100 * volume / sum(volumes) for volume in volumes), even(30).indents)
    assert plain(ladder, settings).volumes[0] == 0
    assert kept(ladder, settings).ladder.volumes[0] >= 0.01


def test_the_last_volume_may_be_the_cap_itself() -> None:
    """40 % is not over tail_cap 40, and a cent more is."""
    settings = Settings(Core(num_orders=4), constraints=Constraints(slope_cap=0.5))
    ladder = Ladder((12.0, 20.0, 28.0, 40.0), (0.0, 5.0, 12.0, 20.0))
    assert kept(ladder, settings).ladder == ladder
    over = Ladder((12.0, 20.0, 27.994, 40.006), ladder.indents)
    assert plain(over, settings).volumes[-1] == 40.01
    assert kept(over, settings).ladder.volumes[-1] <= 40


def test_a_valid_ladder_of_two_decimals_stays_as_it_is() -> None:
    """Whatever the strategy and the seed; rounding twice is rounding once."""
    settings = preset("strict", 12)
    found = kept(even(12), settings)
    for method in METHODS:
        again = replace(settings, normalization=Normalization(post_round_2dp=True, strategy=method))
        assert round_ladder(found.ladder, again, seed=7) == found._replace(repaired=False, evaluations=0)


def test_a_seed_decides() -> None:
    """Equal seeds find equal ladders; another finds another."""
    settings = preset("production", 15)
    assert kept(even(15), settings, seed=3) == kept(even(15), settings, seed=3)
    assert kept(even(15), settings, seed=3) != kept(even(15), settings, seed=4)


def test_strategies_round_plainly_without_evaluations() -> None:
    """Where plain rounding breaks nothing, the strategies' answers differ."""
    ladder = Ladder((5.008, 10.006, 20.002, 30.007, 34.977), (0.0, 4.0058, 9.9992, 16.0, 20.0))
    settings = Settings(Core(num_orders=5), constraints=Constraints(enforce=()))
    found = {
        method: kept(ladder, replace(settings, normalization=Normalization(strategy=method)), evaluations=0).ladder
        for method in METHODS
    }
    assert {method: one.volumes for method, one in found.items()} == {
        "tail-first": (5.0, 10.0, 20.01, 30.01, 34.98),
        "largest-remainder": (5.01, 10.0, 20.0, 30.01, 34.98),
        "balanced": (5.01, 10.0, 20.01, 30.0, 34.98),
        "minimal": (5.01, 10.01, 20.0, 30.01, 34.97),
    }
    assert found["balanced"].indents == (0.0, 4.01, 10.0, 16.0, 20.0)  # each indent rounded
    assert found["tail-first"].indents == (0.0, 4.0, 9.99, 15.99, 20.0)  # the last step is longer


def test_minimal_stays_nearest() -> None:
    """Its repair changes volumes less than one that improves the score, and scores worse."""
    start = feasible_start(preset("strict", 10), 1)
    assert start is not None
    found = {}
    for method in ("minimal", "tail-first"):
        normalization = Normalization(post_round_2dp=True, strategy=method)
        found[method] = kept(start, replace(preset("strict", 10), normalization=normalization))
    near, good = (
        max(abs(one / two - 1) for one, two in zip(found[method].ladder.volumes, start.volumes, strict=True))
        for method in ("minimal", "tail-first")
    )
    assert near < good / 5
    assert found["minimal"].score > found["tail-first"].score


def test_more_evaluations_never_end_worse() -> None:
    """Where plain rounding is valid, moving cents can only improve it."""
    rounded = kept(THREE, LOOSE, evaluations=0)
    better = kept(THREE, LOOSE, evaluations=640)
    assert not rounded.repaired
    assert better.score < rounded.score
    assert better.evaluations == 640


def test_the_band_of_the_second_order_holds_where_asked() -> None:
    """2.004 plainly rounds to a ratio over 2; HC1 is not enforced here, so only the band forbids that."""
    ladder = Ladder((10.004, 20.012, 69.984), (0.0, 7.0, 20.0))
    asked = Settings(Core(num_orders=3), constraints=Constraints(enforce=("HC0",)))
    free = replace(asked, normalization=Normalization(keep_v2_band=False))
    assert kept(ladder, free, evaluations=0).ladder.volumes[:2] == (10.0, 20.01)
    first, second = kept(ladder, asked).ladder.volumes[:2]
    assert 1.1 * first <= second <= 2 * first
    narrow = replace(asked, normalization=Normalization(v2_band=(1.3, 1.31)))
    first, second = kept(ladder, narrow).ladder.volumes[:2]
    assert 130 * first <= 100 * second <= 131 * first


def test_none_found_is_said() -> None:
    """Without evaluations nothing can be repaired, which proves nothing."""
    found = round_ladder(even(10), preset("production", 10), seed=0, max_evaluations=0)
    assert isinstance(found, NoneFound)
    assert not found.proved
    assert found.reason.startswith("none of 0 candidates in hundredths keeps HC0, HC1")


def test_a_falling_ceiling_is_kept() -> None:
    """A slope cap below the ceiling's fall still lets every ratio follow it."""
    constraints = Constraints(ceiling=True, m_head=1.0, m_tail=0.1, slope_cap=0.1)
    kept(even(8), Settings(Core(num_orders=8), constraints=constraints))


def test_bounds_of_many_decimals_are_kept() -> None:
    """They are taken inward, so that products fit 64 bits."""
    constraints = Constraints(m2_max=1 / 3, slope_cap=math.pi / 10, m_max=2 / 3, m_min=1 / 17)
    kept(even(10), Settings(Core(num_orders=10), constraints=constraints))


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("sizing", ["base", "quote"])
def test_feasible_starts_keep_all_eight(side: str, sizing: str) -> None:
    """Equal seeds give equal ladders."""
    settings = preset("strict", 30, side=side, sizing=sizing)
    start = feasible_start(settings, 5)
    assert start is not None
    assert not exact(kept(start, settings).ladder, settings)
    assert start == feasible_start(settings, 5)


@pytest.mark.parametrize("seed", range(10))
def test_a_second_order_without_bounds_still_reaches_the_third(seed: int) -> None:
    """HC4 holds between them, so HC3's band of the third leaves not every second."""
    settings = Settings(Core(num_orders=7), constraints=Constraints(enforce=("HC3", "HC4")))
    start = feasible_start(settings, seed)
    assert start is not None
    kept(start, settings)


def test_no_start_is_found_where_none_exists() -> None:
    """Three orders cannot keep HC5."""
    assert feasible_start(preset("exploration", 3), 0, max_evaluations=500) is None


def test_no_start_is_found_where_indents_have_no_room() -> None:
    """Nine steps of .05 do not fit into .4."""
    assert feasible_start(Settings(Core(overlap_pct=0.4)), 0, max_evaluations=500) is None


@pytest.mark.parametrize("core", [Core(num_orders=1), Core(overlap_pct=math.inf), Core(overlap_pct=100.0)])
def test_settings_that_are_none_have_no_start(core: Core) -> None:
    """One plain sentence says what is wrong."""
    with pytest.raises(ValueError, match=r"2 orders or more|must be finite|less than 100 %"):
        feasible_start(Settings(core), 0)


def test_evaluations_are_none_or_some() -> None:
    """Fewer than none is a mistake."""
    with pytest.raises(ValueError, match="max_evaluations is 0 or more, not -1"):
        round_ladder(THREE, LOOSE, seed=0, max_evaluations=-1)


BAD: list[tuple[Ladder, Settings, str]] = [
    (even(4), LOOSE, "4 volumes and 4 indents are no ladder of 3 orders"),
    (THREE._replace(volumes=(1.0, math.nan, 2.0)), LOOSE, "every volume of a ladder is a finite number above 0"),
    (THREE._replace(volumes=(0.0, 1.0, 99.0)), LOOSE, "every volume of a ladder is a finite number above 0"),
    (THREE._replace(indents=(0.0, math.inf, 20.0)), LOOSE, "every indent of a ladder is a finite number"),
    (THREE, replace(LOOSE, core=Core(num_orders=3, overlap_pct=math.nan)), "must be finite"),
    (THREE, replace(LOOSE, core=Core(num_orders=3, overlap_pct=100.0)), "reaches less than 100 % down, not 100"),
    (THREE, replace(LOOSE, core=Core(num_orders=1)), "a ladder has 2 orders or more, not 1"),
    (THREE, replace(LOOSE, normalization=Normalization(strategy="up")), "up is no way to round"),  # type: ignore[arg-type]
    (THREE, replace(LOOSE, normalization=Normalization(v2_band=(1.1, math.inf))), "v2_band must be finite"),
    (THREE, replace(LOOSE, generation=Generation(min_indent_step_pct=math.nan)), "must be finite"),
]


@pytest.mark.parametrize(("ladder", "settings", "message"), BAD, ids=[message for *_, message in BAD])
def test_what_is_no_ladder_is_refused(ladder: Ladder, settings: Settings, message: str) -> None:
    """One plain sentence says what is wrong."""
    with pytest.raises(ValueError, match=message):
        round_ladder(ladder, settings, seed=0)


UNCOMPILED = """
from deskc.ladder.model import Ladder
from deskc.ladder.rounding import round_ladder
from deskc.ladder.settings import Constraints, Core, Settings
settings = Settings(Core(num_orders=5), constraints=Constraints(enforce=("HC0", "HC1", "HC2", "HC3")))
ladder = Ladder((10.0, 15.0, 15.0, 20.0, 40.0), (0.0, 4.567, 9.0, 14.0, 20.0))
print(round_ladder(ladder, settings, seed=1, max_evaluations=256))
"""


def test_without_compilation_the_same_ladder_is_found() -> None:
    """The compiled loops do what they read as; both run in processes of their own."""
    found = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", UNCOMPILED],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for disabled in ("0", "1")
    ]
    assert found[0].startswith("Rounded(")
    assert "repaired=True" in found[0]
    assert found[0] == found[1]
