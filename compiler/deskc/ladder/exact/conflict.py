"""Which bounds let no ladder exist: an irreducible set of named settings, each of whose absence lets one be found."""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from deskc.ladder.exact.branch import explore
from deskc.ladder.exact.descend import descend, even_growth
from deskc.ladder.exact.problem import BOUNDS, Problem, left_out, problem_of
from deskc.ladder.settings import Settings

__all__ = ["Bound", "Conflict", "conflict", "short_of_room"]

_TOLERANCE = 1e-9
_ENOUGH_NODES = 60
_USUAL = ((0.5, 4.0), (0.05, 50.0), (1e-3, 1e3))
"""Ratios of volumes between which a ladder is looked for; a proof that there is none knows no such limits."""


class Bound(NamedTuple):
    """A bound by its setting below section `ladder`, such as `constraints.q1_cap`, and its value."""

    setting: str
    value: float

    def __str__(self) -> str:
        """Write the setting and its value."""
        return f"{self.setting} {float(self.value):.10g}"


class Conflict(NamedTuple):
    """Bounds that no ladder of `orders` orders keeps together; without any one of them some ladder does.

    `irreducible` is False where that last half could not be shown of each of them.
    """

    orders: int
    bounds: tuple[Bound, ...]
    irreducible: bool = True

    @property
    def message(self) -> str:
        """Say in one sentence which bounds collide."""
        *most, last = map(str, self.bounds)
        if not most:
            return f"no ladder of {self.orders} orders keeps {last}"
        return f"no ladder of {self.orders} orders keeps {', '.join(most)} and {last} together"

    @property
    def help(self) -> str:
        """Return the way out."""
        names = [bound.setting for bound in self.bounds]
        return f"loosen {' or '.join(names)}"


def short_of_room(settings: Settings) -> Conflict | None:
    """Return the conflict of a reach too small for its orders: overlap - first indent < (N - 1)·step, LADDER 1."""
    first, least = settings.generation.first_indent_pct, settings.generation.min_indent_step_pct
    count, overlap = settings.core.num_orders, settings.core.overlap_pct
    if overlap - first >= (count - 1) * least - _TOLERANCE:
        return None
    start = [Bound("generation.first_indent_pct", first)] if first else []
    step = Bound("generation.min_indent_step_pct", least)
    return Conflict(count, (Bound("core.overlap_pct", overlap), *start, *([step] if least > 0 else [])))


def conflict(settings: Settings) -> Conflict | None:
    """Return bounds that exclude each other, None where a ladder was found or nothing was proven.

    A deletion filter: bound after bound is left out for good where what remains still has no ladder, by proof.
    """
    tight = short_of_room(settings)
    if tight is not None:
        return tight
    gone = left_out(settings)
    cap = Bound("constraints.slope_cap", settings.constraints.slope_cap)
    if cap.value < 0 and cap.setting not in gone and settings.core.num_orders > 2:  # noqa: PLR2004 - HC4 is about three
        return Conflict(settings.core.num_orders, (cap,))
    if _possible(settings, gone) is not False:
        return None
    certain = True
    for name in BOUNDS:
        if name in gone:
            continue
        possible = _possible(settings, gone | {name})
        if possible is False:
            gone |= {name}
        certain &= possible is not None
    return Conflict(settings.core.num_orders, tuple(_named(settings, gone)), certain)


def _possible(settings: Settings, gone: frozenset[str]) -> bool | None:
    """Say whether a ladder exists without some bounds: True by one, False by proof, None where neither was found."""
    problem = problem_of(settings, without=gone)
    if explore(problem, None, gap=1, first=True, most_nodes=1).closed:
        return False
    if any(_found(problem, usual) for usual in _USUAL):
        return True
    found = explore(problem, None, gap=1, first=True, most_nodes=_ENOUGH_NODES)
    if found.volumes is not None:
        return True
    return False if found.closed else None


def _found(problem: Problem, usual: tuple[float, float]) -> bool:
    """Say whether a ladder lies where one is looked for, should a bound that was left out allow any ratio."""
    least, most = usual
    tame = replace(
        problem,
        low=np.maximum(problem.low, np.minimum(least, problem.high)),
        high=np.minimum(problem.high, np.maximum(most, 2 * problem.low)),
    )
    return descend(tame, even_growth(tame), aim=False) is not None


def _named(settings: Settings, gone: frozenset[str]) -> Iterator[Bound]:
    """Yield the bounds that are left with their values, under the name of the setting that makes them."""
    for name in BOUNDS:
        if name in gone:
            continue
        value = attrgetter(name)(settings)
        if name == "constraints.first_volume_min" and settings.first_volume_min > value:
            yield Bound("normalization.post_round_2dp", settings.first_volume_min)
        elif name == "constraints.ceiling":
            yield Bound("constraints.m_head", settings.constraints.m_head)
            yield Bound("constraints.m_tail", settings.constraints.m_tail)
        else:
            yield Bound(name, value)
