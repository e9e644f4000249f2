"""What an activation changed: a line a scope for people, one object for programs."""

from collections.abc import Iterator
from json import dumps
from typing import Any

from deskc.core.scopes import ScopeId
from deskc.core.times import text
from deskc.ledger.ledger import Activated, Activation, Interval
from deskc.report.table import table
from deskc.report.versions import scope_name, version_name

__all__ = ["activated_json", "activated_text"]


def activated_text(activation: Activation, done: Activated) -> str:
    """Write who runs what from when on, and what each scope that changed went over to."""
    what = f"snapshot {activation.digest[:12]} of commit {activation.commit[:12]}"
    if not done.recorded:
        return f"{activation.run} runs {what} already, since {text(done.since_ns)}; nothing was written.\n"
    head = f"{activation.run} runs {what} since {text(done.since_ns)}.\n"
    rows = [
        (scope_name(scope.coin, scope.side, scope.arm), _label(old), "→", _label(new))
        for scope, old, new in _moves(done)
    ]
    return f"{head}{table(rows, ('scope', 'until now', '', 'from now on'))}" if rows else f"{head}No scope changed.\n"


def activated_json(activation: Activation, done: Activated) -> str:
    """Write the activation and the scopes that changed, each with its version before and after, null for none."""
    told = {
        **activation.run._asdict(),
        "snapshot_digest": activation.digest,
        "git_sha": activation.commit,
        "method": activation.method,
        "activated_at": text(done.since_ns),
        "recorded": done.recorded,
        "changes": [
            {"coin": scope.coin, "side": scope.side, "arm": scope.arm, "before": _version(old), "after": _version(new)}
            for scope, old, new in _moves(done)
        ],
    }
    return dumps(told, ensure_ascii=False, indent=2) + "\n"


def _moves(done: Activated) -> Iterator[tuple[ScopeId, Interval | None, Interval | None]]:
    """Pair what ended with what began: first the scopes of the new snapshot in its order, then those that went."""
    ended = {one.scope: one for one in done.ended}
    for one in done.begun:
        yield one.scope, ended.pop(one.scope, None), one
    for scope, one in ended.items():
        yield scope, one, None


def _label(interval: Interval | None) -> str:
    return "nothing" if interval is None else version_name(interval.config_version, interval.params_digest)


def _version(interval: Interval | None) -> dict[str, Any] | None:
    return interval and {"config_version": interval.config_version, "params_digest": interval.params_digest}
