"""The search of the mode `bayesian`: CMA-ES moves points of the decoder's cube, for objectives that no formula solves.

Ladders that break HC6, HC7 or what else is enforced are valued too, by J and how far they are from keeping it, so that
a model of good points grows across what is forbidden; only those that keep everything are handed out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.decode import Decoded, decode, decode_and_score
from deskc.ladder.estimate import gap
from deskc.ladder.parameters import Floats, Parameters, pack
from deskc.ladder.room import Room, room
from deskc.ladder.search.climb import Climb
from deskc.ladder.search.drawing import drawn, encoded, with_prices
from deskc.ladder.search.least import least_score
from deskc.ladder.search.search import Candidates
from deskc.ladder.search.shortfall import enforced_bits, shortfall
from deskc.ladder.settings import Settings

__all__ = ["Chunk", "Guided"]

_CHUNK = 8  # points a job
_DRAWN = 32  # first candidates of a climb that begins afresh
_PRICE = 3.0  # what a fraction of a ratio that HC6 or HC7 lacks adds to J
_SENSE = 1e-9  # by how much J must fall for a climb not to be in vain
_WIDE, _NARROW, _NARROWEST = 0.3, 0.15, 0.03  # first deviations: afresh, around the best, and around its prices too
_MOST_DOUBLED = 3
_LARGEST = 16  # times its own population that a climb takes at most because so many points are asked for


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Points (n, N - 1) of the decoder's cube, or (n, 2N - 3) where they say the prices too; each is an evaluation."""

    points: Floats

    def work(self, settings: Settings) -> Candidates:
        """Return those of the ladders that keep every enforced constraint, in the order of their points."""
        space, parameters = _prepared(settings)
        made, judged = decode_and_score(self.points, space, parameters)
        sound = ((judged.violations & enforced_bits(settings)) == 0) & np.isfinite(judged.scores)
        return Candidates(made.volumes[sound], made.indents[sound], judged.scores[sound], len(self.points))

    def lower_bound(self, settings: Settings) -> float:
        """Return what J of none of the ladders lies below; with two decimals they are changed, and nothing is known."""
        if settings.normalization.post_round_2dp:
            return -math.inf
        space = _prepared(settings)[0]
        return float(least_score(decode(self.points, space).volumes, settings, space).min())


class _Policy(NamedTuple):
    """How climbs follow each other.

    Of each `period` the first `fresh` begin afresh and the others around the best ladder found. After each `patience`
    climbs in vain populations double, up to eight times; with 0 they double after each period instead, and begin anew.
    """

    period: int
    fresh: int
    patience: int


_FIXED = _Policy(4, 2, 0)
_POLICIES = {
    "balanced": _Policy(4, 2, 6),
    "aggressive": _Policy(4, 1, 3),
    "conservative": _Policy(6, 4, 12),
}


class _Begun(NamedTuple):
    """What a climb began with besides the seed and its number; without a start it began afresh."""

    number: int
    population: int
    start: tuple[float, ...] | None


class _Best(NamedTuple):
    value: float
    volumes: tuple[float, ...]
    indents: tuple[float, ...]


class Guided:
    """The search of the mode `bayesian`, see `Search`: equal settings, seeds and answers give equal points.

    A climb that begins afresh draws half of its first candidates as `drawing.drawn` says, and half evenly; the others
    begin around the best ladder, in turn over ratios with prices that follow, and over ratios and prices. Half the
    climbs begin afresh and populations double after every fourth climb. With `adaptive.use_adaptive` the `strategy`
    decides: `aggressive` stays with the best and doubles its populations after three climbs in vain, `conservative`
    begins afresh two times of three and doubles after twelve, `balanced` lies between.
    """

    def __init__(self, settings: Settings, seed: int) -> None:
        """Begin anew; raise ValueError with one sentence for settings that no ladder can have, and a negative seed."""
        if seed < 0:
            raise ValueError(f"a seed is 0 or more, and {seed} is not")
        self._settings, self._seed = settings, seed
        self._space, self._parameters = _prepared(settings)
        self._policy = _POLICIES[settings.adaptive.strategy] if settings.adaptive.use_adaptive else _FIXED
        self._number = self._vain = 0
        self._best: _Best | None = None
        self._begun: _Begun | None = None
        self._climb: Climb | None = None
        self._aim = math.inf  # J of the best when the climb began
        self._told: list[float] = []
        self._order = np.empty(0, dtype=np.intp)

    @classmethod
    def knowing(cls, settings: Settings, seed: int, found: Candidates) -> "Guided":
        """Begin anew, with ladders that keep what is enforced as the best found so far."""
        search = cls(settings, seed)
        if found.scores.size:
            search._keep(Decoded(found.volumes, found.indents), found.scores)
        return search

    @classmethod
    def restored(cls, settings: Settings, state: dict[str, Any]) -> "Guided":
        """Go on from what `state` returned, for the same settings: the same points follow as without a break.

        The climb that was under way is told again what it was told. Raise KeyError, TypeError or ValueError where the
        state is none of such a search.
        """
        search = cls(settings, int(state["seed"]))
        search._number, search._vain = int(state["climbs"]), int(state["vain"])
        if state["best"] is not None:
            value, volumes, indents = state["best"]
            search._best = _Best(float(value), tuple(volumes), tuple(indents))
        if state["climb"] is not None:
            begun, told, aim = state["climb"]
            number, population, start = begun
            search._aim = math.inf if aim is None else float(aim)
            search._begun = _Begun(int(number), int(population), None if start is None else tuple(start))
            search._told = [float(value) for value in told]
            search._climb = search._replayed(search._begun)
        return search

    def _replayed(self, begun: _Begun) -> Climb:
        climb, place = self._climb_of(begun), 0
        while place < len(self._told):
            count = len(climb.points(len(self._told) - place))
            climb.tell(self._told[place : place + count])
            place += count
        return climb

    def state(self) -> dict[str, Json]:
        """Return the seed, the climbs begun and those in vain, the best ladder, and what the last climb was told."""
        best: Json = None
        if self._best is not None:
            best = [self._best.value, list(self._best.volumes), list(self._best.indents)]
        climb: Json = None
        if self._begun is not None:
            start: Json = None if self._begun.start is None else list(self._begun.start)
            begun: list[Json] = [self._begun.number, self._begun.population, start]
            climb = [begun, list(self._told), self._aim if math.isfinite(self._aim) else None]
        return {"seed": self._seed, "climbs": self._number, "vain": self._vain, "best": best, "climb": climb}

    def ask(self, count: int) -> Sequence[Chunk]:
        """Return the next points of the generation, `count` of them or what is left, the most promising ones first.

        A climb's population is `count` where that is more than it would choose by itself. Fewer learn more from as many
        evaluations; more can be worked on at once.
        """
        if self._climb is None or self._climb.ended:
            self._begin(count)
        assert self._climb is not None  # noqa: S101 - just begun
        points = self._climb.points(max(1, count))
        bounds = least_score(decode(points, self._space).volumes, self._settings, self._space)
        self._order = np.argsort(bounds, kind="stable")
        return [Chunk(points[self._order[first : first + _CHUNK]]) for first in range(0, len(points), _CHUNK)]

    def _begin(self, count: int) -> None:
        """Begin the next climb."""
        value = self._best.value if self._best else math.inf
        if self._begun is not None:
            self._vain = 0 if value < self._aim - _SENSE else self._vain + 1
        local = self._number % self._policy.period >= self._policy.fresh and self._best is not None
        start = self._around(self._best) if local and self._best else None
        dimensions = self._space.orders - 1 if start is None else len(start)
        own = 4 + int(3 * math.log(max(2, dimensions)))
        self._begun = _Begun(self._number, max(own, min(count, _LARGEST * own)) << self._doubled(), start)
        self._climb, self._aim, self._told = self._climb_of(self._begun), value, []
        self._number += 1

    def _doubled(self) -> int:
        """Return how many times the population of the next climb is doubled."""
        if self._policy.patience:
            return min(_MOST_DOUBLED, self._vain // self._policy.patience)
        return self._number // self._policy.period % (_MOST_DOUBLED + 1)

    def _around(self, best: _Best) -> tuple[float, ...]:
        """Return the point of the best ladder, in every other climb around it with its prices."""
        volumes = np.array([best.volumes])
        point = encoded(volumes[:, 1:] / volumes[:, :-1] - 1, self._space)[0]
        if self._number % 2 and self._space.orders > 2:  # noqa: PLR2004 - two orders have no step to choose
            point = with_prices(point, np.array(best.indents), self._space)
        return tuple(point.tolist())

    def _climb_of(self, begun: _Begun) -> Climb:
        rng = np.random.default_rng([self._seed, begun.number])
        if begun.start is not None:
            width = _NARROW if len(begun.start) < self._space.orders else _NARROWEST
            return Climb(np.array([begun.start]), rng, width=width, population=begun.population)
        waves = drawn(self._settings, self._space, rng, _DRAWN // 2)
        first = np.concatenate([waves, rng.random(waves.shape)])
        return Climb(first, rng, width=_WIDE, population=begun.population)

    def tell(self, found: Sequence[Candidates]) -> None:
        """Learn from the jobs last asked for, in their order.

        Jobs hand out what is sound alone, so the rest is valued here: J with what it lacks. What was not worked on is
        taken to lie as far over its lower bound as the others do over theirs.
        """
        assert self._climb is not None  # noqa: S101 - something was asked for
        points = self._climb.points(len(self._order))[self._order]
        made, judged = decode_and_score(points, self._space, self._parameters)
        lacking = shortfall(made.volumes, judged.violations, self._settings)
        skipped = np.repeat([one.evaluations == 0 for one in found], _CHUNK)[: len(points)]
        scores = judged.scores
        if skipped.any():
            least = least_score(made.volumes, self._settings, self._space)
            over = 0.0 if skipped.all() else float(np.median((scores - least)[~skipped]))
            scores = np.where(skipped, least + over, scores)
        self._keep(made, np.where(skipped | (lacking > 0), math.inf, scores))
        values = np.empty(len(points))
        values[self._order] = np.minimum(scores + _PRICE * lacking, np.finfo(float).max)
        self._told += values.tolist()
        self._climb.tell(values.tolist())

    def estimate(self) -> float | None:
        """Return the estimated gap of the best ladder as a fraction of J, None where nothing can be said."""
        return gap(self._best.value, self._settings) if self._best else None

    @property
    def best(self) -> Candidates:
        """Return the best ladder that was found, as one candidate or none."""
        found = [self._best] if self._best else []
        shape = len(found), self._space.orders
        return Candidates(
            np.array([one.volumes for one in found]).reshape(shape),
            np.array([one.indents for one in found]).reshape(shape),
            np.array([one.value for one in found]),
            0,
        )

    def _keep(self, made: Decoded, scores: Floats) -> None:
        """Remember the best ladder."""
        place = int(np.argmin(scores))
        if scores[place] < (self._best.value if self._best else math.inf):
            volumes, indents = made.volumes[place].tolist(), made.indents[place].tolist()
            self._best = _Best(float(scores[place]), tuple(volumes), tuple(indents))


@lru_cache(maxsize=8)
def _prepared(settings: Settings) -> tuple[Room, Parameters]:
    return room(settings), pack(settings)
