"""A number that J of a ladder never lies below, from its volumes alone: what needs no evaluation needs no prices."""

import math

import numpy as np

from deskc.ladder.parameters import Floats
from deskc.ladder.room import Room
from deskc.ladder.score import COST, REWARD, first_of_tail
from deskc.ladder.settings import Settings

__all__ = ["least_score"]

_HALVINGS = 30
_ROUNDING = 1e-9  # far more than sums of a ladder's floats are off by


def least_score(volumes: Floats, settings: Settings, space: Room) -> Floats:
    """Return for volumes (n, N) that add up to 100 what J of (2.1) is at least, whatever the prices, shape (n,).

    The largest need is at least that of equalised needs (LADDER 6), and their variance that of two needs as far apart
    as the first is from the largest, all others half-way; G, E, T, C and W are the volumes' own, and the other parts
    are not negative. Where a weight is negative nothing is known, and the bound is minus infinity.
    """
    weights, core, count = settings.scoring, settings.core, space.orders
    soft = settings.penalties.weights if settings.penalties.soft_penalties else ()
    if min(weights.alpha, weights.beta, weights.lambda_, *soft) < 0:
        return np.full(len(volumes), -math.inf)
    move = _least_move(volumes, space)
    first = 100 * core.sign * (core.gain - 1)
    worst = 100 * core.sign * (core.gain * (1 + core.sign * move) - 1)
    apart = worst - first
    shares = np.sort(volumes, axis=1) / 100
    ranks = 2 * np.arange(1, count + 1) - count - 1
    gini = shares @ ranks / count
    entropy = 1 + (shares * np.log(shares)).sum(axis=1) / math.log(count)
    tail = volumes[:, first_of_tail(count) :].sum(axis=1) / 100
    cap = settings.constraints.tail_cap
    parts = gini + entropy + np.maximum(0.0, volumes[:, -1] - cap) / cap + _wave(volumes, settings)
    value = weights.alpha * worst + weights.beta * apart * apart / (2 * count)
    value = value + weights.gamma * (1 - tail) + weights.lambda_ * parts
    return np.asarray(value - _ROUNDING * (1 + np.abs(value)))


def _least_move(volumes: Floats, space: Room) -> Floats:
    """Return a τ, as a fraction, that is at most the one of the price equation.

    The decoder's form of the equation is Π (1 + z a_k) / (1 - z) = target, a_k = v_k / V_{k-1}. Its logarithm is at
    most that with the mean of all a_k where z > 0, by Jensen, and at most a chord's in size for z < 0, so what solves
    those instead is no further from 0. Halving keeps to the near side.
    """
    parts = volumes[:, 1:] / np.cumsum(volumes, axis=1)[:, :-1]
    wanted, count = abs(math.log(space.target)), parts.shape[1]
    mean, largest = parts.mean(axis=1), parts.max(axis=1)
    near, far = np.zeros(len(parts)), 1 / largest if space.target < 1 else np.ones(len(parts))
    with np.errstate(all="ignore"):
        for _ in range(_HALVINGS):
            z = (near + far) / 2
            if space.target < 1:
                reached = np.log1p(z) - count * mean / largest * np.log1p(-z * largest)
            else:
                reached = count * np.log1p(z * mean) - np.log1p(-z)
            below = reached < wanted
            near, far = np.where(below, z, near), np.where(below, far, z)
    if space.quote:
        return near
    return near / (1 - near) if space.target > 1 else near / (1 + near)


def _wave(volumes: Floats, settings: Settings) -> Floats:
    """Return W of (2.1)."""
    ratios = volumes[:, 1:] / volumes[:, :-1] - 1
    strong, weak = ratios >= settings.generation.strong, ratios <= settings.generation.weak
    alike = (strong[:, 1:] & strong[:, :-1]) | (weak[:, 1:] & weak[:, :-1])
    unlike = ~alike & (strong[:, 1:] | strong[:, :-1]) & (weak[:, 1:] | weak[:, :-1])
    found = COST * alike.sum(axis=1) + REWARD * unlike.sum(axis=1)
    return np.asarray(np.maximum(0.0, -found))
