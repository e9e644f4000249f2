"""The smooth problem of one zone pattern: where it starts, how it is solved, which ladder its answer is."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from deskc.ladder.constraints import judge
from deskc.ladder.model import Ladder
from deskc.ladder.score import score, soft_penalties, total
from deskc.ladder.search.descent import (
    ELASTIC,
    KEPT,
    Solved,
    Terms,
    descend,
    foresee,
    needs,
    prices,
    project,
    shares,
    split,
)
from deskc.ladder.search.pattern import Pattern, Space, space, wave
from deskc.ladder.search.search import Floats
from deskc.ladder.search.terms import terms
from deskc.ladder.settings import Settings

__all__ = ["Problem", "problem"]

_STEEP = 0.1  # the first guess of the Hessian's diagonal: near J's own over the ratios
_EXACT = 1e-9  # a descent ends where the fall foreseen is smaller


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The smooth problems of some settings, over the ratios at equal needs or, `whole`, over indents too.

    `rows` has shape (p, n): n is N - 1, or 2N - 2 where `whole`.
    """

    settings: Settings
    terms: Terms
    space: Space
    rows: Floats
    whole: bool

    @property
    def size(self) -> int:
        """Return the number of variables, which is what a gradient costs."""
        return int(self.rows.shape[1])

    def least(self, *patterns: Pattern) -> Floats:
        """Return the bounds of the rows within each of k patterns, shape (k, p)."""
        bounds = self.space.least(patterns)
        apart = np.full((len(patterns), self.rows.shape[0] - bounds.shape[1]), self.terms.least_step)
        if apart.shape[1]:
            apart[:, 0] += self.terms.first_indent
            apart[:, -1] -= self.terms.overlap
        return np.concatenate([bounds, apart], axis=1)

    def start(self, pattern: Pattern, near: Floats) -> tuple[Floats, bool]:
        """Return the point of the pattern nearest to ratios, or to a point, and whether the pattern has any."""
        least = self.least(pattern)[0]
        if not self.whole:
            return project(near, self.rows, least)
        if near.size == self.space.ratios:
            near = np.concatenate([near, self._indents(near)[1:-1], [0.0]])
        point, sound = project(near, self.rows, least)
        if sound:
            ratios, indents = split(self.terms, point)
            point[-1] = needs(self.terms, *shares(ratios), indents)[0].max()
        return point, sound

    def flat(self) -> Floats:
        """Return the Hessian to begin with."""
        return _STEEP * np.eye(self.size)

    def solve(self, pattern: Pattern, near: Floats, curvature: Floats, most: int) -> Solved | None:
        """Solve a pattern from near a point with at most `most` evaluations; None where it holds no point."""
        begun = 1 if self.whole else 0  # the largest need where it starts
        point, sound = self.start(pattern, near)
        if not sound or most < begun + 1 + point.size:
            return None
        least = self.least(pattern)[0]
        solved = descend(self.terms, self.whole, self.rows, least, point, curvature, _EXACT, most - begun)
        return solved._replace(evaluations=solved.evaluations + begun)

    def value(self, pattern: Pattern, solved: Solved) -> float:
        """Return J with W and the soft penalties, and with a high price on mass bounds that do not hold yet."""
        return solved.value + self.terms.lambda_ * (wave(pattern) + self._soft(solved)) + self._broken(solved)

    def _broken(self, solved: Solved) -> float:
        """Return the price of the smooth constraint that is broken most, 0 where all are kept."""
        return 0.0 if solved.sound else -ELASTIC * float(solved.kept.min())

    def _soft(self, solved: Solved) -> float:
        """Return Σ w SP of (2.2) where it counts: it decides between patterns, no descent sees it."""
        penalties = self.settings.penalties
        if not penalties.soft_penalties:
            return 0.0
        volumes = tuple((100 * shares(solved.point[: self.space.ratios])[0]).tolist())
        pairs = zip(penalties.weights, soft_penalties(volumes, self.settings), strict=True)
        return total([weight * penalty for weight, penalty in pairs])

    def promising(self, solved: Solved, pattern: Pattern, below: float) -> Iterator[tuple[Pattern, Floats]]:
        """Yield the neighbours that the model at `solved` foresees below a J, best first, each with where it leads.

        The multipliers bound a convex model from below for any change of its bounds, so most need no program.
        """
        others = self.space.neighbours(pattern)
        if not others:
            return
        least, weight = self.least(*others), self.terms.lambda_
        base = solved.value + weight * self._soft(solved)
        added = [base + weight * wave(other) for other in others]
        moved = ((least - self.least(pattern)) * solved.multipliers).sum(axis=1)
        bounds = np.array(added) + self._broken(solved) + moved
        queue: list[tuple[float, int, Floats | None]] = [
            (bound, place, None) for place, bound in enumerate(bounds.tolist()) if bound < below
        ]
        heapq.heapify(queue)
        while queue:
            _, place, point = heapq.heappop(queue)
            if point is not None:
                yield others[place], point
                continue
            point, change, broken, sound = foresee(solved, self.rows, least[place])
            foreseen = added[place] + change + (ELASTIC * broken if broken > KEPT else 0.0)
            if sound and foreseen < below:
                heapq.heappush(queue, (foreseen, place, point))

    def equal_needs_hold(self, solved: Solved) -> bool:
        """Say whether no other prices are better to first order: steps keep their minimum, no need wants to be lower.

        Each need from the second on has a multiplier; they sum to α and balance what S and Var(need) pull. It takes
        N - 1 evaluations: the gradients in the inner indents, and the needs.
        """
        volumes, held = shares(solved.point)
        indents = self._indents(solved.point)
        apart = np.diff(indents)
        if apart.min() < self.terms.least_step:
            return False
        need, _, by_indent = needs(self.terms, volumes, held, indents)
        count = need.size
        pull = 2 * self.terms.lambda_ / 100 / (count - 1) * (apart[:-1] - apart[1:])
        pull += 2 * self.terms.beta / count * ((need - need.mean()) @ by_indent)[1:-1]
        matrix = np.concatenate([by_indent[1:, 1:-1].T, np.ones((1, count - 1))])
        balance = np.linalg.solve(matrix, np.append(-pull, self.terms.alpha))
        return bool(balance.min() >= 0)

    def _indents(self, ratios: Floats) -> Floats:
        """Return the indents at which needs are equal from the second order on, the first and the last exactly."""
        indents = 100 * self.terms.sign * (1 - prices(self.terms, shares(ratios)[1])[0])
        indents[0], indents[-1] = self.terms.first_indent, self.terms.overlap
        return indents

    def ladder(self, solved: Solved) -> Ladder:
        """Return the ladder of an answer."""
        ratios = solved.point[: self.space.ratios]
        indents = split(self.terms, solved.point)[1] if self.whole else self._indents(ratios)
        return Ladder(tuple((100 * shares(ratios)[0]).tolist()), tuple(indents.tolist()))

    def judged(self, ladder: Ladder) -> float | None:
        """Return the reference's J of a ladder, None where the ladder breaks what is enforced."""
        enforced = self.settings.constraints.enforce
        if any(violation.code in enforced for violation in judge(ladder, self.settings)):
            return None
        return score(ladder, self.settings).value


@lru_cache(maxsize=16)
def problem(settings: Settings, *, whole: bool) -> Problem:
    """Return the smooth problems of these settings; raise ValueError with one sentence where they make no sense."""
    found, numbers = space(settings), terms(settings)
    rows = found.rows()
    if whole:
        count = settings.core.num_orders
        steps = np.diff(np.eye(count), axis=0)[:, 1:-1]
        wide = np.zeros((rows.shape[0] + (count - 1 if steps.size else 0), 2 * count - 2))
        wide[: rows.shape[0], : count - 1] = rows
        if steps.size:
            wide[rows.shape[0] :, count - 1 : -1] = steps
        rows = wide
    return Problem(settings, numbers, found, rows, whole)
