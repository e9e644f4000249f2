"""What the smooth problem of a ladder is made of: the settings as plain numbers that compiled code takes."""

import math
from dataclasses import fields

from deskc.ladder.constraints import TOLERANCE, quarter
from deskc.ladder.score import ceiling
from deskc.ladder.search.descent import Terms
from deskc.ladder.settings import Settings

__all__ = ["INSIDE", "WAVE_FROM", "bands", "terms"]

INSIDE = 1e-7
"""How far inside a jump of W, or of a wave's bound, a ratio stays: LADDER 2 says that the infimum is not attained."""

WAVE_FROM = 7
"""The number of orders from which HC7 asks for a wave."""

_FEWEST = 2
_FREE = 20.0  # the largest ratio where no band is enforced
_LEAST = 1e-9  # the least ratio: growth in logarithms needs one above 0
_TAIL = (4, 5)
_WHOLE = 100


def terms(settings: Settings) -> Terms:
    """Return the numbers of the smooth problem of these settings; raise ValueError where no ladder can have them."""
    _refuse(settings)
    core, weights, bounds = settings.core, settings.scoring, settings.constraints
    mass, wave = "HC5" in bounds.enforce, "HC7" in bounds.enforce
    floor = settings.first_volume_min
    return Terms(
        orders=core.num_orders,
        sign=float(core.sign),
        quote=core.sizing == "quote",
        gain=float(core.gain),
        first_price=1 - core.sign * settings.generation.first_indent_pct / 100,
        last_price=1 - core.sign * core.overlap_pct / 100,
        first_indent=float(settings.generation.first_indent_pct),
        overlap=float(core.overlap_pct),
        least_step=float(settings.generation.min_indent_step_pct),
        alpha=float(weights.alpha),
        beta=float(weights.beta),
        gamma=float(weights.gamma),
        lambda_=float(weights.lambda_),
        tail_from=_TAIL[0] * core.num_orders // _TAIL[1],
        tail_cap=bounds.tail_cap / 100,
        quarter=quarter(core.num_orders),
        head_most=bounds.q1_cap / 100 if mass else math.inf,
        tail_least=bounds.tail_floor / 100 if mass else -math.inf,
        last_most=bounds.tail_cap / 100 if mass else math.inf,
        log_first_least=math.log(floor / 100) if floor > 0 else -math.inf,
        log_growth=math.log(bounds.growth_eps / 100) if bounds.growth_eps > 0 else -math.inf,
        spread_least=float(bounds.wave_std_min) if wave and core.num_orders >= WAVE_FROM else -math.inf,
    )


def bands(settings: Settings) -> tuple[tuple[float, float], ...]:
    """Return the band of each ratio m_2 … m_N that HC1 and HC3 leave, wide where they are not enforced.

    The ends are floats whatever the settings are written as: an array of a whole number's kind would cut the zones off.
    """
    bounds, count = settings.constraints, settings.core.num_orders
    second, later = (_LEAST, _FREE), [(_LEAST, _FREE)] * (count - 2)
    if "HC1" in bounds.enforce:
        second = (max(_LEAST, bounds.m2_min), min(bounds.m2_max, bounds.c2 - 1))
    if "HC3" in bounds.enforce:
        later = [(max(_LEAST, bounds.m_min), top) for top in ceiling(count, bounds)]
    return tuple((float(low), float(high)) for low, high in (second, *later))


def _refuse(settings: Settings) -> None:
    """Raise ValueError with one sentence for settings that leave no room for any ladder."""
    core, generation = settings.core, settings.generation
    groups = (core, generation, settings.constraints, settings.scoring)
    for group in groups:
        for one in fields(group):
            value = getattr(group, one.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{one.name.rstrip('_')} is {value}; a ladder needs a finite number")
    if core.num_orders < _FEWEST:
        raise ValueError(f"num_orders is {core.num_orders}; a ladder has 2 orders or more")
    reach, steps = core.overlap_pct - generation.first_indent_pct, core.num_orders - 1
    if reach < steps * generation.min_indent_step_pct - TOLERANCE or reach <= 0:
        raise ValueError(
            f"overlap_pct {core.overlap_pct:g} less first_indent_pct {generation.first_indent_pct:g} "
            f"leaves no room for {steps} steps of min_indent_step_pct {generation.min_indent_step_pct:g}"
        )
    if core.side == "long" and core.overlap_pct >= _WHOLE:
        raise ValueError(f"overlap_pct is {core.overlap_pct:g}; a long ladder's last price is above 0 below 100")
    if min(settings.scoring.alpha, settings.scoring.beta) < 0:
        raise ValueError("alpha and beta must not be negative: J would have no lowest value")
