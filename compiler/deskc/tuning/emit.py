"""Which ladders of a batch become results: those that keep every enforced constraint, in two decimals where asked."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from deskc.ladder.constraints import judge
from deskc.ladder.model import Ladder
from deskc.ladder.rounding import Rounded, round_ladder
from deskc.ladder.score import score
from deskc.ladder.search.search import Candidates
from deskc.ladder.settings import Settings
from deskc.ledger.runs import Detail, Result
from deskc.tuning.found import Found, found_in, settings_for
from deskc.tuning.state import State

__all__ = ["emitted"]

_TRIES = 3  # ladders of a batch that are rounded while none of two decimals is known
_SEEDS = 5  # roundings of one ladder at most


def emitted(found: Sequence[Candidates], state: State, settings: Settings) -> tuple[list[Result], list[Detail]]:
    """Return the results of a batch, and the details of its best where that is the run's best; `state` learns both.

    With two decimals a result is a rounded ladder. Rounding costs a tenth of a second and more, so of a batch only the
    best ladder is rounded, and that only where it is the run's best to start from: a few times, each with another seed.
    """
    rows = [row for candidates in found for row in zip(*found_in(candidates, settings), strict=True)]
    sound = [(result, ladder) for result, ladder, keeps in rows if keeps]
    for _, ladder in sound:
        state.best.add(ladder)
    if settings.normalization.post_round_2dp:
        # Rounding repairs, so where nothing keeps all constraints it may begin from what breaks some.
        starts = sorted((ladder for _, ladder in sound), key=_by_score) or sorted(
            (ladder for _, ladder, _ in rows), key=_by_score
        )
        sound = list(_rounded(starts, state, settings))
    return [result for result, _ in sound], _details(sound, state, settings)


def _by_score(found: Found) -> float:
    return found.score


def _details(rows: Sequence[tuple[Result, Found]], state: State, settings: Settings) -> list[Detail]:
    """Return the details of the best row where it is better than all before, and note that in the state."""
    state.stagnant += 1
    if not rows:
        return []
    place = min(range(len(rows)), key=lambda one: rows[one][1])
    best = rows[place][1]
    if state.top is not None and best.score >= state.top.score:
        return []
    state.top, state.stagnant = best, 0
    return [Detail(place, best.score, json.dumps(details(best.ladder, settings), allow_nan=False))]


def details(ladder: Ladder, settings: Settings) -> dict[str, Any]:
    """Return all that is to say of a ladder, as JSON holds it."""
    own = settings_for(ladder, settings)
    parts = score(ladder, own)._asdict()
    return {
        "volumes_pct": list(ladder.volumes),
        "indents_pct": list(ladder.indents),
        "score": {name: list(value) if isinstance(value, tuple) else value for name, value in parts.items()},
        "violations": sorted({violation.code for violation in judge(ladder, own)}),
    }


def _rounded(starts: Sequence[Found], state: State, settings: Settings) -> "list[tuple[Result, Found]]":
    """Round the best few; return what keeps every enforced constraint exactly."""
    made: list[tuple[Result, Found]] = []
    for start in starts[: 1 if state.top else _TRIES]:
        if state.top is not None and not _promising(start, state):
            break
        own = settings_for(start.ladder, settings)
        ladder = round_ladder(start.ladder, own, seed=own.core.seed + state.batches)
        state.evaluations += ladder.evaluations
        if isinstance(ladder, Rounded):
            state.roundings = state.roundings + 1 if state.start == start.score else 1
            state.start = start.score
            one = Candidates(np.array([ladder.ladder.volumes]), np.array([ladder.ladder.indents]), np.empty(1), 0)
            (result,), (found,), _ = found_in(one, settings)
            made.append((result, found))
            break
    return made


def _promising(start: Found, state: State) -> bool:
    """Say whether rounding a ladder may give a better one than is known."""
    if state.start is None or start.score < state.start:
        return True
    return start.score == state.start and state.roundings < _SEEDS
