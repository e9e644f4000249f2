"""Which versions scopes have: compiled, active and ended, apart; a table for people, one list for programs."""

from collections.abc import Iterator, Mapping
from json import dumps
from shlex import join
from typing import Any, NamedTuple

from deskc.core.canonical import Digest
from deskc.core.scopes import ScopeId, Target
from deskc.core.times import day, text
from deskc.ledger.ledger import Interval, ScopeVersion
from deskc.report.table import table

__all__ = ["Version", "Versions", "scope_name", "version_name", "versions_json", "versions_text"]

_HEADERS = ("environment", "bot", "scope", "state", "version", "commit", "since", "until", "run")
_OPTIONAL = 7  # the columns from here on stand only where some row has something to say there


class Version(NamedTuple):
    """One scope: its label and digest as compiled from HEAD, None where HEAD has no such scope, and what is recorded.

    `since` is None where no ledger knows what HEAD compiles to; `intervals` are of all runs, the newest first.
    """

    scope: ScopeId
    compiled: tuple[str | None, Digest] | None
    since: ScopeVersion | None
    intervals: tuple[Interval, ...]


class Versions(NamedTuple):
    """Every scope asked for, in order; `active` are the targets that some run is active for, None without a ledger.

    `ledger` is the one named, if any, and `folder` the desk's.
    """

    rows: tuple[Version, ...]
    active: frozenset[Target] | None
    ledger: str | None
    folder: str


def scope_name(coin: str | None, side: str | None, arm: str | None) -> str:
    """Return a scope inside its bot, as tables name it."""
    return " ".join(filter(None, (coin, side, arm))) or "(bot)"


def version_name(label: str | None, digest: str) -> str:
    """Return the label and the digest that is the truth, `1.3.0 · 3f9a1c2b`."""
    return f"{label or 'no label'} · {digest[:8]}"


def versions_json(told: Versions) -> str:
    """Write one object a scope; `next_action` is the command that makes an empty `active` less so, or null."""
    commands = dict(_silent(told))
    return dumps({"versions": [_record(row, told, commands) for row in told.rows]}, ensure_ascii=False, indent=2) + "\n"


def _record(row: Version, told: Versions, commands: Mapping[Target, str]) -> dict[str, Any]:
    label, digest = row.compiled or (None, None)
    command = commands.get(Target(row.scope.environment, row.scope.bot))
    return {
        "environment": row.scope.environment,
        "bot": row.scope.bot,
        "coin": row.scope.coin,
        "side": row.scope.side,
        "config_version": label,
        "params_digest": digest,
        "since_commit": row.since and row.since.first_commit,
        "since": row.since and day(row.since.first_committed_at),
        "active": [_interval(one) for one in row.intervals if one.ended_at_ns is None],
        "ended": [_interval(one) for one in row.intervals if one.ended_at_ns is not None],
        "next_action": command if told.active is not None else "deskc compile",
    }


def _interval(one: Interval) -> dict[str, Any]:
    return {
        "config_version": one.config_version,
        "params_digest": one.params_digest,
        "snapshot_digest": one.snapshot_digest,
        "git_sha": one.commit,
        "account": one.run.account,
        "instance": one.run.instance,
        "method": one.method,
        "started_at": text(one.started_at_ns),
        "ended_at": None if one.ended_at_ns is None else text(one.ended_at_ns),
    }


def versions_text(told: Versions) -> str:
    """Write a line a version, and what to run where something is missing."""
    lines = [line for row in told.rows for line in _lines(row)]
    kept = [index for index in range(len(_HEADERS)) if index < _OPTIONAL or any(line[index] for line in lines)]
    shown = table([[line[index] for index in kept] for line in lines], [_HEADERS[index] for index in kept])
    return "\n".join((shown, *_notes(told)))


def _lines(row: Version) -> Iterator[tuple[str, ...]]:
    who = (*row.scope[:2], scope_name(*row.scope[2:]))
    if row.compiled:
        first, since = (row.since.first_commit[:12], day(row.since.first_committed_at)) if row.since else ("", "")
        yield (*who, "compiled", version_name(*row.compiled), first, since, "", "")
    for one in sorted(row.intervals, key=lambda one: one.ended_at_ns is not None):
        state, until = ("active", "") if one.ended_at_ns is None else ("ended", _second(one.ended_at_ns))
        what = (version_name(one.config_version, one.params_digest), one.commit[:12])
        yield (*who, state, *what, _second(one.started_at_ns), until, one.run.apart)


def _second(ns: int) -> str:
    return f"{text(ns)[:19]}Z"


def _notes(told: Versions) -> Iterator[str]:
    if told.active is None:
        yield "No ledger yet, so nothing tells since when: run deskc compile, which makes one.\n"
        return
    if any(row.compiled and row.since is None for row in told.rows):
        yield f"Some scopes of {told.folder or 'this desk'} are not recorded yet: run deskc compile.\n"
    silent = [command for _, command in _silent(told)]
    if silent:
        whom = "these bots. Once one" if len(silent) > 1 else "this bot. Once it"
        commands = "".join(f"  {command}\n" for command in silent)
        yield f"Nothing is active for {whom} runs what its channel names, say so:\n{commands}"


def _silent(told: Versions) -> Iterator[tuple[Target, str]]:
    """Yield the targets that no run is active for, and what to run when one is."""
    for target in dict.fromkeys(map(_target, told.rows)):
        if target not in (told.active or ()):
            named = () if told.ledger is None else ("--ledger", told.ledger)
            command = ("deskc", "activate", "--env", target.environment, "--bot", target.bot, *named)
            yield target, f"{join(command)} --channel URL"


def _target(row: Version) -> Target:
    return Target(row.scope.environment, row.scope.bot)
