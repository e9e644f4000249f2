"""The evaluation cache: what it knows, what it forgets, and how it is put away."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from deskc.ladder.search.random import Draw
from deskc.ladder.search.search import Candidates, Job
from deskc.ladder.settings import Settings
from deskc.tuning.arrays import packed, unpacked
from deskc.tuning.cache import Cache, key


def found(number: int, count: int = 2) -> Candidates:
    """Return candidates that a number tells apart."""
    return Candidates(
        np.full((count, 3), number / 3), np.full((count, 3), number / 7), np.full(count, number / 9), number
    )


@dataclass(frozen=True)
class Shaped:
    """A job that holds an array."""

    array: object

    def work(self, settings: Settings) -> Candidates:
        """Find nothing."""
        raise NotImplementedError(settings)


def test_what_was_found_is_known_and_counted() -> None:
    """A second question is a hit; both are counted."""
    cache = Cache(10)
    assert cache.find("a") is None
    cache.keep("a", found(1))
    assert cache.find("a") is not None
    assert (cache.asked, cache.hits) == (2, 1)


def test_the_oldest_go_first() -> None:
    """With room for five candidates, a third pair makes the first be forgotten; what is too large is not kept."""
    cache = Cache(5)
    for name in "abc":
        cache.keep(name, found(1))
    cache.keep("d", found(1, count=6))
    assert [cache.find(name) is not None for name in "abcd"] == [False, True, True, False]


def test_a_cache_comes_back_as_it_was() -> None:
    """Bit for bit, in its order, counters too, through JSON."""
    cache = Cache(5)
    for number, name in enumerate("abc"):
        cache.keep(name, found(number))
        cache.find(name)
    again = Cache.restored(5, json.loads(json.dumps(cache.state())))
    assert again.state() == cache.state()
    again.keep("d", found(9))
    assert again.find("b") is None


def test_a_key_says_all_that_a_job_says() -> None:
    """Equal jobs have one key, whatever types their numbers have; a number, a name or a shape makes another."""
    assert key(Draw(1, 2, 3)) == key(Draw(1, 2, 3)) == key(Draw(np.int64(1), 2, 3))  # type: ignore[arg-type]
    row = np.arange(4.0)
    jobs: list[Job] = [
        Draw(1, 2, 3),
        Draw(1, 2, 4),
        Draw(1, 2, 3.0),  # type: ignore[arg-type]
        Shaped(row),
        Shaped(row.reshape(2, 2)),
        Shaped([0, 1, 2, 3]),
    ]
    assert len({key(job) for job in jobs}) == len(jobs)


def test_arrays_keep_every_bit() -> None:
    """Through JSON text, of any shape, an empty one too."""
    for array in (np.array([[0.1, -0.0], [5e-324, 1e308]]), np.empty((0, 4))):
        again = unpacked(json.loads(json.dumps(packed(array))))
        assert again.shape == array.shape
        assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize("value", [None, {"shape": [2]}, {"shape": [3], "bytes": "AAAA"}, {"shape": [1], "bytes": "%"}])
def test_what_is_no_packed_array_is_refused(value: object) -> None:
    """An error of Python's, which the reader of a checkpoint turns into a sentence."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        unpacked(value)  # type: ignore[arg-type]
