"""What the hard constraints say of a section `ladder`: its settings, its orders and every bound that they break."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from deskc.ladder.bounds import Conflict, conflicts, exceeded_multiple
from deskc.ladder.constraints import Violation, exact, judge
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings, from_mapping

__all__ = [
    "Broken",
    "Verdict",
    "broken",
    "contradictions",
    "is_rounded",
    "orders_of",
    "severity",
    "verdict",
]


class Verdict(NamedTuple):
    """A ladder, whether it was judged in exact arithmetic, and what it breaks, by code and then by order."""

    settings: Settings
    ladder: Ladder
    exact: bool
    violations: tuple[Violation, ...]

    @property
    def failed(self) -> bool:
        """Say whether the ladder breaks a constraint that is enforced."""
        return any(severity(one.code, self.settings) == "error" for one in self.violations)


def verdict(ladder: Ladder, settings: Settings) -> Verdict:
    """Judge a ladder: of two decimals in exact arithmetic, any other within the tolerance of floats (LADDER 3, 5)."""
    rounded = is_rounded(ladder)
    return Verdict(settings, ladder, rounded, exact(ladder, settings) if rounded else judge(ladder, settings))


def is_rounded(ladder: Ladder) -> bool:
    """Say whether each volume and indent is a number of at most two decimals."""
    return all(round(number, 2) == number for numbers in ladder for number in numbers)


def severity(code: str, settings: Settings) -> Literal["error", "warning"]:
    """Return what breaking a constraint is: an error where `constraints.enforce` names it, else a warning."""
    return "error" if code in settings.constraints.enforce else "warning"


def orders_of(section: Mapping[str, Any]) -> tuple[Settings, Ladder | None]:
    """Read section `ladder`: its settings, and its orders or None where it has none."""
    orders = section.get("orders")
    ladder = orders and Ladder(tuple(map(float, orders["volumes_pct"])), tuple(map(float, orders["indents_pct"])))
    return from_mapping(section), ladder or None


class Broken(NamedTuple):
    """A bound that a section `ladder` breaks, or bounds that exclude each other.

    `spots` are paths: first where to look, then the limit. `order` is 1-based, None where no single order is at fault.
    """

    code: str
    spots: tuple[str, ...]
    message: str
    severity: Literal["error", "warning"]
    order: int | None = None


@lru_cache(maxsize=1 << 8)  # eight rules ask about each ladder, and environments share most of them
def broken(text: str) -> tuple[Broken, ...]:
    """Return what a section `ladder` breaks, by its canonical JSON: its orders, or its bounds where it has none."""
    settings, ladder = orders_of(json.loads(text))
    if ladder is None:
        return tuple(_excluded(one, settings) for one in conflicts(settings))
    return tuple(_violated(one, settings) for one in verdict(ladder, settings).violations)


def contradictions(section: Mapping[str, Any]) -> tuple[Broken, ...]:
    """Return how the settings of a preset contradict each other (LADDER 3), whatever orders they are for."""
    settings = from_mapping({name: group for name, group in section.items() if name != "orders"})
    found = [_excluded(one, settings) for one in conflicts(settings)]
    exceeded = exceeded_multiple(settings)
    if exceeded is not None:
        found.append(Broken("HC1", ("ladder.constraints.m2_max", "ladder.constraints.c2"), exceeded, "error"))
    bounds = settings.constraints
    if bounds.ceiling and "HC7" in bounds.enforce:
        message = "ceiling is on and HC7 enforced: long ladders under the ceiling cannot deviate as HC7 asks"
        found.append(Broken("HC7", ("ladder.constraints.ceiling", "ladder.constraints.enforce"), message, "error"))
    return tuple(found)


def _violated(one: Violation, settings: Settings) -> Broken:
    where = f"ladder.orders.{one.subject}"
    first = where if one.order is None else f"{where}[{one.order - 1}]"
    limit = one.setting
    if limit == "constraints.first_volume_min" and settings.constraints.first_volume_min < one.limit:
        limit = "normalization.post_round_2dp"
    spots = (first,) if one.setting == f"orders.{one.subject}" else (first, f"ladder.{limit}")
    return Broken(one.code, spots, one.message, severity(one.code, settings), one.order)


def _excluded(one: Conflict, settings: Settings) -> Broken:
    enforced = one.codes <= frozenset(settings.constraints.enforce)
    spots = tuple(f"ladder.{path}" for path in one.settings)
    return Broken(one.code, spots, one.message, "error" if enforced else "warning")
