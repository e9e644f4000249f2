"""The best ladder that a number of evaluations can find: which search fits which settings is decided here alone."""

from deskc.ladder.search.guided import Guided
from deskc.ladder.search.search import Candidates
from deskc.ladder.search.zones import optimum
from deskc.ladder.settings import Settings

__all__ = ["best", "odd"]

_PATTERNS = 0.5  # of the evaluations go to zone patterns where the objective is odd
_ASKED = 8  # candidates at once: fewer than a climb's own population, which it then keeps to


def odd(settings: Settings) -> bool:
    """Say whether zone patterns do not tell all: HC6 or HC7 is enforced, or soft penalties count."""
    return settings.penalties.soft_penalties or not {"HC6", "HC7"}.isdisjoint(settings.constraints.enforce)


def best(settings: Settings, *, seed: int, max_evaluations: int) -> Candidates:
    """Return the best ladder found that keeps what is enforced, as one candidate, or none where none was found.

    The objective of (2.1) is for zone patterns; where it is odd CMA-ES goes on from the ladder they find. Ladders are
    not rounded. Equal arguments give equal bits. Raise ValueError with one sentence for settings that no ladder can
    have, and a negative seed.
    """
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, and {seed} is not")
    if not odd(settings):
        return optimum(settings, seed=seed, max_evaluations=max_evaluations)
    found = optimum(settings, seed=seed, max_evaluations=int(_PATTERNS * max_evaluations))
    search, spent = Guided.knowing(settings, seed, found), found.evaluations
    while spent < max_evaluations:
        jobs = search.ask(min(_ASKED, max_evaluations - spent))
        answers = [job.work(settings) for job in jobs]
        search.tell(answers)
        spent += sum(answer.evaluations for answer in answers)
    return search.best._replace(evaluations=spent)
