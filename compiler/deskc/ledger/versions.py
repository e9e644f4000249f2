"""Keeps scope_versions: for each build, the scopes that differ from the build of the commit before."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from deskc.core.scopes import Target
from deskc.core.snapshots import Snapshot
from deskc.core.times import text

__all__ = ["Around", "Key", "Point", "Scopes", "around", "changed", "recorded_scopes", "rewrite", "scopes_of"]

Key = tuple[str | None, str | None, str | None]
Scopes = dict[Key, tuple[str | None, str]]
"""(coin, side, arm) → (config_version, params_digest)."""

_HEADER = "SELECT header FROM snapshots WHERE digest = ?"
_POINT = """
SELECT environment, bot, commit_sha, committed_at_ns, snapshot_digest FROM builds JOIN commits ON sha = commit_sha
WHERE environment = ? AND bot = ? AND builds.ordinal
"""
# Where several compilers built one commit, the build recorded last stands for it.
_BEFORE = _POINT + "< ? ORDER BY builds.ordinal DESC, build_id DESC LIMIT 1"
_SAME = _POINT + "= ? ORDER BY build_id DESC LIMIT 1"
_AFTER = _POINT + "> ? ORDER BY builds.ordinal, build_id DESC LIMIT 1"

_INSERT = "INSERT INTO scope_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE = """
DELETE FROM scope_versions
WHERE environment = ? AND bot = ? AND coin IS ? AND side IS ? AND arm IS ? AND first_commit = ?
"""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a target stands with a commit: its snapshot, and the committer time in unix nanoseconds."""

    environment: str
    bot: str
    commit: str
    committed_at_ns: int
    snapshot: str


@dataclass(frozen=True, slots=True)
class Around:
    """What is recorded of a target before a commit's place, at that place (by another compiler) and after it."""

    before: Point | None
    same: Point | None
    after: Point | None


def around(connection: sqlite3.Connection, target: Target, ordinal: int) -> Around:
    """Return the target's neighbours of the place that an ordinal names."""
    found = (connection.execute(query, (*target, ordinal)).fetchone() for query in (_BEFORE, _SAME, _AFTER))
    return Around(*(row and Point(*row) for row in found))


def scopes_of(snapshot: Snapshot) -> Scopes:
    """Return the scopes that a snapshot's rows list."""
    return {(row.coin, row.side, row.arm): (row.config_version, row.params_digest) for row in snapshot.rows}


def recorded_scopes(connection: sqlite3.Connection, point: Point | None) -> Scopes:
    """Return the scopes of a recorded snapshot, none where there is no point."""
    if point is None:
        return {}
    (header,) = connection.execute(_HEADER, (point.snapshot,)).fetchone()
    rows = json.loads(header)["scopes"]
    return {(row["coin"], row["side"], row["arm"]): (row["config_version"], row["params_digest"]) for row in rows}


def changed(old: Scopes, new: Scopes) -> tuple[Key, ...]:
    """Return the scopes of `new` that are absent from `old` or other there."""
    return tuple(key for key, value in new.items() if old.get(key) != value)


def rewrite(
    connection: sqlite3.Connection, here: Point, scopes: Scopes, *, earlier: Scopes, neighbours: Around
) -> None:
    """Write the versions that begin at `here`, and mend those right after it, whose predecessor is another one now.

    `earlier` are the scopes of `neighbours.before`, which the caller has read already.
    """
    same, after = neighbours.same, neighbours.after
    until_now = recorded_scopes(connection, same) if same else earlier
    moved = {*changed(until_now, scopes), *changed(scopes, until_now)}
    if same:
        _delete(connection, same, moved)
    _insert(connection, here, scopes, [key for key in changed(earlier, scopes) if key in moved])
    if after:
        later = recorded_scopes(connection, after)
        _delete(connection, after, moved)
        _insert(connection, after, later, [key for key in changed(scopes, later) if key in moved])


def _insert(connection: sqlite3.Connection, at: Point, scopes: Scopes, keys: Iterable[Key]) -> None:
    target = (at.environment, at.bot)
    origin = (at.snapshot, at.commit, text(at.committed_at_ns), at.committed_at_ns)
    connection.executemany(_INSERT, [(*target, *key, *scopes[key], *origin) for key in keys])


def _delete(connection: sqlite3.Connection, at: Point, keys: Iterable[Key]) -> None:
    connection.executemany(_DELETE, [(at.environment, at.bot, *key, at.commit) for key in keys])
