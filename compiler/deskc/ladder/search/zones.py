"""The zone-pattern search of LADDER 6: near-global, frugal with evaluations, behind the mode `adaptive`.

Within a pattern of strong, middle and weak ratios W is constant and the rest of J smooth, so a descent finds the one
answer of the pattern. Walks go from pattern to better neighbours that a quadratic model foresees without evaluations;
they begin at patterns that cost nothing by W, then at changed ones of the best found.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

import numpy as np

from deskc.core.canonical import Json
from deskc.ladder.estimate import gap
from deskc.ladder.search.pattern import Pattern
from deskc.ladder.search.search import Candidates, Floats
from deskc.ladder.search.smooth import problem
from deskc.ladder.search.starting import changed, drawn, first, ratios_of
from deskc.ladder.search.walk import BETTER, SPENT, Seek, Walk, alone
from deskc.ladder.settings import Settings

__all__ = ["Adaptive", "every_pattern", "optimum", "starts"]

_A_WALK = 10  # candidates that a walk is taken to try
_ELITES = 8  # kept
_SEEKING = 4  # while walks find no ladder at all, one in so many draws one to begin at
_SOUGHT = 2_000, 4_000, 8_000, 16_000, 20_000  # candidates that it may draw: the first time, the next, …, from then on
_HOPELESS = 40  # walks without any ladder, a quarter of them seeking one, until a search gives up
_ENOUGH = 60  # walks without a better ladder until `optimum` stops of itself


class _Policy(NamedTuple):
    """How a search goes on.

    `fresh` is the share of walks that begin afresh, `elites` from how many of the best the others begin, and `patience`
    after how many walks in vain they begin one change further away; with 0 they never do.
    """

    fresh: float
    elites: int
    patience: int


_FIXED = _Policy(0.2, 3, 0)
_POLICIES = {
    "balanced": _Policy(0.2, 3, 6),
    "aggressive": _Policy(0.05, 1, 3),
    "conservative": _Policy(0.4, 6, 12),
}


class _Elite(NamedTuple):
    value: float
    ratios: tuple[float, ...]


class Adaptive:
    """The search of the mode `adaptive`, see `Search`: equal settings, seeds and answers give equal walks.

    Every fifth walk or so begins afresh, the others at a changed pattern of one of the three best. With
    `adaptive.use_adaptive` the `strategy` decides, and changes grow while nothing better is found: `aggressive` stays
    with the best one and widens soon, `conservative` spreads over six, begins afresh twice as often and widens late,
    `balanced` lies between.
    """

    def __init__(self, settings: Settings, seed: int) -> None:
        """Begin anew; raise ValueError with one sentence for settings that no ladder can have."""
        self._settings, self._seed = settings, seed
        self._space = problem(settings, whole=False).space
        self._policy = _POLICIES[settings.adaptive.strategy] if settings.adaptive.use_adaptive else _FIXED
        self._first = first(self._space)
        self._asked = self._sought = self._vain = 0
        self._elites: tuple[_Elite, ...] = ()

    @classmethod
    def restored(cls, settings: Settings, state: dict[str, Any]) -> "Adaptive":
        """Go on from what `state` returned, for the same settings: the same walks follow as without a break."""
        search = cls(settings, state["seed"])
        search._asked, search._sought, search._vain = state["asked"], state["sought"], state["vain"]
        search._elites = tuple(_Elite(value, tuple(ratios)) for value, ratios in state["elites"])
        return search

    def state(self) -> dict[str, Json]:
        """Return the seed, the walks asked for, how many sought a ladder, how many were in vain of late, and elites."""
        elites: list[Json] = [[value, list(ratios)] for value, ratios in self._elites]
        counts: dict[str, Json] = {"asked": self._asked, "sought": self._sought, "vain": self._vain}
        return {"seed": self._seed, **counts, "elites": elites}

    def ask(self, count: int) -> Sequence[Walk]:
        """Return walks that together try about `count` candidates; none once forty walks found no ladder at all."""
        if not self._elites and self._vain >= _HOPELESS and self._sought >= _HOPELESS // _SEEKING:
            return ()
        begin, self._asked = self._asked, self._asked + max(1, count // _A_WALK)
        return [self._walk(number) for number in range(begin, self._asked)]

    def _walk(self, number: int) -> Walk:
        """Return walk `number`, from a seed of its own: one of the first patterns, then changed or drawn ones.

        While walks are known to find no ladder at all, every fourth seeks one to begin at.
        """
        known = tuple(self._read(elite) for elite in self._elites)
        rng = Random(f"{self._seed}/{number}")  # noqa: S311 - a search is drawn, nothing in it is secret
        if not self._elites and self._vain and number % _SEEKING == _SEEKING - 1:
            return self._seeking(number)
        if number < len(self._first):
            return self._from(self._first[number], known)
        if self._elites and rng.random() >= self._policy.fresh:
            elite = self._elites[int(rng.random() * min(len(self._elites), self._policy.elites))]
            far = self._vain // self._policy.patience if self._policy.patience else 0
            other = changed(self._space, self._read(elite), rng, far=1 + min(far, self._space.ratios // 2))
            if other is not None:
                return Walk(other, elite.ratios, known)
        return self._from(drawn(self._space, rng) or self._first[number % len(self._first)], known)

    def _seeking(self, number: int) -> Walk:
        """Return a walk that begins at a ladder it draws, each time from another seed, or else where another would."""
        most, later = _SOUGHT[min(self._sought, len(_SOUGHT) - 1)], max(0, self._sought - len(_SOUGHT) + 1)
        self._sought += 1
        walk = self._from(self._first[number % len(self._first)], ())
        return replace(walk, seek=Seek(self._seed + later, most), evaluations=2 * most + SPENT)

    def _from(self, pattern: Pattern, known: tuple[Pattern, ...]) -> Walk:
        return Walk(pattern, tuple(ratios_of(self._space, pattern).tolist()), known)

    def _read(self, elite: _Elite) -> Pattern:
        return self._space.read(np.array(elite.ratios))

    def estimate(self) -> float | None:
        """Return the estimated gap of the best ladder as a fraction of J, None where nothing can be said."""
        return gap(self._elites[0].value, self._settings) if self._elites else None

    def tell(self, found: Sequence[Candidates]) -> None:
        """Keep the best ladder of each walk, one a pattern, and count the walks in vain."""
        for candidates in found:
            best = self._elites[0].value if self._elites else math.inf
            if not candidates.scores.size:
                self._vain += 1
                continue
            ratios = candidates.volumes[0][1:] / candidates.volumes[0][:-1] - 1
            new = _Elite(float(candidates.scores[0]), tuple(ratios.tolist()))
            self._vain = 0 if new.value < best - BETTER else self._vain + 1
            pattern = self._read(new)
            others = [elite for elite in self._elites if self._read(elite) != pattern or elite.value <= new.value]
            if all(self._read(elite) != pattern for elite in others):
                self._elites = tuple(sorted([*others, new])[:_ELITES])


def optimum(
    settings: Settings, *, seed: int, max_evaluations: int | None = None, max_time_s: float | None = None
) -> Candidates:
    """Return the best ladder that the zone-pattern search finds, as one candidate, or none where it finds no ladder.

    It stops when one of the limits is reached, or after sixty walks without a better ladder. Without a limit of time
    equal arguments give equal bits. Raise ValueError with one sentence for settings that no ladder can have.
    """
    search, begun = Adaptive(settings, seed), time.monotonic()
    best, spent, vain = _none(settings), 0, 0
    while vain < _ENOUGH and (max_time_s is None or time.monotonic() - begun < max_time_s):
        left = math.inf if max_evaluations is None else max_evaluations - spent
        walks = search.ask(1)
        if not walks or left <= 0:
            break
        found = replace(walks[0], evaluations=int(min(walks[0].evaluations, left))).work(settings)
        search.tell([found])
        spent += found.evaluations
        vain += 1
        if found.scores.size and (not best.scores.size or found.scores[0] < best.scores[0] - BETTER):
            best, vain = found, 0
    return Candidates(best.volumes[:1], best.indents[:1], best.scores[:1], spent)


def _none(settings: Settings) -> Candidates:
    empty = np.empty((0, settings.core.num_orders))
    return Candidates(empty, empty, np.empty(0), 0)


def every_pattern(settings: Settings) -> Candidates:
    """Solve every pattern and return the best ladder: the reference for small N, 3,363 patterns at N = 10 (LADDER 6).

    Raise ValueError where HC6 or HC7 is enforced: then patterns have bends too and are too many.
    """
    patterns = problem(settings, whole=False).space
    if patterns.bends:
        raise ValueError("with HC6 or HC7 enforced the patterns are too many to try them all")
    best, spent = _none(settings), 0
    for pattern in patterns.every():
        found = alone(settings, pattern, ratios_of(patterns, pattern))
        spent += found.evaluations
        if found.scores.size and (not best.scores.size or found.scores[0] < best.scores[0]):
            best = found
    return best._replace(evaluations=spent)


def starts(settings: Settings) -> Floats:
    """Return ratios m_2 … m_N that other searches may begin with, shape (n, N - 1): the first patterns' middles."""
    patterns = problem(settings, whole=False).space
    return np.array([ratios_of(patterns, pattern) for pattern in first(patterns)]).reshape(-1, patterns.ratios)
