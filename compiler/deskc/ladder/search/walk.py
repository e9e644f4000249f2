"""A walk over zone patterns, the job of the adaptive search: solve one, go to the better neighbours it foresees."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from deskc.ladder.model import Ladder
from deskc.ladder.model import ratios as ratios_of
from deskc.ladder.rounding import sought
from deskc.ladder.search.descent import Solved
from deskc.ladder.search.pattern import Pattern
from deskc.ladder.search.search import Candidates, Floats
from deskc.ladder.search.smooth import Problem, problem
from deskc.ladder.settings import Settings

__all__ = ["BETTER", "SPENT", "Seek", "Walk", "alone"]

BETTER = 1e-9
"""By how much J must fall for one ladder to be better than another."""

SPENT = 6000
"""How many evaluations one walk may take where nothing else is said; most take a few hundred."""

_TRIED = 6  # neighbours solved in vain before a pattern counts as the best around


class Seek(NamedTuple):
    """How a walk draws the ladder that it begins at, see `feasible_start`: by a seed, of so many candidates at most."""

    seed: int
    most: int


@dataclass(frozen=True, slots=True)
class Walk:
    """From one pattern go to better neighbours until the model foresees none, or only patterns that are known.

    `ratios` m_2 … m_N are where the first descent starts, `known` where other walks ended, `evaluations` the most that
    this one may take. To `seek` is to draw a ladder that keeps what is enforced, which may take half of them, and to
    begin at it: that needs no pattern that is known to hold any.
    """

    pattern: Pattern
    ratios: tuple[float, ...]
    known: tuple[Pattern, ...] = ()
    evaluations: int = SPENT
    seek: Seek | None = None

    def work(self, settings: Settings) -> Candidates:
        """Return the ladders of all patterns solved on the way, best first."""
        path = _Path(problem(settings, whole=False), set(self.known), self.evaluations)
        found = None if self.seek is None else path.seek(self.seek)
        near = np.array(self.ratios if found is None else ratios_of(found.volumes))
        path.begin(self.pattern if found is None else path.problem.space.read(near), near)
        path.follow()
        path.refine()
        return path.candidates()


def alone(settings: Settings, pattern: Pattern, ratios: Floats) -> Candidates:
    """Return the ladder of one pattern, solved from ratios near it, without looking at its neighbours."""
    path = _Path(problem(settings, whole=False), set(), SPENT)
    path.begin(pattern, ratios)
    return path.candidates()


class _Answer(NamedTuple):
    value: float
    pattern: Pattern
    solved: Solved
    problem: Problem


class _Path:
    """The patterns that one walk has solved, and what it has spent."""

    def __init__(self, of: Problem, known: set[Pattern], most: int) -> None:
        self.problem, self.known, self.most, self.spent = of, known, most, 0
        self.answers: list[_Answer] = []
        self.drawn: Ladder | None = None

    def _left(self) -> int:
        """Return the evaluations left, less the one that each ladder's reference score will take."""
        return self.most - self.spent - len(self.answers) - 1 - (self.drawn is not None)

    def seek(self, how: Seek) -> Ladder | None:
        """Draw ladders until one keeps what is enforced and remember it; None where none was found."""
        most = max(0, min(how.most, self._left() // 2))
        self.drawn, tried = sought(self.problem.settings, how.seed, max_evaluations=most)
        self.spent += tried
        return self.drawn

    def solve(self, pattern: Pattern, near: Floats, curvature: Floats) -> Solved | None:
        """Solve a pattern and remember its answer; None where it holds no point or nothing is left to spend."""
        self.known.add(pattern)
        solved = self.problem.solve(pattern, near, curvature, self._left())
        if solved is not None:
            self.spent += solved.evaluations
            self.answers.append(_Answer(self.problem.value(pattern, solved), pattern, solved, self.problem))
        return solved

    def begin(self, pattern: Pattern, near: Floats) -> None:
        """Solve the first pattern, over indents too where equal needs are not the best for it: then all others so."""
        first = self.solve(pattern, near, self.problem.flat())
        if first is not None and first.sound and not self.equal_needs_hold(first):
            smaller, self.problem = self.problem, problem(self.problem.settings, whole=True)
            if self.solve(pattern, first.point, self.problem.flat()) is None:
                self.problem = smaller

    def equal_needs_hold(self, solved: Solved) -> bool:
        """Say whether equal needs are best for an answer, as far as there is something left to look."""
        cost = self.problem.space.ratios
        if self._left() < cost:
            return True
        self.spent += cost
        return self.problem.equal_needs_hold(solved)

    def follow(self) -> None:
        """Go from the last answer to better neighbours while its model foresees one."""
        better = self.answers[-1] if self.answers else None
        while better is not None:
            better = self._better(better)

    def _better(self, here: _Answer) -> _Answer | None:
        """Return the answer of the first neighbour that is better, in the order in which the model foresees them."""
        tried = 0
        for pattern, point in self.problem.promising(here.solved, here.pattern, here.value - BETTER):
            if pattern in self.known:
                continue
            if self.solve(pattern, point, here.solved.curvature) is None:
                continue
            if self.answers[-1].value < here.value - BETTER:
                return self.answers[-1]
            tried += 1
            if tried == _TRIED:
                break
        return None

    def refine(self) -> None:
        """Solve the best answer over indents too where equal needs are not the best for it."""
        best = min(self.answers, key=lambda answer: answer.value, default=None)
        if best is None or best.problem.whole or not best.solved.sound or self.equal_needs_hold(best.solved):
            return
        self.problem = problem(self.problem.settings, whole=True)
        self.solve(best.pattern, best.solved.point, self.problem.flat())

    def candidates(self) -> Candidates:
        """Return the ladders that keep what is enforced, scored by the reference, best first."""
        ladders = [answer.problem.ladder(answer.solved) for answer in self.answers if answer.solved.sound]
        if self.drawn is not None:
            ladders.append(self.drawn)
        self.spent += len(ladders)
        judged = [(self.problem.judged(ladder), ladder) for ladder in ladders]
        rows = [(value, ladder) for value, ladder in judged if value is not None]
        rows.sort(key=lambda row: row[0])
        shape = len(rows), self.problem.terms.orders
        return Candidates(
            np.array([ladder.volumes for _, ladder in rows]).reshape(shape),
            np.array([ladder.indents for _, ladder in rows]).reshape(shape),
            np.array([value for value, _ in rows]),
            self.spent,
        )
