"""Scopes as people read them: a line a target, its coins beside it."""

from collections.abc import Iterable, Iterator

from deskc.core.scopes import ScopeId

__all__ = ["count", "scope_lines"]

_MOST = 8


def count(number: int, what: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def scope_lines(scopes: Iterable[ScopeId]) -> Iterator[str]:
    """Yield `environment/bot: bot level, ETH, BTC/LONG` for each target, names beyond the eighth as a number."""
    together: dict[str, list[str]] = {}
    for scope in scopes:
        inside = "/".join(part for part in scope[2:] if part)
        together.setdefault(f"{scope.environment}/{scope.bot}", []).append(inside or "bot level")
    for target, names in together.items():
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"{target}: {', '.join(names[:_MOST])}{more}"
