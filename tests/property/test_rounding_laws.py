"""Whatever is rounded: what comes back is exact and valid, the same each time, and stays so when rounded again."""

from dataclasses import replace

import numpy as np
from hypothesis import event, given
from hypothesis import strategies as st

from deskc.ladder.constraints import exact
from deskc.ladder.model import Ladder
from deskc.ladder.rounding import Rounded, feasible_start, round_ladder
from deskc.ladder.rounding.candidates import excess, window
from deskc.ladder.rounding.limits import limits_of
from deskc.ladder.rounding.methods import METHODS, Method, apportion
from deskc.ladder.score import score
from deskc.ladder.settings import CODES, Normalization, Settings
from ladder_presets import PRESETS, preset
from laws import laws

FEW, MANY = 8_000, 60_000
LARGE = 20  # orders above which few candidates are not always enough
SEEDS = st.integers(0, 2**32)
STRATEGIES = st.sampled_from(list(METHODS))


@st.composite
def tasks(draw: st.DrawFn, most: int = 30) -> Settings:
    """Draw a preset for at least 7 orders of any side and sizing, with any strategy."""
    made = preset(
        draw(st.sampled_from(sorted(PRESETS))),
        draw(st.integers(7, most)),
        overlap_pct=draw(st.sampled_from([5.0, 12.34, 20.0, 60.0])),
        side=draw(st.sampled_from(["long", "short"])),
        sizing=draw(st.sampled_from(["base", "quote"])),
        take_profit_pct=draw(st.sampled_from([0.0, 0.7])),
    )
    return replace(made, normalization=Normalization(post_round_2dp=True, strategy=draw(STRATEGIES)))


def rounded(ladder: Ladder, settings: Settings, seed: int) -> Rounded:
    """Round a ladder for which there is an answer."""
    most = MANY if settings.core.num_orders > LARGE else FEW
    found = round_ladder(ladder, settings, seed=seed, max_evaluations=most)
    assert isinstance(found, Rounded), found
    return found


@laws(20)
@given(tasks(), SEEDS)
def test_a_feasible_ladder_rounds_to_a_valid_one(settings: Settings, seed: int) -> None:
    """All eight together where a preset enforces them; sums are exact, no order is empty, and a seed decides."""
    start = feasible_start(settings, seed)
    assert start is not None
    found = rounded(start, settings, seed)
    enforced = set(settings.constraints.enforce)
    assert not enforced & {violation.code for violation in exact(found.ladder, settings)}
    assert sum(round(100 * volume) for volume in found.ladder.volumes) == 10_000
    assert all(round(number, 2) == number for numbers in found.ladder for number in numbers)
    assert min(found.ladder.volumes) >= settings.first_volume_min
    assert found.score == score(found.ladder, settings).value
    assert found == rounded(start, settings, seed)
    assert rounded(found.ladder, settings, seed + 1).ladder == found.ladder
    event("repaired" if found.repaired else "plain")


@laws(30)
@given(st.sets(st.sampled_from(CODES)), st.integers(7, 12), st.sampled_from(sorted(PRESETS)), SEEDS)
def test_any_set_of_constraints_can_be_enforced(enforce: set[str], orders: int, name: str, seed: int) -> None:
    """What is not enforced may break; what is may not."""
    chosen = preset(name, orders)
    settings = replace(chosen, constraints=replace(chosen.constraints, enforce=tuple(sorted(enforce))))
    start = feasible_start(settings, seed)
    assert start is not None
    found = rounded(start, settings, seed)
    assert not enforce & {violation.code for violation in exact(found.ladder, settings)}


@laws(100)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.integers(0, 10_000), STRATEGIES)
def test_shares_are_whole_sum_up_and_lie_within_one(parts: list[float], whole: int, method: Method) -> None:
    """No strategy moves a part by a hundredth or more, and a cut is no cut of a cut."""
    if sum(parts) < 1e-3:
        return
    cut = apportion(parts, whole, method)
    assert sum(cut) == whole
    assert all(abs(one - part * whole / sum(parts)) < 1.001 for one, part in zip(cut, parts, strict=True))
    if whole:
        assert apportion(cut, whole, method) == cut


@laws(200)
@given(st.sampled_from(sorted(PRESETS)), st.lists(st.integers(1, 4000), min_size=3, max_size=3))
def test_a_window_is_what_the_exact_judge_allows(name: str, three: list[int]) -> None:
    """The third of three volumes keeps HC2, HC3 and HC4 just where it lies in the window that the first two leave."""
    settings = preset(name, 3)
    settings = replace(settings, normalization=Normalization(keep_v2_band=False))
    low, high = window(limits_of(settings), 2, three[1], three[0])
    for third in {three[2], low, high, low - 1, high + 1}:
        if third < 1:
            continue
        ladder = Ladder((three[0] / 100, three[1] / 100, third / 100), (0.0, 7.0, 20.0))
        broken = [
            found for found in exact(ladder, settings) if found.order == 3 and found.code in {"HC2", "HC3", "HC4"}
        ]
        assert (low <= third <= high) == (not broken), (third, low, high, broken)


@laws(25)
@given(tasks(most=LARGE), SEEDS)
def test_no_excess_is_no_violation(settings: Settings, seed: int) -> None:
    """The compiled measure of a ladder that a moved cent may have broken is 0 just where the exact judge agrees."""
    start = feasible_start(settings, seed)
    assert start is not None
    found, random = rounded(start, settings, seed).ladder, np.random.default_rng(seed)
    cents = np.rint(100 * np.array(found.volumes)).astype(np.int64)
    giver, taker = random.integers(0, len(cents), 2)
    if cents[giver] > 1:
        cents[giver] -= 1
        cents[taker] += 1
    moved = found._replace(volumes=tuple((cents / 100).tolist()))
    broken = {violation.code for violation in exact(moved, settings)} & set(settings.constraints.enforce)
    free = replace(settings, normalization=Normalization(post_round_2dp=True, keep_v2_band=False))
    off = excess(cents, limits_of(free), np.empty(len(cents) - 1)) > 0
    assert off == bool(broken)
    event(f"broken {bool(broken)}")
