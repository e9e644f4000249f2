"""The budgets of ARCHITECTURE 8 that a compile can be held to, as ratios inside one run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contestants import Cost

__all__ = ["Budget", "budgets", "over_interpreter_mb"]

_MB = 1e6


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit and what was measured against it; None where a contestant it needs did not run."""

    what: str
    limit: float
    unit: str
    measured: float | None

    @property
    def verdict(self) -> str:
        """Say whether the limit was kept."""
        if self.measured is None:
            return "not measured"
        return "ok" if self.measured <= self.limit else "MISSED"


def over_interpreter_mb(cost: Cost, interpreter: Cost) -> float:
    """Return a run's peak above the bare interpreter's, in millions of bytes."""
    return (cost.peak_kib - interpreter.peak_kib) * 1024 / _MB


def budgets(costs: Mapping[str, Cost], *, scopes: int) -> Iterator[Budget]:
    """Yield every budget; `scopes` is how many coin scopes the single fleet has."""
    bare, ours = costs.get("python -c pass"), costs.get("deskc compile")
    double, ruled = costs.get("deskc, twice the bots"), costs.get("deskc, with rules")
    verb = costs.get("empty typer verb")
    yield Budget("cold compile", 3.0, "x the floor", _ratio(ours, costs.get("floor")))
    yield Budget("peak memory", 48, "MB over the interpreter", _peak(ours, bare))
    yield Budget("time at twice the bots", 1.8, "x", _ratio(double, ours))
    yield Budget(
        "memory at twice the bots", 1.5, "x over the interpreter", _over(_peak(double, bare), _peak(ours, bare))
    )
    yield Budget("the whole bundled set of rules", 40, "us a scope", _rules_us(ours, ruled, scopes))
    yield Budget("deskc --help", 1.3, "x an empty verb", _ratio(costs.get("deskc --help"), verb))
    yield Budget("deskc check", 3.0, "x an empty verb", _ratio(costs.get("deskc check"), verb))


def _rules_us(plain: Cost | None, ruled: Cost | None, scopes: int) -> float | None:
    """Return what rules add to a compile of the same desk, in microseconds a scope.

    This is the one place that decides how rules are measured: a compile with them less a compile without.
    """
    return None if plain is None or ruled is None else 1e6 * (ruled.wall_s - plain.wall_s) / scopes


def _ratio(cost: Cost | None, unit: Cost | None) -> float | None:
    return None if cost is None or unit is None else cost.wall_s / unit.wall_s


def _peak(cost: Cost | None, bare: Cost | None) -> float | None:
    return None if cost is None or bare is None else over_interpreter_mb(cost, bare)


def _over(value: float | None, unit: float | None) -> float | None:
    return None if value is None or unit is None else value / unit
