"""What a line decides, as text and as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from deskc.core.findings import Place
from deskc.core.scopes import ScopeId
from deskc.core.violations import shown
from deskc.plan.affects import Decision, Effects
from deskc.report.cells import escape
from deskc.report.scopes import count, scope_lines
from deskc.report.styles import Line, coloured, plain

__all__ = ["affects_json", "affects_text"]

_VERBS = {"set": "sets {path} to {value}", "unset": "takes {path} away", "replace": "takes the inherited {path} away"}


def affects_text(told: Effects, *, color: bool = False) -> str:
    """Write where each setting of the line wins and what overrides it; settings that fare alike stand together."""
    where = f"{told.path}:{told.line}"
    if not told.decisions and not told.statements:
        near = f"; the nearest line that does is {told.nearest}" if told.nearest else ""
        return f"{escape(where)} decides nothing{near}\n"
    lines: list[Line] = []
    for statement in told.statements:
        lines += [((escape(f"{where} {statement.text}"), "strong"),), *_scopes(statement.scopes, indent=2), ()]
    for together in _alike(told.decisions):
        lines += (
            (((escape(f"{decision.place.path}:{decision.place.line} {_says(decision)}")), "strong"),)
            for decision in together
        )
        lines += [*_fate(together[0]), ()]
    return coloured(lines[:-1]) if color else plain(lines[:-1])


def _says(decision: Decision) -> str:
    if decision.default:
        return f"holds the default {shown(decision.value)} of {decision.path}"
    return _VERBS[decision.action].format(path=decision.path, value=shown(decision.value))


def _alike(decisions: Iterable[Decision]) -> Iterator[tuple[Decision, ...]]:
    """Group decisions that win and are overridden in the same scopes by the same places."""
    groups: dict[object, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault((decision.wins, decision.overridden, decision.through), []).append(decision)
    yield from map(tuple, groups.values())


def _fate(decision: Decision) -> Iterator[Line]:
    """Yield where a decision wins, what overrides it, and what refers to it."""
    if decision.wins:
        bots = {scope.bot for scope in decision.wins}
        yield ((f"  wins in {count(len(decision.wins), 'scope')} of {count(len(bots), 'bot')}", "note"),)
        yield from _scopes(decision.wins, indent=4)
    else:
        yield (("  wins nowhere", "warning"),)
    for other in decision.overridden:
        by = escape(f"{other.by.path}:{other.by.line}:{other.by.column}")
        yield ((f"  overridden in {count(len(other.scopes), 'scope')} by {by}", "warning"),)
        yield from _scopes(other.scopes, indent=4)
    for to in decision.through:
        at = escape(f"{to.path} at {to.place.path}:{to.place.line}:{to.place.column}")
        yield ((f"  taken in {count(len(to.scopes), 'scope')} by {at}", "note"),)
        yield from _scopes(to.scopes, indent=4)


def _scopes(scopes: Iterable[ScopeId], *, indent: int) -> Iterator[Line]:
    for line in scope_lines(scopes):
        yield ((f"{' ' * indent}{escape(line)}", ""),)


def affects_json(told: Effects) -> str:
    """Write one object with the settings, the scopes in which each wins, and what overrides it elsewhere."""
    record = {
        "path": told.path,
        "line": told.line,
        "settings": [_decision(decision) for decision in told.decisions],
        "statements": [
            {"text": statement.text, "scopes": list(map(str, statement.scopes))} for statement in told.statements
        ],
        "nearest": told.nearest,
    }
    return json.dumps(record, ensure_ascii=True, indent=2) + "\n"


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "key": decision.path,
        "value": decision.value,
        "action": decision.action,
        "default": decision.default,
        "place": _spot(decision.place),
        "wins": list(map(str, decision.wins)),
        "overridden": [
            {"by": _spot(other.by), "action": other.action, "scopes": list(map(str, other.scopes))}
            for other in decision.overridden
        ],
        "references": [
            {"key": to.path, "place": _spot(to.place), "scopes": list(map(str, to.scopes))} for to in decision.through
        ],
    }


def _spot(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column}
