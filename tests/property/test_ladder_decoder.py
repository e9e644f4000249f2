"""Laws of the decoder: every point of the cube is a ladder that keeps HC0 to HC5, with the best prices it can have."""

import math
import os
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.ladder.decode import decode, decode_and_score
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder, averages, needs, prices, steps
from deskc.ladder.parameters import pack
from deskc.ladder.room import room
from deskc.ladder.settings import Constraints, Core, Generation, Settings
from ladders import drawn
from laws import laws

COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
EXAMPLES, BATCH = (45, 35) if COMPILED else (3, 33)
SEEDS = st.integers(min_value=0, max_value=2**32)
COUNTS = st.integers(min_value=4, max_value=60) | st.sampled_from([4, 5, 9, 10, 11])
BY_CONSTRUCTION = 0b011111  # HC0 to HC4
WITH_ANCHOR = 0b111111  # and HC5


def some_settings(random: Random, count: int) -> Settings:
    """Return settings under which there are ladders."""
    return Settings(
        Core(
            base_price=random.choice([1.0, 65000.0]),
            num_orders=count,
            overlap_pct=random.choice([4.0, 20.0, 60.0]),
            side=random.choice(["long", "short"]),
            sizing=random.choice(["base", "quote"]),
            take_profit_pct=random.choice([0.0, 1.0]),
        ),
        Generation(first_indent_pct=random.choice([0.0, 0.5]), min_indent_step_pct=random.choice([0.0, 0.05])),
        Constraints(
            m2_max=random.choice([0.4, 1.0]),
            slope_cap=random.choice([0.02, 0.25, 2.0]),
            ceiling=random.random() < 0.2,
            tail_floor=random.choice([20.0, 32.0]),
        ),
    )


def points(random: Random, count: int, width: int) -> "np.typing.NDArray[np.float64]":
    """Return random points, some of them at the ends of the cube."""
    drawn = np.random.default_rng(random.randrange(2**32)).random((count, width))
    return np.clip(drawn * 1.2 - 0.1, 0.0, 1.0)


@laws(EXAMPLES)
@given(seed=SEEDS, count=COUNTS, free=st.booleans())
def test_every_point_is_a_ladder_that_keeps_the_constraints(seed: int, count: int, *, free: bool) -> None:
    """HC1, HC3, HC4 and HC0's prices by construction; HC2, HC5 and the first volume wherever an anchor is known."""
    random = drawn(seed)
    settings = some_settings(random, count)
    space = room(settings)
    made = decode(points(random, BATCH, count - 1 if free else 2 * count - 3), space)
    violations = judge_batch(*made, pack(settings)).violations
    assert not (violations & (WITH_ANCHOR if space.anchored else BY_CONSTRUCTION & ~0b100)).any()


@laws(EXAMPLES)
@given(seed=SEEDS, count=COUNTS)
def test_free_prices_equalise_the_needs(seed: int, count: int) -> None:
    """Where no step had to be raised, every order from the second on needs one move: LADDER 6, its third point."""
    random = drawn(seed)
    settings = some_settings(random, count)
    volumes, indents = decode(points(random, BATCH, count - 1), room(settings))
    for row in range(BATCH):
        ladder = Ladder(tuple(volumes[row].tolist()), tuple(indents[row].tolist()))
        if min(steps(ladder.indents)) > settings.generation.min_indent_step_pct + 1e-9:
            relative = [
                average / price
                for average, price in zip(
                    averages(ladder, settings.core), prices(ladder.indents, settings.core), strict=True
                )
            ]
            assert relative[1:] == pytest.approx([relative[1]] * (count - 1), rel=1e-10)


@laws(EXAMPLES)
@given(seed=SEEDS, count=COUNTS)
def test_no_prices_by_coordinates_beat_the_free_ones(seed: int, count: int) -> None:
    """Equalised needs are the least greatest need that the volumes allow."""
    random = drawn(seed)
    settings = some_settings(random, count)
    space, parameters = room(settings), pack(settings)
    cube = points(random, BATCH, 2 * count - 3)
    free = decode(cube[:, : count - 1], space)
    raised = (np.diff(free.indents, axis=1) < space.least_step_pct + 1e-9).any(axis=1)
    best, other = judge_batch(*free, parameters).max_needs, judge_batch(*decode(cube, space), parameters).max_needs
    assert (best[~raised] <= other[~raised] + 1e-9).all()


@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("sizing", ["base", "quote"])
@pytest.mark.parametrize("first", [0.0, 2.0])
def test_the_equalised_need_solves_the_equation_as_it_is_printed(side: str, sizing: str, first: float) -> None:
    """Π over ρ_k = V_{k-1}/V_k of LADDER 6, by bisection, gives the need that the decoded ladder has."""
    core = Core(8, 20.0, 8, "long" if side == "long" else "short", "base" if sizing == "base" else "quote", 1.0)
    settings = Settings(core, Generation(first_indent_pct=first))
    volumes, indents = decode(np.full((1, 7), 0.6), room(settings))
    ladder = Ladder(tuple(volumes[0].tolist()), tuple(indents[0].tolist()))
    s, sums = core.sign, np.cumsum(volumes[0])
    rho = sums[:-1] / sums[1:]
    reach = (1 - s * 0.2) / (1 - s * first / 100)

    def beyond(tau: float) -> bool:
        if core.sizing == "base":
            left = (1 + s * tau) ** 6 * math.prod(rho / (s * tau + rho))
        else:
            left = math.prod((1 + s * tau) - s * tau / rho) / (1 + s * tau)
        return bool(s * (left - reach) < 0)

    low, high = 0.0, 0.1
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    expected = 100 * s * (core.gain * (1 + s * low) - 1)
    assert needs(ladder, core)[1:] == pytest.approx([expected] * 7, rel=1e-9)


@laws(EXAMPLES // 3)
@given(seed=SEEDS, count=COUNTS)
def test_steps_that_the_closed_form_makes_too_short_are_raised(seed: int, count: int) -> None:
    """With hardly more room than the least steps take, every step has its least length and the ends stay."""
    random = drawn(seed)
    reach = (count - 1) * 0.05
    core = Core(num_orders=count, overlap_pct=reach * random.choice([1.0, 1.01, 1.5]))
    settings = Settings(core)
    made = decode(points(random, BATCH, count - 1), room(settings))
    assert not (judge_batch(*made, pack(settings)).violations & 1).any()


def test_a_batch_is_decoded_as_its_points_are() -> None:
    """Neither the neighbours of a point nor the size of a chunk changes a bit of its ladder or score."""
    settings = Settings()
    space, parameters = room(settings), pack(settings)
    cube = points(drawn(1), 1100 if COMPILED else 40, 9)
    ladders, judged = decode_and_score(cube, space, parameters)
    for row in (0, 15, 16, 33, len(cube) - 1):
        alone, score = decode_and_score(cube[row : row + 1], space, parameters)
        assert alone.volumes[0].tolist() == ladders.volumes[row].tolist()
        assert alone.indents[0].tolist() == ladders.indents[row].tolist()
        assert [found[0] for found in score] == [found[row] for found in judged]
