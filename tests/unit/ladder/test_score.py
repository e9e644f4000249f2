"""The score of LADDER 2 on ladders small enough to work out by hand."""

import math
from dataclasses import replace

import pytest

from deskc.ladder.model import Ladder
from deskc.ladder.score import ceiling, longest_flat, score, soft_penalties, total, variance, wave_targets
from deskc.ladder.settings import Constraints, Core, Generation, Penalties, Scoring, Settings
from ladders import equal_steps, from_ratios

LADDER = Ladder((20.0, 30.0, 50.0), (0.0, 10.0, 20.0))
SETTINGS = Settings(Core(num_orders=3))


def test_every_part_of_a_score_is_what_a_hand_finds() -> None:
    """Needs 0, 40/9 and 8.75; T is the last order's half; both ratios are strong."""
    found = score(LADDER, SETTINGS)
    entropy = -(0.2 * math.log(0.2) + 0.3 * math.log(0.3) + 0.5 * math.log(0.5))
    assert found.max_need_pct == pytest.approx(8.75)
    assert found.need_variance == pytest.approx(12.761488, abs=1e-6)
    assert found.tail_share == 0.5
    assert found.gini == pytest.approx((-2 * 20 + 2 * 50) / 300)
    assert found.entropy == pytest.approx(1 - entropy / math.log(3))
    assert (found.disorder, found.step_variance) == (0, 0)
    assert found.tail_excess == pytest.approx((50 - 40) / 40)
    assert found.wave == pytest.approx(0.2)
    assert found.value == pytest.approx(8.374723, abs=1e-6)


def test_the_weights_are_those_of_the_settings() -> None:
    """(2.1): with one weight at a time the score is one part."""
    found = score(LADDER, SETTINGS)
    parts = total([*found[4:10]])
    expected = (found.max_need_pct, found.need_variance, 1 - found.tail_share, parts)
    for place, part in enumerate(expected):
        weights = Scoring(*(float(other == place) for other in range(4)))
        assert score(LADDER, replace(SETTINGS, scoring=weights)).value == pytest.approx(part)


def test_the_tail_begins_at_four_fifths_in_whole_numbers() -> None:
    """T counts from zero-based index ⌊4N/5⌋: the last order of 4 and 5, the last two of 6 and 10."""
    for count, last in ((2, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3)):
        ladder = Ladder((100.0 / count,) * count, equal_steps(count))
        assert score(ladder, Settings()).tail_share == pytest.approx(last / count)


def test_the_order_of_volumes_changes_no_inequality() -> None:
    """G and E look at the volumes sorted, or at each alone."""
    one, other = (score(Ladder(volumes, LADDER.indents), SETTINGS) for volumes in ((20, 30, 50), (50, 20, 30)))
    assert one.gini == other.gini
    assert one.entropy == pytest.approx(other.entropy)


def test_equal_volumes_have_no_inequality() -> None:
    """G and E are 0 where all orders are alike."""
    found = score(Ladder((25.0,) * 4, equal_steps(4)), SETTINGS)
    assert (found.gini, found.entropy) == (0, 0)


def test_steps_that_go_back_and_differ_count() -> None:
    """M adds up the way back; S is the steps' variance in percent² over 100."""
    found = score(LADDER._replace(indents=(0.0, 15.0, 10.0)), SETTINGS)
    assert found.disorder == 5
    assert found.step_variance == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("ratio", "wave"),
    [
        ([0.6, 0.05], 0.0),  # strong beside weak earns, and an earning is no cost
        ([0.05, 0.10], 0.2),  # weak is at most .10
        ([0.5, 0.9], 0.2),  # strong is at least .50
        ([0.3, 0.3], 0.0),
        ([0.6, 0.3], 0.0),
        ([0.6, 0.6, 0.05], 0.1),
        ([0.6, 0.6, 0.6], 0.4),
    ],
)
def test_neighbours_alike_cost_and_strong_beside_weak_earns(ratio: list[float], wave: float) -> None:
    """W of (2.1)."""
    bounds = Generation(strong=0.5 - 1e-12, weak=0.1 + 1e-12)
    ladder = Ladder(from_ratios(ratio), equal_steps(len(ratio) + 1))
    assert score(ladder, replace(SETTINGS, generation=bounds)).wave == pytest.approx(wave)


@pytest.mark.parametrize(("second", "penalty"), [(1.05, 0.0025), (1.1, 0), (1.5, 0), (2.0, 0), (2.3, 0.09)])
def test_sp1_is_the_squared_distance_of_the_second_volume_from_its_band(second: float, penalty: float) -> None:
    """v_2/v_1 within 1.1 to 2.0 costs nothing."""
    assert soft_penalties((10, 10 * second), SETTINGS)[0] == pytest.approx(penalty, abs=1e-12)


@pytest.mark.parametrize(("slopes", "penalty"), [(3, 0), (4, 1), (6, 3)])
def test_sp2_counts_a_plateau_beyond_three(slopes: int, penalty: int) -> None:
    """Equal ratios have slopes of nothing."""
    assert soft_penalties(from_ratios([0.2] * (slopes + 1)), SETTINGS)[1] == penalty


def test_sp3_is_what_the_ratios_deviation_lacks() -> None:
    """The deviation of m_3 … m_N from .10 on is enough."""
    assert soft_penalties(from_ratios([0.9, 0.2, 0.2]), SETTINGS)[2] == pytest.approx(0.10)
    assert soft_penalties(from_ratios([0.9, 0.2, 0.3]), SETTINGS)[2] == pytest.approx(0.05)
    assert soft_penalties(from_ratios([0.9, 0.2, 0.5]), SETTINGS)[2] == 0


def test_sp4_is_the_distance_from_a_wave_of_three_halves() -> None:
    """Half way up the band at both ends, .3 of it below the middle in between."""
    assert wave_targets(3, Constraints()) == pytest.approx([0.525])
    assert wave_targets(5, Constraints()) == pytest.approx([0.525, 0.24, 0.525])
    assert soft_penalties(from_ratios([0.5, 0.525, 0.24, 0.525]), SETTINGS)[3] == pytest.approx(0, abs=1e-12)
    assert soft_penalties(from_ratios([0.5, 0.625, 0.14, 0.625]), SETTINGS)[3] == pytest.approx(0.1)


def test_sp5_and_sp6_square_what_the_quarters_exceed_and_lack() -> None:
    """In fractions of the budget: 25 % over 22 %, and 25 % under 32 %."""
    found = soft_penalties((25.0, 25.0, 25.0, 25.0), SETTINGS)
    assert found[4:6] == pytest.approx((0.03**2, 0.07**2))
    assert soft_penalties((10.0, 20.0, 30.0, 40.0), SETTINGS)[4:6] == (0, 0)


def test_sp7_squares_slopes_over_four_fifths_of_the_cap() -> None:
    """Slopes .25, .22, −.1 and −.5 with the cap .25: .05² + .02² + 0 + .05²."""
    assert soft_penalties(from_ratios([0.2, 0.45, 0.67, 0.57, 0.07]), SETTINGS)[6] == pytest.approx(0.0054)


def test_two_orders_have_no_penalty_of_later_ratios() -> None:
    """SP3, SP4 and SP7 run from the third order on."""
    found = soft_penalties((45.0, 55.0), SETTINGS)
    assert (found[1], found[2], found[3], found[6]) == (0, 0, 0, 0)


def test_soft_penalties_count_only_where_asked_for() -> None:
    """They are reported always, and added with λ and their weights when the settings say so."""
    penalties = Penalties(soft_penalties=True, preset="robust", sp3=7.0)
    plain, soft = score(LADDER, SETTINGS), score(LADDER, replace(SETTINGS, penalties=penalties))
    assert penalties.weights == (3, 2.5, 7.0, 1, 3, 3, 1.5)
    weighted = sum(weight * one for weight, one in zip(penalties.weights, plain.soft, strict=True))
    assert soft.soft == plain.soft
    assert soft.value - plain.value == pytest.approx(0.1 * weighted)


def test_the_ceiling_falls_from_head_to_tail() -> None:
    """HC3: m_tail + (m_head − m_tail) e^(−(k−3)/τ), τ = max(1, N/3); m_max where it is off, and never above m_max."""
    on = Constraints(ceiling=True)
    assert ceiling(9, on)[:2] == pytest.approx([0.4, 0.2 + 0.2 * math.exp(-1 / 3)])
    assert ceiling(2, on) == []
    assert ceiling(4, Constraints()) == [1.0, 1.0]
    assert ceiling(4, replace(on, m_max=0.3))[0] == 0.3


def test_small_sums_are_what_they_say() -> None:
    """The population variance, and the longest run below a bound."""
    assert variance([1.0, 3.0]) == 1
    assert longest_flat([0.1, -0.04, 0.0, 0.05, 0.01], 0.05) == 2
    assert longest_flat([], 0.05) == 0
