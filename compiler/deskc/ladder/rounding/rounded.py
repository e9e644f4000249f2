"""Ladders of two decimals: plain rounding, and where that breaks a constraint an exact repair (LADDER 5)."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from deskc.ladder.constraints import exact, judge
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder, ratios
from deskc.ladder.parameters import pack
from deskc.ladder.rounding.anneal import Effort, Found, Worth, anneal, settle
from deskc.ladder.rounding.candidates import Made, none_exists
from deskc.ladder.rounding.impossible import impossible
from deskc.ladder.rounding.limits import FINE, Limits, hundredths, limits_of
from deskc.ladder.rounding.methods import METHODS, indents_in_hundredths, volumes_in_hundredths
from deskc.ladder.score import score
from deskc.ladder.settings import CODES, Settings
from deskc.ladder.verdict import is_rounded

__all__ = ["NoneFound", "Rounded", "feasible_start", "plain", "round_ladder", "sought"]

_SETTLING = 4  # one evaluation in so many goes to cents and indents
_EXHAUSTED = 3  # so many orders can all be tried
_FEWEST = 2
_WHOLE = 100
_WILD = 1.0  # the greatest ratio that a start is drawn with where none is given


class Rounded(NamedTuple):
    """A ladder of two decimals that keeps every enforced constraint, its score J, and how it came about.

    `repaired` says that plain rounding broke a constraint, so that volumes lie further than a cent from what was asked.
    """

    ladder: Ladder
    score: float
    repaired: bool
    evaluations: int


class NoneFound(NamedTuple):
    """The answer that there is no ladder of two decimals: `proved` says that none can exist, else none was found."""

    reason: str
    proved: bool
    evaluations: int


def round_ladder(
    ladder: Ladder, settings: Settings, *, seed: int, max_evaluations: int = 60_000
) -> Rounded | NoneFound:
    """Round a ladder in percent to hundredths so that every enforced constraint and the asked band of v_2/v_1 hold.

    A ladder of two decimals that is valid comes back as it is. Otherwise the strategy rounds; where that breaks nothing
    cents and indents are improved, elsewhere the volumes are repaired. `minimal` changes as little as it can, the other
    strategies improve J as far as `max_evaluations` candidates go; 0 rounds plainly, and a repair of 25 orders or more
    may need 20,000. Equal arguments give equal ladders. Whatever is returned was judged by `constraints.exact`. Raise
    ValueError for what is no ladder of `num_orders` orders, an unknown strategy, settings that are not finite, and a
    seed or a number of evaluations below 0.
    """
    if max_evaluations < 0:
        raise ValueError(f"max_evaluations is 0 or more, not {max_evaluations}")
    _refuse(ladder, settings)
    if is_rounded(ladder) and _valid(ladder, settings):
        return Rounded(ladder, score(ladder, settings).value, repaired=False, evaluations=0)
    limits = limits_of(settings)
    why = impossible(settings, limits)
    if why:
        return NoneFound(why, proved=True, evaluations=0)
    minimal = settings.normalization.strategy == "minimal"
    worth = _near(ladder) if minimal else _scored(settings)
    task = _Task(ladder, settings, limits, worth, np.random.default_rng(seed))
    rounded = plain(ladder, settings)
    if not _valid(rounded, settings):
        return _repaired(task, max_evaluations)
    return _settled(task, _found(rounded, worth), 0 if minimal else max_evaluations)


class _Task(NamedTuple):
    ladder: Ladder
    settings: Settings
    limits: Limits
    worth: Worth
    rng: np.random.Generator


def plain(ladder: Ladder, settings: Settings) -> Ladder:
    """Return a ladder rounded as its strategy says, whatever that breaks: volumes sum to 100, indents keep their ends.

    The settings must leave room for the indents, see `impossible`. Raise ValueError as `apportion` does.
    """
    method = settings.normalization.strategy
    volumes = volumes_in_hundredths(ladder.volumes, method)
    return _ladder(volumes, _shifts(ladder.indents, settings))


def _shifts(indents: Sequence[float], settings: Settings) -> tuple[int, ...]:
    generation, core = settings.generation, settings.core
    return indents_in_hundredths(
        indents,
        ends=(hundredths(generation.first_indent_pct, up=True), hundredths(core.overlap_pct, up=False)),
        least=hundredths(generation.min_indent_step_pct, up=True),
        method=settings.normalization.strategy,
    )


def _ladder(volumes: Iterable[int], indents: Iterable[int]) -> Ladder:
    return Ladder(tuple(int(volume) / 100 for volume in volumes), tuple(int(indent) / 100 for indent in indents))


def _scored(settings: Settings) -> Worth:
    """Return what candidates score, (2.1)."""
    parameters = pack(settings)
    return lambda made: judge_batch(made.volumes / 100, made.indents, parameters).scores


def _near(ladder: Ladder) -> Worth:
    """Return how far candidates' volumes lie from a ladder's: the mean of the squared relative changes."""
    asked = 100 * np.array(ladder.volumes)
    return lambda made: np.mean((made.volumes / asked - 1) ** 2, axis=1)


def _found(ladder: Ladder, worth: Worth) -> Found:
    """Return a ladder of two decimals as what a search found."""
    volumes, indents = np.rint(100 * np.array([ladder.volumes])), np.array([ladder.indents])
    only = Made(np.zeros((1, len(ladder.volumes) - 1)), volumes, indents, np.zeros(1))
    return Found(volumes[0], indents[0], float(worth(only)[0]))


def _repaired(task: _Task, evaluations: int) -> Rounded | NoneFound:
    """Search from the ratios that were asked for; cents and indents have their share of the evaluations."""
    kept, minimal = evaluations // _SETTLING, task.settings.normalization.strategy == "minimal"
    start = np.array(ratios(task.ladder.volumes))
    found, tried = anneal(start, task.limits, task.worth, Effort(task.rng, evaluations - kept))
    if found is None:
        return _none(task, tried)
    indents = _shifts(task.ladder.indents if minimal else found.indents.tolist(), task.settings)
    return _settled(task, _found(_ladder(found.volumes, indents), task.worth), kept, tried=tried)


def _settled(task: _Task, found: Found, evaluations: int, *, tried: int | None = None) -> Rounded | NoneFound:
    """Improve cents and indents; `tried` says how many a repair took, None that there was none."""
    best, moved = settle(found, task.limits, task.worth, Effort(task.rng, evaluations))
    ladder, in_all = _ladder(best.volumes, np.rint(100 * best.indents)), (tried or 0) + moved
    if not _valid(ladder, task.settings):
        return _none(task, in_all)
    return Rounded(ladder, score(ladder, task.settings).value, repaired=tried is not None, evaluations=in_all)


def _none(task: _Task, tried: int) -> NoneFound:
    if task.limits.orders <= _EXHAUSTED and none_exists(task.limits):
        reason = f"none of the ladders of {task.limits.orders} orders in hundredths keeps {_enforced(task.settings)}"
        return NoneFound(reason, proved=True, evaluations=tried)
    reason = f"none of {tried} candidates in hundredths keeps {_enforced(task.settings)}; raise max_evaluations"
    return NoneFound(f"{reason} or loosen a bound", proved=False, evaluations=tried)


def _enforced(settings: Settings) -> str:
    band = "the band of v_2/v_1"
    codes = [code for code in CODES if code in {*settings.constraints.enforce, "HC0"}]
    return ", ".join([*codes, band] if settings.normalization.keep_v2_band else codes)


def _valid(ladder: Ladder, settings: Settings) -> bool:
    """Say whether a ladder of two decimals keeps HC0, what is enforced and the band, in exact arithmetic."""
    enforced = {*settings.constraints.enforce, "HC0"}
    if any(found.code in enforced for found in exact(ladder, settings)):
        return False
    if not settings.normalization.keep_v2_band:
        return True
    first, second = (Fraction(repr(volume)) for volume in ladder.volumes[:2])
    low, high = (Fraction(repr(end)) for end in settings.normalization.v2_band)
    return low * first <= second <= high * first


def feasible_start(settings: Settings, seed: int, *, max_evaluations: int = 20_000) -> Ladder | None:
    """Return an unrounded ladder that keeps every enforced constraint, HC6 and HC7 too, or None where none was found.

    Its needs are equal from the second order on where the least step lets them; its score is a start, no optimum. Equal
    seeds give equal ladders. Raise ValueError for settings that are not finite, fewer than two orders, and a seed below
    0.
    """
    return sought(settings, seed, max_evaluations=max_evaluations)[0]


def sought(settings: Settings, seed: int, *, max_evaluations: int) -> tuple[Ladder | None, int]:
    """Return what `feasible_start` returns, and how many candidates were tried; raise ValueError as it does."""
    _refuse_settings(settings)
    limits, worth = limits_of(settings, whole=False), _scored(settings)
    rng = np.random.default_rng(seed)
    low, high = np.maximum(limits.low[1:] / FINE - 1, 0.0), np.minimum(limits.high[1:] / FINE - 1, _WILD)
    start = low + (high - low) * rng.random(limits.orders - 1)
    found, tried = anneal(start, limits, worth, Effort(rng, max_evaluations, first=True))
    if found is None:
        return None, tried
    ladder = Ladder(tuple((found.volumes / 100).tolist()), tuple(found.indents.tolist()))
    broken = {violation.code for violation in judge(ladder, settings)}
    return (None if broken & {*settings.constraints.enforce, "HC0"} else ladder), tried


def _refuse(ladder: Ladder, settings: Settings) -> None:
    """Raise ValueError for what can be no ladder of these settings."""
    _refuse_settings(settings)
    if settings.normalization.strategy not in METHODS:
        raise ValueError(f"{settings.normalization.strategy} is no way to round; one of {', '.join(METHODS)} is")
    count = settings.core.num_orders
    if not len(ladder.volumes) == len(ladder.indents) == count:
        raise ValueError(
            f"{len(ladder.volumes)} volumes and {len(ladder.indents)} indents are no ladder of {count} orders"
        )
    if not all(math.isfinite(volume) and volume > 0 for volume in ladder.volumes):
        raise ValueError("every volume of a ladder is a finite number above 0")
    if not all(math.isfinite(indent) for indent in ladder.indents):
        raise ValueError("every indent of a ladder is a finite number")


def _refuse_settings(settings: Settings) -> None:
    if settings.core.num_orders < _FEWEST:
        raise ValueError(f"a ladder has {_FEWEST} orders or more, not {settings.core.num_orders}")
    pack(settings)
    if not all(map(math.isfinite, settings.normalization.v2_band)):
        raise ValueError("the ends of v2_band must be finite numbers")
    if not (settings.core.side == "short" or settings.core.overlap_pct < _WHOLE):
        raise ValueError(f"a long ladder reaches less than 100 % down, not {settings.core.overlap_pct:g}")
