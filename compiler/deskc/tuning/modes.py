"""The modes of a run by name: how each begins a search, and how it goes on with one. The one place that knows them."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.ladder.search.search import Search
from deskc.ladder.settings import Settings
from deskc.tuning.plan import Plan

__all__ = ["MODES", "Mode", "begun", "require", "restored"]


class Mode(NamedTuple):
    """A mode's search: its module, its class, and what of the plan it is given to begin."""

    module: str
    name: str
    asked: Callable[[Plan], Mapping[str, Any]] = lambda _: {}

    def load(self) -> Any:  # noqa: ANN401 - classes with the same face, one a mode
        """Import the class."""
        return getattr(import_module(self.module), self.name)


MODES: dict[str, Mode] = {
    "adaptive": Mode("deskc.ladder.search.zones", "Adaptive"),
    "bayesian": Mode("deskc.ladder.search.guided", "Guided"),
    "exhaustive": Mode(
        "deskc.ladder.search.grid", "Grid", lambda plan: {"overlaps": plan.overlaps, "orders": plan.orders}
    ),
    "random": Mode("deskc.ladder.search.random", "Random"),
}
"""Each is imported when it is asked for; `random` is what the others are measured against."""


def require(mode: str) -> None:
    """Raise DeskcError where there is no such mode."""
    if mode not in MODES:
        guess = close_to(mode, tuple(MODES))
        way_out = f"did you mean {guess}?" if guess else f"choose one of {', '.join(MODES)}"
        msg = f"{mode} is no mode of a search"
        raise DeskcError(msg, help=way_out)


def begun(plan: Plan, settings: Settings) -> Search:
    """Begin a search with the settings' seed."""
    require(plan.mode)
    mode = MODES[plan.mode]
    search: Search = mode.load()(settings, settings.core.seed, **mode.asked(plan))
    return search


def restored(plan: Plan, settings: Settings, state: Mapping[str, Any]) -> Search:
    """Go on with a search; raise KeyError, TypeError or ValueError where the state is none of it."""
    search: Search = MODES[plan.mode].load().restored(settings, state)
    return search
