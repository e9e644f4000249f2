"""Drawing at random: sound ladders, the same for the same seed."""

import pytest

from deskc.ladder.constraints import violated
from deskc.ladder.model import Ladder
from deskc.ladder.score import score
from deskc.ladder.search.random import Random
from deskc.ladder.settings import Core, Settings


@pytest.mark.parametrize("core", [Core(), Core(num_orders=2), Core(num_orders=20, side="short", sizing="quote")])
def test_what_is_drawn_keeps_what_is_enforced(core: Core) -> None:
    """And scores what the plain reference says; of two orders there is none that keeps HC5."""
    settings = Settings(core=core)
    drawn = [job.work(settings) for job in Random(settings, 1).ask(120)]
    assert [one.evaluations for one in drawn] == [50, 50, 20]
    for found in drawn:
        for volumes, indents, value in zip(found.volumes, found.indents, found.scores, strict=True):
            ladder = Ladder(tuple(volumes.tolist()), tuple(indents.tolist()))
            assert not any(violated(ladder, settings)[:6])
            assert score(ladder, settings).value == value
    assert (sum(len(found.scores) for found in drawn) > 0) == (core.num_orders > 2)


def test_streams_follow_the_seed_and_never_repeat() -> None:
    """Equal seeds draw alike; a restored search goes on where the old one stopped."""
    settings = Settings()
    one, other = Random(settings, 1), Random(settings, 1)
    first = one.ask(100)
    assert first == other.ask(100) != one.ask(100)
    assert Random.restored(settings, other.state()).ask(100) == other.ask(100)
    assert Random(settings, 2).ask(100) != first


@pytest.mark.parametrize(("core", "seed"), [(Core(num_orders=1), 0), (Core(overlap_pct=0.1), 0), (Core(), -1)])
def test_what_leaves_nothing_to_draw_is_refused(core: Core, seed: int) -> None:
    """One order, no reach, a seed below zero."""
    with pytest.raises(ValueError, match=r"2 or more|no room|0 or more"):
        Random(Settings(core=core), seed)
