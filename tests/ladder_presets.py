"""The four presets of LADDER 4 as settings, and the plain ladder whose orders and steps are all alike."""

from dataclasses import replace
from typing import Any

from deskc.ladder.model import Ladder
from deskc.ladder.settings import CODES, Constraints, Core, Normalization, Scoring, Settings

__all__ = ["PRESETS", "even", "preset"]

_ROUNDED = Normalization(post_round_2dp=True)

PRESETS = {
    "exploration": Settings(constraints=Constraints(slope_cap=0.30), scoring=Scoring(lambda_=0.05)),
    "production": Settings(constraints=Constraints(enforce=CODES), normalization=_ROUNDED),
    "strict": Settings(
        constraints=Constraints(slope_cap=0.20, m2_max=0.80, first_volume_min=0.02, enforce=CODES),
        scoring=Scoring(lambda_=0.15),
        normalization=_ROUNDED,
    ),
    "fast_exit": Settings(constraints=Constraints(tail_floor=35.0, q1_cap=20.0), scoring=Scoring(gamma=0.3)),
}


def preset(name: str, orders: int, **core: Any) -> Settings:  # noqa: ANN401 - any setting of the core
    """Return a preset for ladders of `orders` orders."""
    return replace(PRESETS[name], core=Core(num_orders=orders, **core))


def even(orders: int, *, overlap_pct: float = 20.0) -> Ladder:
    """Return a ladder whose volumes are alike, and its steps."""
    return Ladder((100 / orders,) * orders, tuple(overlap_pct * place / (orders - 1) for place in range(orders)))
