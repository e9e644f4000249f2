"""What the hard constraints say of a section `ladder`: its settings, its orders and every bound that they break."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from deskc.ladder.constraints import Violation, exact, judge
from deskc.ladder.model import Ladder
from deskc.ladder.settings import Settings, from_mapping

__all__ = ["Verdict", "is_rounded", "orders_of", "severity", "verdict"]


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
