"""What differs between two desks, as text and as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from deskc.core.documents import Leaf
from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.violations import shown
from deskc.plan.changes import Change, ChangedScope, Changes
from deskc.plan.digests import params_digest
from deskc.report.cells import escape
from deskc.report.scopes import count, scope_lines
from deskc.report.styles import Line, coloured, plain

__all__ = ["diff_json", "diff_text"]

_WHOLE = {
    "added": "added",
    "removed": "removed",
    "broken": "not compared, since an error stands in the way; run deskc check",
}


def diff_text(told: Changes, *, names: tuple[str, str], color: bool = False) -> str:
    """Write each change once, with the scopes that it touches; `names` say what was compared with what."""
    before, after = (escape(name) for name in names)
    if not told.rows:
        return f"Nothing differs between {before} and {after}.\n"
    lines: list[Line] = []
    for row in told.rows:
        lines += [*_headline(row), *(((f"  {escape(line)}", ""),) for line in scope_lines(row.scopes)), ()]
    bots = {scope.bot for row in told.rows for scope in row.scopes}
    touched = f"{count(len(told.scopes), 'scope')} of {count(len(bots), 'bot')}"
    lines.append(((f"{count(len(told.rows), 'change')} in {touched} from {before} to {after}", "strong"),))
    return coloured(lines) if color else plain(lines)


def _headline(row: Change) -> Iterator[Line]:
    """Yield what changed and how, then where the new value stands."""
    if row.kind not in ("setting", "label"):
        yield ((f"{count(len(row.scopes), 'scope')} {_WHOLE[row.kind]}", "strong"),)
        return
    unit = f" {row.facts.unit}" if row.facts.unit else ""
    yield ((escape(f"{row.path} {_shown(row.before)} → {_shown(row.after)}{unit}"), "strong"),)
    place = row.place
    at = "" if place is None else f"{place.path}:{place.line}:{place.column}"
    where = f"{'set' if row.after else 'was'} at {at}" if at else ""
    demands = f"{row.facts.bump}, {'hot' if row.facts.hot else 'restart'}" if row.kind == "setting" else ""
    yield (
        (
            escape(" · ".join(part for part in (f"  {count(len(row.scopes), 'scope')}", demands, where) if part)),
            "gutter",
        ),
    )


def _shown(leaf: Leaf | None) -> str:
    return "not set" if leaf is None else shown(leaf.value)


def diff_json(
    told: Changes, *, commits: tuple[str | None, str | None], environments: tuple[str, str] | None = None
) -> str:
    """Write one object with the changes and, for each scope that differs, its digests and labels on both sides.

    `commits` are the two ids, None for the working tree; `environments` the two that were compared, if that was asked.
    """
    record = {
        "base": commits[0],
        "head": commits[1],
        "environments": None if environments is None else list(environments),
        "changes": [_change(row) for row in told.rows],
        "scopes": list(_scopes(told.scopes, told)),
    }
    return json.dumps(record, ensure_ascii=True, indent=2) + "\n"


def _change(row: Change) -> dict[str, Any]:
    place = row.place
    valued = row.kind in ("setting", "label")
    return {
        "kind": row.kind,
        "key": row.path if valued else None,
        "before": row.before and {"value": row.before.value},
        "after": row.after and {"value": row.after.value},
        "unit": row.facts.unit,
        "bump": row.facts.bump if row.kind == "setting" else None,
        "hot": row.facts.hot if row.kind == "setting" else None,
        "place": None if place is None else {"path": place.path, "line": place.line, "column": place.column},
        "scopes": list(map(str, row.scopes)),
    }


def _scopes(scopes: Iterable[ChangedScope], told: Changes) -> Iterator[dict[str, Any]]:
    for scope, before, after in scopes:
        yield {
            "environment": scope.environment,
            "bot": scope.bot,
            "coin": scope.coin,
            "side": scope.side,
            "before": _side(before, told.before),
            "after": _side(after, told.after),
        }


def _side(scope: Scope | None, layers: Layers) -> dict[str, Any] | None:
    if scope is None:
        return None
    label = scope.config_version
    return {"config_version": label and label.value, "params_digest": params_digest(scope, layers)}
