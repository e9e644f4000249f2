"""Laws of the ladder's kernels: every score and every violation is the plain reference's, bit for bit."""

import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.ladder.constraints import violated
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder, prices
from deskc.ladder.parameters import pack
from deskc.ladder.score import score
from deskc.ladder.settings import Settings
from ladders import broken, drawn, near, random_ladder, random_settings
from laws import laws

COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
EXAMPLES, BATCH = (45, 35) if COMPILED else (4, 33)  # a batch is more than the kernel's lanes, and no multiple
SEEDS = st.integers(min_value=0, max_value=2**32)
COUNTS = st.integers(min_value=1, max_value=60) | st.sampled_from([2, 3, 7, 9, 10, 11])


def plain(ladder: Ladder, settings: Settings) -> tuple[float, int, float]:
    """Return what the reference makes of a ladder: J, violations, max need; infinity where J is not finite."""
    mask = sum(1 << code for code, breaks in enumerate(violated(ladder, settings)) if breaks)
    numbers = (*ladder.volumes, *prices(ladder.indents, settings.core))
    if len(ladder.volumes) < 2 or not all(math.isfinite(number) and number > 0 for number in numbers):
        return math.inf, mask, math.inf
    try:
        found = score(ladder, settings)
    except ZeroDivisionError:  # what a bot could buy underflowed
        return math.inf, mask, math.inf
    return (found.value, mask, found.max_need_pct) if math.isfinite(found.value) else (math.inf, mask, math.inf)


def bits(found: tuple[float, int, float]) -> tuple[str, int, str]:
    """Return what two results must have in common: minus zero is not zero here."""
    value, mask, need = found
    return float(value).hex(), int(mask), float(need).hex()


def hold(ladders: list[Ladder], settings: Settings) -> None:
    """Compare a batch with the reference, ladder by ladder."""
    volumes, indents = (np.array(numbers) for numbers in zip(*ladders, strict=True))
    judged = judge_batch(volumes, indents, pack(settings, orders=len(ladders[0].volumes)))
    for ladder, found in zip(ladders, zip(*judged, strict=True), strict=True):
        assert bits(found) == bits(plain(ladder, settings)), (ladder, settings)


@laws(EXAMPLES)
@given(seed=SEEDS, count=COUNTS)
def test_a_random_ladder_has_the_reference_s_score_and_violations(seed: int, count: int) -> None:
    """Long and short, base and quote, with and without soft penalties and ceiling, growing and not."""
    random = drawn(seed)
    hold([random_ladder(random, count) for _ in range(BATCH)], random_settings(random, count))


@laws(EXAMPLES * 8)
@given(seed=SEEDS, count=COUNTS.filter(lambda count: count > 1))
def test_a_ladder_at_its_bounds_breaks_what_the_reference_says(seed: int, count: int) -> None:
    """Every bound lies within three roundings of where it begins to be broken."""
    random = drawn(seed)
    ladder = random_ladder(random, count)
    settings = random_settings(random, count)
    sums = [
        Ladder(tuple(volume * (1 + shift * 1e-16) for volume in ladder.volumes), ladder.indents) for shift in (1, 9)
    ]
    others = [Ladder(tuple(volume * (1 + off) for volume in ladder.volumes), ladder.indents) for off in (1e-11, -1e-11)]
    hold([ladder, *sums, *others], near(random, ladder, settings))


@laws(EXAMPLES)
@given(seed=SEEDS, count=COUNTS)
def test_what_is_no_ladder_breaks_hc0_alone_and_scores_infinity(seed: int, count: int) -> None:
    """Numbers that are none, infinite, zero, negative or at the ends of what a float holds; prices at zero."""
    random = drawn(seed)
    hold([broken(random, random_ladder(random, count)) for _ in range(BATCH)], random_settings(random, count))


@pytest.mark.parametrize("off", [-1e-9, 0.0, 1e-9])
@pytest.mark.parametrize("count", [9, 10, 11])
def test_a_last_order_at_its_cap_is_judged_alike(count: int, off: float) -> None:
    """v_N at 40 exactly, and within a few roundings of the tolerance about it."""
    ladders = []
    for steps in range(-4, 5):
        last = 40 + off
        for _ in range(abs(steps)):
            last = math.nextafter(last, math.copysign(math.inf, steps))
        rest = [(100 - last) * 2 * place / (count * (count - 1)) for place in range(1, count)]
        ladders.append(Ladder((*rest, last), tuple(20 * place / (count - 1) for place in range(count))))
    hold(ladders, random_settings(drawn(count), count))
