"""Annealing of ladders: a population in ratio space, then cents and indents of the best (LADDER 5)."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from deskc.ladder.rounding.candidates import Made, move_cents, propose
from deskc.ladder.rounding.limits import Floats, Integers, Limits

__all__ = ["Effort", "Found", "Worth", "anneal", "settle"]

Worth: TypeAlias = Callable[[Made], Floats]
"""What n candidates are worth, shape (n,), lower is better; infinity for what is no ladder."""

_CHAINS = 32
_ROUND = 100  # proposals of each chain between two selections
_SELECTED = 4  # one chain in so many gives way to a better one
_HOT, _COLD = 0.02, 0.0002  # temperatures, as shares of what the start is worth
_WIDE, _NARROW = 0.2, 0.01  # widths of a change of a ratio
_WEIGHT = 10.0  # of what a ladder breaks, in ratios, beside what it is worth
_NONE = 1e6  # the energy of what is no ladder


class Found(NamedTuple):
    """The best candidate that breaks nothing: volumes in hundredths, indents in percent, and what it is worth."""

    volumes: Floats
    indents: Floats
    worth: float


class Effort(NamedTuple):
    """How long to search: so many evaluations, and with `first` only to the first ladder that breaks nothing."""

    rng: np.random.Generator
    evaluations: int
    first: bool = False


def anneal(start: Floats, limits: Limits, worth: Worth, effort: Effort) -> tuple[Found | None, int]:
    """Return the best ladder that breaks nothing, and how many were tried.

    `start` has shape (N - 1,): m_2 … m_N. Chains propose, each accepts as
    S. Kirkpatrick et al. (Science 220, 1983) have it, and now and then the best replace the worst.
    """
    rng, evaluations, first = effort
    chains = max(1, min(_CHAINS, evaluations))
    population, made = np.tile(start, (chains, 1)), _room(chains, limits.orders)
    energy, best, scale = np.full(chains, np.inf), None, 0.0
    steps = evaluations // chains
    for step in range(steps):
        heat, width = (high * (low / high) ** (step / steps) for high, low in ((_HOT, _COLD), (_WIDE, _NARROW)))
        propose(rng, population, limits, width, made)
        worths = worth(made)
        scale = scale or _scale(worths)
        best = _better(best, made, worths)
        if first and best:
            return best, (step + 1) * chains
        proposed = np.minimum(worths / scale, _NONE) + _WEIGHT * made.excess
        taken = rng.random(chains) < np.exp(np.minimum(0.0, (np.minimum(energy, 2 * _NONE) - proposed) / heat))
        population[taken], energy[taken] = made.ratios[taken], proposed[taken]
        if step % _ROUND == _ROUND - 1:
            _select(population, energy)
    return best, steps * chains


def settle(found: Found, limits: Limits, worth: Worth, effort: Effort) -> tuple[Found, int]:
    """Move cents between orders and shift indents, as long as that makes a ladder better.

    Volumes and indents of `found` are whole hundredths, and so are those of the answer; also return how many
    were tried.
    """
    made, best = _room(_CHAINS, limits.orders), found
    steps = effort.evaluations // _CHAINS
    for _ in range(steps):
        move_cents(effort.rng, _whole(best.volumes), _whole(100 * best.indents), limits, made)
        best = _better(best, made, worth(made)) or best
    return best, steps * _CHAINS


def _whole(numbers: Floats) -> Integers:
    return np.rint(numbers).astype(np.int64)


def _room(count: int, orders: int) -> Made:
    return Made(np.zeros((count, orders - 1)), np.zeros((count, orders)), np.zeros((count, orders)), np.zeros(count))


def _scale(worths: Floats) -> float:
    """Return what the candidates are worth in the middle, to compare temperatures with; 0 while none is a ladder."""
    sound = np.abs(worths[np.isfinite(worths)])
    return float(np.median(sound)) if len(sound) else 0.0


def _better(best: Found | None, made: Made, worths: Floats) -> Found | None:
    """Return the best so far, or a better candidate that breaks nothing."""
    kept: Floats = np.where(made.excess > 0, np.inf, worths)
    row = int(np.argmin(kept))
    if kept[row] < (best.worth if best else np.inf):
        return Found(made.volumes[row].copy(), made.indents[row].copy(), float(kept[row]))
    return best


def _select(population: Floats, energy: Floats) -> None:
    """Let the best chains go on in place of the worst."""
    order, share = np.argsort(energy, kind="stable"), max(1, len(energy) // _SELECTED)
    population[order[-share:]], energy[order[-share:]] = population[order[:share]], energy[order[:share]]
