"""Keeps scope_changes: for each build, the scopes that differ from the build of the commit before."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from deskc.core.scopes import Target
from deskc.core.snapshots import Snapshot

__all__ = ["Around", "Key", "Point", "Scopes", "around", "changed", "recorded_scopes", "rewrite", "scopes_of"]

Key = tuple[str, str, str]
"""(coin, side, arm), each empty where a snapshot has null."""
Scopes = dict[Key, tuple[str | None, str]]
"""Key → (config_version, params_digest)."""

_HEADER = "SELECT header FROM snapshots WHERE digest = ?"
_POINT = "SELECT ordinal, build_id, snapshot_digest FROM builds WHERE environment = ? AND bot = ? AND ordinal"
# Where several compilers built one commit, the build recorded last stands for it.
_BEFORE = f"{_POINT} < ? ORDER BY ordinal DESC, build_id DESC LIMIT 1"
_SAME = f"{_POINT} = ? ORDER BY build_id DESC LIMIT 1"
_AFTER = f"{_POINT} > ? ORDER BY ordinal, build_id DESC LIMIT 1"

_INSERT = "INSERT INTO scope_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE = """
DELETE FROM scope_changes
WHERE environment = ? AND bot = ? AND coin = ? AND side = ? AND arm = ? AND ordinal = ?
"""


class Point(NamedTuple):
    """What a target is at a commit's place: by which build, and with which snapshot."""

    target: Target
    ordinal: int
    build_id: int
    snapshot: str


class Around(NamedTuple):
    """What is recorded of a target before a commit's place, at that place (by another compiler) and after it."""

    before: Point | None
    same: Point | None
    after: Point | None


def around(connection: sqlite3.Connection, target: Target, ordinal: int) -> Around:
    """Return the target's neighbours of the place that an ordinal names."""
    found = (connection.execute(query, (*target, ordinal)).fetchone() for query in (_BEFORE, _SAME, _AFTER))
    return Around(*(row and Point(target, *row) for row in found))


def scopes_of(snapshot: Snapshot) -> Scopes:
    """Return the scopes that a snapshot's rows list."""
    return {
        (row.coin or "", row.side or "", row.arm or ""): (row.config_version, row.params_digest)
        for row in snapshot.rows
    }


def recorded_scopes(connection: sqlite3.Connection, point: Point | None) -> Scopes:
    """Return the scopes of a recorded snapshot, none where there is no point."""
    if point is None:
        return {}
    (header,) = connection.execute(_HEADER, (point.snapshot,)).fetchone()
    return {
        (row["coin"] or "", row["side"] or "", row["arm"] or ""): (row["config_version"], row["params_digest"])
        for row in json.loads(header)["scopes"]
    }


def changed(old: Scopes, new: Scopes) -> list[Key]:
    """Return the scopes of `new` that are absent from `old` or other there."""
    return [key for key, value in new.items() if old.get(key) != value] if old else [*new]


def rewrite(
    connection: sqlite3.Connection, here: Point, scopes: Scopes, *, earlier: Scopes, neighbours: Around
) -> None:
    """Write the versions that begin at `here`, and mend those right after it, whose predecessor is another one now.

    `earlier` are the scopes of `neighbours.before`, which the caller has read already.
    """
    same, after = neighbours.same, neighbours.after
    fresh = changed(earlier, scopes)
    until_now = recorded_scopes(connection, same) if same else earlier
    moved = {*changed(until_now, scopes), *changed(scopes, until_now)} if same or after else set(fresh)
    if same:
        _delete(connection, same, moved)
    _insert(connection, here, scopes, [key for key in fresh if key in moved])
    if after:
        later = recorded_scopes(connection, after)
        _delete(connection, after, moved)
        _insert(connection, after, later, [key for key in changed(scopes, later) if key in moved])


def _insert(connection: sqlite3.Connection, at: Point, scopes: Scopes, keys: Iterable[Key]) -> None:
    target, origin = (*at.target,), (at.ordinal, at.build_id)
    connection.executemany(_INSERT, [(*target, *key, *origin, *scopes[key]) for key in keys])


def _delete(connection: sqlite3.Connection, at: Point, keys: Iterable[Key]) -> None:
    connection.executemany(_DELETE, [(*at.target, *key, at.ordinal) for key in keys])
