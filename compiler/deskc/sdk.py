"""All that a rule may import: the scope it judges, the finding it yields, and the decorator that makes it a rule."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from deskc.core import resolved
from deskc.core.findings import Severity

__all__ = ["Finding", "Level", "Rule", "Scope", "Spot", "rule"]

Level = Literal["scope", "bot", "desk", "change"]
"""What a rule is given: one scope, all of one (environment, bot), all of the desk, or a scope before and after."""


class Spot(NamedTuple):
    """A setting of one scope, for rules that see several."""

    scope: "Scope"
    path: str


class Scope:
    """One resolved scope as a rule sees it: `scope["trading.leverage"]` is the value."""

    __slots__ = ("_scope", "bot", "coin", "environment", "side")

    def __init__(self, scope: resolved.Scope) -> None:
        self._scope = scope
        self.environment = scope.id.environment
        self.bot = scope.id.bot
        self.coin = scope.id.coin
        self.side = scope.id.side

    def __getitem__(self, path: str) -> Any:  # noqa: ANN401 - a setting may have any JSON value
        """Return the value at a setting path; raise KeyError where the scope has none."""
        return self._scope.value(path)

    def __contains__(self, path: str) -> bool:
        """Say whether the scope has something at a setting path."""
        try:
            self._scope.value(path)
        except KeyError:
            return False
        return True

    def get(self, path: str, default: Any = None) -> Any:  # noqa: ANN401
        """Return the value at a setting path, or the default where the scope has none."""
        return self._scope.value(path) if path in self else default

    def at(self, path: str) -> Spot:
        """Name a setting of this scope in a finding."""
        return Spot(self, path)


class Finding(NamedTuple):
    """What a rule has to say; the engine turns setting paths into files and lines."""

    spots: tuple[str | Spot, ...]
    message: str
    help: str
    severity: Severity

    @staticmethod
    def at(spot: str | Spot, *others: str | Spot, message: str, help: str, severity: Severity = "error") -> "Finding":  # noqa: A002
        """Say something about a setting; the first is where to look, the others explain it."""
        return Finding((spot, *others), message, help, severity)


class Rule(NamedTuple):
    """A rule as loaded; the loader sets `file`, and `title` from its module's first line; `doc` is its docstring."""

    code: str
    needs: tuple[str, ...]
    level: Level
    judge: Callable[..., Iterable[Finding]]
    doc: str
    file: str = ""
    title: str = ""


def rule(
    code: str, *, needs: tuple[str, ...] = (), level: Level = "scope"
) -> Callable[[Callable[..., Iterable[Finding]]], Rule]:
    """Make a function a rule: `needs` are the setting paths without which it is skipped."""

    def made(judge: Callable[..., Iterable[Finding]]) -> Rule:
        return Rule(code, needs, level, judge, judge.__doc__ or "")

    return made
