"""The shipped presets as settings, and the plain ladder whose orders and steps are all alike."""

from dataclasses import replace
from typing import Any

from deskc.ladder.model import Ladder
from deskc.ladder.settings import Core, Settings
from deskc.tuning.presets import bundled_presets, settings_of

__all__ = ["PRESETS", "even", "preset"]

PRESETS = settings_of(bundled_presets())


def preset(name: str, orders: int, **core: Any) -> Settings:  # noqa: ANN401 - any setting of the core
    """Return a preset for ladders of `orders` orders."""
    return replace(PRESETS[name], core=Core(num_orders=orders, **core))


def even(orders: int, *, overlap_pct: float = 20.0) -> Ladder:
    """Return a ladder whose volumes are alike, and its steps."""
    return Ladder((100 / orders,) * orders, tuple(overlap_pct * place / (orders - 1) for place in range(orders)))
