"""The guided search: what it hands out, that equal seeds give equal points, and what the settings do to it."""

import json
import pickle
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from deskc.ladder.constraints import judge
from deskc.ladder.decode import decode
from deskc.ladder.model import Ladder
from deskc.ladder.room import room
from deskc.ladder.score import score
from deskc.ladder.search.drawing import drawn, encoded, with_prices
from deskc.ladder.search.guided import Chunk, Guided
from deskc.ladder.search.search import Candidates, Floats
from deskc.ladder.settings import Adaptive, Constraints, Core, Generation, Penalties, Settings
from ladder_presets import preset

NOTHING = np.empty((0, 10))


def _batch(search: Guided, settings: Settings, *, count: int = 40) -> tuple[list[Chunk], list[Candidates]]:
    """Ask for a batch, work on it and tell what it found."""
    jobs = list(search.ask(count))
    found = [job.work(settings) for job in jobs]
    search.tell(found)
    return jobs, found


def _best(settings: Settings, *, seed: int, evaluations: int, count: int = 12) -> float:
    search, spent, best = Guided(settings, seed), 0, np.inf
    while spent < evaluations:
        _, found = _batch(search, settings, count=min(count, evaluations - spent))
        spent += sum(one.evaluations for one in found)
        best = min([best, *[float(one.scores.min()) for one in found if one.scores.size]])
    return best


def _drawn_at_random(settings: Settings, *, seed: int, evaluations: int) -> float:
    points = np.random.default_rng(seed).random((evaluations, 2 * settings.core.num_orders - 3))
    return float(Chunk(points).work(settings).scores.min(initial=np.inf))


def _points(jobs: Sequence[Chunk]) -> list[bytes]:
    return [job.points.tobytes() for job in jobs]


@pytest.mark.parametrize(
    "settings",
    [preset("production", 10), preset("strict", 20), preset("exploration", 15, side="short", sizing="quote")],
    ids=["production", "strict", "exploration, short quote"],
)
def test_a_thousand_guided_ladders_are_better_than_a_thousand_drawn_ones(settings: Settings) -> None:
    """The median of three seeds is below that of ladders drawn at random, at equal evaluations."""
    guided = np.median([_best(settings, seed=seed, evaluations=1_000) for seed in range(3)])
    random = np.median([_drawn_at_random(settings, seed=seed, evaluations=1_000) for seed in range(3)])
    assert guided < random


def test_the_known_optimum_of_ten_orders_is_found() -> None:
    """LADDER 2 names the best known J at ten orders and overlap 20; two thousand evaluations find it."""
    assert _best(Settings(), seed=0, evaluations=2_000) == pytest.approx(1.459446, rel=1e-4)


@pytest.mark.parametrize("name", ["production", "strict", "fast_exit"])
def test_all_that_is_handed_out_keeps_what_is_enforced(name: str) -> None:
    """The plain reference finds no enforced violation in any ladder, and the same score."""
    settings = preset(name, 12)
    search, seen = Guided(settings, 5), 0
    for _ in range(6):
        for found in _batch(search, settings)[1]:
            for volumes, indents, value in zip(*found[:3], strict=True):
                ladder = Ladder(tuple(volumes.tolist()), tuple(indents.tolist()))
                broken = {one.code for one in judge(ladder, settings)}
                assert not broken & set(settings.constraints.enforce)
                assert score(ladder, settings).value == value
                seen += 1
    assert seen > 20


@pytest.mark.parametrize("batches", [1, 4, 30])
def test_a_restored_search_goes_on_as_if_it_had_never_stopped(batches: int) -> None:
    """State that went through JSON gives the same points bit for bit, within a climb and across the next."""
    settings = preset("exploration", 5)
    whole, search = Guided(settings, 3), Guided(settings, 3)
    for _ in range(batches):
        _batch(whole, settings, count=100)
        _batch(search, settings, count=100)
    resumed = Guided.restored(settings, json.loads(json.dumps(search.state(), allow_nan=False)))
    for _ in range(150):
        assert _points(_batch(whole, settings, count=100)[0]) == _points(_batch(resumed, settings, count=100)[0])
    assert whole.state() == resumed.state()
    assert whole.state()["climbs"] != 1


def test_a_generation_may_be_asked_for_in_parts_and_put_away_between() -> None:
    """A generation has more points than were asked for: the rest follows, also from a restored search."""
    whole, search = Guided(Settings(), 3), Guided(Settings(), 3)
    for count in (5, 9, 50, 3, 4, 30, 2):
        expected = _points(_batch(whole, Settings(), count=count)[0])
        assert _points(_batch(search, Settings(), count=count)[0]) == expected
        search = Guided.restored(Settings(), search.state())


def test_seeds_give_other_points_and_leave_the_global_generator_alone() -> None:
    """Randomness is the search's own: numpy's global one is where it was."""
    before = pickle.dumps(np.random.get_state())  # noqa: NPY002 - the very generator that must not be touched
    first, second = Guided(Settings(), 1), Guided(Settings(), 2)
    assert _points(_batch(first, Settings())[0]) != _points(_batch(second, Settings())[0])
    _batch(first, Settings())
    assert pickle.dumps(np.random.get_state()) == before  # noqa: NPY002 - as above


def test_state_is_bounded() -> None:
    """However long a search goes on, what it remembers is a climb of at most some thousand values."""
    settings = preset("exploration", 30)
    search, longest = Guided(settings, 0), 0
    for _ in range(40):
        _batch(search, settings, count=400)
        longest = max(longest, len(json.dumps(search.state())))
    assert longest < 200_000


def test_jobs_can_be_sent_elsewhere() -> None:
    """A job that was pickled finds the same bits."""
    job = Guided(Settings(), 0).ask(10)[0]
    sent = pickle.loads(pickle.dumps(job))  # noqa: S301 - our own bytes
    assert sent.work(Settings()).scores.tobytes() == job.work(Settings()).scores.tobytes()


def test_jobs_that_were_skipped_do_not_stop_a_search() -> None:
    """A run may leave out jobs whose bound is not below its best; the search then goes on and finds as much."""
    settings, best, skipped = Settings(), np.inf, 0
    search = Guided(settings, 0)
    for _ in range(40):
        jobs = search.ask(60)
        found = []
        for job in jobs:
            hopeless = job.lower_bound(settings) >= best
            skipped += hopeless
            found.append(Candidates(NOTHING, NOTHING, np.empty(0), 0) if hopeless else job.work(settings))
        search.tell(found)
        best = min([best, *[float(one.scores.min()) for one in found if one.scores.size]])
    assert skipped > 10
    assert best == pytest.approx(1.459446, rel=1e-3)


def test_no_job_is_hopeless_where_its_ladders_will_be_rounded() -> None:
    """A rounded ladder is another one: the bound of the unrounded says nothing of it."""
    settings = preset("production", 10)
    assert Guided(settings, 0).ask(10)[0].lower_bound(settings) == -np.inf


def test_soft_penalties_are_part_of_what_is_searched_for() -> None:
    """With them counted, what is found scores better by them than what is found without."""
    plain = preset("exploration", 10)
    soft = replace(plain, penalties=Penalties(soft_penalties=True))
    blind = Guided(plain, 0)
    for _ in range(60):
        _batch(blind, plain)
    ladder = Ladder(*(tuple(part[0].tolist()) for part in blind.best[:2]))
    assert _best(soft, seed=0, evaluations=2_400) < score(ladder, soft).value


def test_a_search_that_knows_a_ladder_never_falls_behind_it() -> None:
    """Its best is the ladder it was told of until a better one is found."""
    settings = preset("strict", 10)
    found = Chunk(np.random.default_rng(2).random((400, 9))).work(settings)
    search = Guided.knowing(settings, 0, found)
    assert search.best.scores[0] == found.scores.min()
    _batch(search, settings)
    assert search.best.scores[0] <= found.scores.min()


def test_strategies_begin_climbs_differently() -> None:
    """With `use_adaptive` a strategy decides how climbs follow each other; without it none does."""
    fixed = _starts(Adaptive())
    assert _starts(Adaptive(strategy="aggressive")) == fixed
    used = [
        _starts(Adaptive(use_adaptive=True, strategy="balanced")),
        _starts(Adaptive(use_adaptive=True, strategy="aggressive")),
        _starts(Adaptive(use_adaptive=True, strategy="conservative")),
    ]
    assert len({tuple(one) for one in (fixed, *used)}) == 4
    afresh = [sum(fresh for fresh, _ in one) for one in used]
    assert afresh[1] < afresh[0] < afresh[2]


def _starts(adaptive: Adaptive) -> list[tuple[bool, int]]:
    """Return for the first eight climbs whether each began afresh, and its population."""
    settings = replace(Settings(Core(num_orders=4)), adaptive=adaptive)
    search = Guided(settings, 0)
    begun: dict[int, tuple[bool, int]] = {}
    while len(begun) < 8:
        _batch(search, settings, count=60)
        climb: Any = search.state()["climb"]
        number, population, start = climb[0]
        begun[number] = start is None, population
    return list(begun.values())


def _first(**generation: Any) -> Floats:  # noqa: ANN401 - any setting of the group
    """Return the volumes of first candidates drawn with some settings."""
    settings = Settings(Core(num_orders=12), Generation(**generation))
    space = room(settings)
    return decode(drawn(settings, space, np.random.default_rng(0), 64), space).volumes


def _growth(volumes: Floats) -> Floats:
    return np.asarray(np.diff(np.log(volumes), axis=1))


def test_first_candidates_grow_in_waves_only_where_a_wave_is_asked_for() -> None:
    """Waves of first candidates are alike but for height and sign; without a pattern every one is another."""
    waves = np.diff(_growth(_first(anchors=2, wave_amp_max=0.1)), n=2, axis=1)
    others = np.diff(_growth(_first(wave_pattern=False)), n=2, axis=1)
    assert np.abs(waves).max() < 1e-9, "between two anchors the growth is a line"
    assert np.abs(others).mean() > 0.05


def test_anchors_are_where_the_growth_swings_to_the_other_side() -> None:
    """With more anchors the growth turns more often."""
    turns = [
        np.count_nonzero(np.diff(np.sign(np.diff(_growth(_first(anchors=count, wave_amp_max=0.1)), axis=1)), axis=1))
        for count in (2, 4, 6)
    ]
    assert turns[0] < turns[1] < turns[2]


def test_blocks_hold_the_growth_between_them() -> None:
    """In a block of orders the growth stays; it changes at so many places less one."""
    changes = [
        np.median(np.count_nonzero(np.abs(np.diff(_growth(volumes), axis=1)) > 1e-6, axis=1))
        for volumes in (_first(wave_mode="blocks", blocks=count, wave_amp_max=0.1) for count in (2, 3, 5))
    ]
    assert changes == [1, 2, 4]


def test_amplitudes_and_the_temperature_say_how_far_the_growth_swings() -> None:
    """Larger amplitudes swing further, a higher temperature evens out."""

    def swing(**generation: float) -> float:
        return float(np.ptp(_growth(_first(wave_mode="blocks", **generation)), axis=1).mean())

    assert swing(wave_amp_min=0.02, wave_amp_max=0.05) < swing(wave_amp_min=0.02, wave_amp_max=0.1)
    assert swing(wave_amp_min=0.02, wave_amp_max=0.1) < swing(wave_amp_min=0.09, wave_amp_max=0.1)
    assert swing(wave_amp_max=0.1, softmax_temp=2.8) == pytest.approx(swing(wave_amp_max=0.1) / 2, rel=1e-6)


def test_first_volumes_are_drawn_around_their_target() -> None:
    """The steady growth is the one at which the first order has the target's share."""
    for target in (0.5, 1.0, 2.0):
        volumes = _first(first_volume_target=target, wave_amp_min=0.0, wave_amp_max=0.0)
        assert volumes[:, 0] == pytest.approx(np.full(64, target), rel=0.02)


def test_the_first_candidates_are_the_ones_drawn() -> None:
    """A search asks for drawn points first, whatever their order; half of them are waves."""
    expected = drawn(Settings(), room(Settings()), np.random.default_rng([4, 0]), 16)
    asked = np.concatenate([job.points for job in Guided(Settings(), 4).ask(32)])
    assert len(asked) == 32
    assert all(wave in asked.tolist() for wave in expected.tolist())


def test_encoding_is_decoding_backwards() -> None:
    """Ratios and steps of a decoded ladder give a point that decodes to the same ladder."""
    space = room(Settings(Core(num_orders=8)))
    points = np.random.default_rng(1).random((200, 13))
    made = decode(points, space)
    again = encoded(made.volumes[:, 1:] / made.volumes[:, :-1] - 1, space)
    whole = np.array([with_prices(*pair, space) for pair in zip(again, made.indents, strict=True)])
    back = decode(whole, space)
    assert np.allclose(back.volumes, made.volumes, rtol=1e-9)
    assert np.allclose(back.indents, made.indents, rtol=1e-6)


def test_a_negative_seed_is_refused() -> None:
    """The sentence names the seed."""
    with pytest.raises(ValueError, match="a seed is 0 or more, and -1 is not"):
        Guided(Settings(), -1)


def test_two_orders_can_be_searched() -> None:
    """A ladder of two orders has one ratio, where the strategy itself takes two dimensions or more."""
    settings = Settings(Core(num_orders=2), constraints=Constraints(enforce=("HC0", "HC1")))
    assert np.isfinite(_best(settings, seed=0, evaluations=200))
