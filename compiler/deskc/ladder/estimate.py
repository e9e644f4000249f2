"""What J is at least, by estimate: a Lagrangian relaxation of the price equation, solved on a grid (LADDER 6).

For each largest need and each price of the equation, dynamic programming finds the least J that volumes could reach if
the equation need not hold but its breach is charged for. The best price and the worst need make it a bound, but for the
grid's rounding: an estimate, therefore, and told as one. `certify` is what certifies.
"""

import math

import numpy as np
from scipy.optimize import minimize_scalar

from deskc.ladder.parameters import Floats
from deskc.ladder.relaxation import Relaxation, relaxed
from deskc.ladder.room import room
from deskc.ladder.score import COST, first_of_tail
from deskc.ladder.settings import Settings

__all__ = ["estimate", "gap"]

_NEEDED = frozenset({"HC0", "HC1", "HC3", "HC4"})  # without these ratios have no band to make a grid of
_FEWEST = 3
_FINEST = 0.025  # how far ratios of the grid lie apart at most
_SHARES, _CARRIED = 24, 3
_CLOSE = 1e-3  # to which moves, prices and places of the grid are told apart, relative
_PRICES, _MOVES = (-3.0, 2.5), (0.3, 1.6)  # where they are sought: prices in logarithms, both from a first guess
_PRICE_CLOSE, _MOVE_CLOSE = 0.05, 0.002
_ROUNDING = 2e-3  # of J: what the grid and those searches were seen to be off by, some times over


def estimate(settings: Settings) -> float | None:
    """Return an estimated lower bound of J, within about two percent for J as (2.1) has it; None where none applies.

    It applies to three orders or more with HC0, HC1, HC3 and HC4 enforced, no weight below zero and no soft penalties.
    HC2, HC6, HC7, the first and the last quarter's mass and the least step are left out, so where those bind the bound
    holds but lies further below. Raise ValueError where the bounds leave no ladder.
    """
    weights, core = settings.scoring, settings.core
    odd = settings.penalties.soft_penalties or min(weights.alpha, weights.beta, weights.gamma, weights.lambda_) < 0
    if odd or not weights.alpha or core.num_orders < _FEWEST or not set(settings.constraints.enforce) >= _NEEDED:
        return None
    space = _relaxation(settings)
    move = _move(space)
    answer = minimize_scalar(
        lambda share: _charged(space, share * move),
        bounds=_MOVES,
        method="bounded",
        options={"xatol": _MOVE_CLOSE},
    )
    return float(answer.fun) - _ROUNDING * abs(float(answer.fun))


def gap(score: float, settings: Settings) -> float | None:
    """Return how far J lies over the estimated bound as a fraction of J; None without a bound or a J above 0."""
    bound = estimate(settings)
    return None if bound is None or score <= 0 else max(0.0, (score - bound) / score)


def _move(space: Relaxation) -> float:
    """Return about the largest move, a fraction, of volumes that grow at a middling pace."""
    growth = 1 + float(space.ratios[(space.begins[2:] + space.ends[2:] - 1) // 2].mean())
    volumes = growth ** np.arange(space.orders)
    return space.drop / float((volumes[1:] / np.cumsum(volumes)[:-1]).sum())


def _charged(space: Relaxation, move: float) -> float:
    """Return the relaxed J at one largest move and the price that makes most of it.

    The price is sought around J's growth with the largest move times the move, for the whole fall: what it would be if
    falls grew with moves in proportion and volumes stayed.
    """
    scale = 100 * space.gain
    growth = scale * (space.alpha + 2 * space.beta * scale * move * (space.orders - 1) / space.orders**2)
    price = growth * move / space.drop
    answer = minimize_scalar(
        lambda power: -relaxed(space, move, math.exp(power) * price),
        bounds=_PRICES,
        method="bounded",
        options={"xatol": _PRICE_CLOSE},
    )
    return float(-answer.fun)


def _relaxation(settings: Settings) -> Relaxation:
    """Return the programme's numbers; bounds that lie between places of the grid are widened to the next.

    A ratio at the very bound of a zone counts as just outside of it, since W's infimum is not attained (LADDER 2).
    Where strong and weak ratios may be neighbours W can be anything from 0 on, and is left out.
    """
    core, weights, bounds, generation = settings.core, settings.scoring, settings.constraints, settings.generation
    space = room(settings)
    spread = max(bounds.slope_cap, _FINEST)
    reach = math.ceil(spread / _FINEST)
    apart = spread / reach
    low = np.array([space.second[0], *[space.low] * len(space.high)])
    high = np.array([space.second[1], *space.high])
    begins = np.floor((low - generation.strong) / apart + _CLOSE).astype(np.int64)
    ends = np.ceil((high - generation.strong) / apart - _CLOSE).astype(np.int64) + 1
    ratios = generation.strong + apart * np.arange(begins.min(), ends.max())
    strong, weak = ratios > generation.strong + _CLOSE * apart, ratios < generation.weak - _CLOSE * apart
    mass = "HC5" in bounds.enforce
    return Relaxation(
        orders=core.num_orders,
        sign=space.sign,
        quote=space.quote,
        gain=core.gain,
        drop=abs(math.log(space.target)),
        alpha=weights.alpha,
        beta=weights.beta,
        gamma=weights.gamma,
        lambda_=weights.lambda_,
        tail_from=first_of_tail(core.num_orders),
        last_most=bounds.tail_cap / 100 if mass else 1.0,
        wave=-COST * weights.lambda_ if spread < generation.strong - generation.weak else 0.0,
        apart=apart,
        ratios=ratios,
        zones=np.where(strong, 1.0, np.where(weak, -1.0, 0.0)),
        reach=reach,
        begins=np.concatenate([[0, 0], begins - begins.min()]),
        ends=np.concatenate([[0, 0], ends - begins.min()]),
        shares=_shares(low, high),
        carried=np.linspace(-3 * weights.lambda_, weights.gamma + weights.lambda_, _CARRIED),
    )


def _shares(low: Floats, high: Floats) -> Floats:
    """Return for each k from 1 on the places of v_k / V_k, from the least that can be to the greatest."""
    least = most = 1.0
    rows = [[1.0] * _SHARES, [1.0] * _SHARES]
    for below, above in zip(low, high, strict=True):
        least, most = (1 + below) * least / (1 + (1 + below) * least), (1 + above) * most / (1 + (1 + above) * most)
        rows.append(np.linspace(least, most, _SHARES).tolist())
    return np.array(rows)
