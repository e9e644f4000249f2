"""Reads what was recorded."""

import sqlite3

from deskc.core.canonical import Digest
from deskc.core.scopes import ScopeId
from deskc.core.snapshots import Build
from deskc.ledger.ledger import BuildRow, ScopeVersion

__all__ = ["builds", "params", "scope_versions", "where"]

_BUILDS = """
SELECT commit_sha, environment, bot, snapshot_digest, rules_digest, schemas_digest, markets_digest, compiler_version,
    committed_at_ns / 1000000000, recorded_at_ns
FROM builds JOIN commits ON sha = commit_sha
"""
_NEWEST_FIRST = "ORDER BY builds.ordinal DESC, build_id DESC"
_VERSIONS = """
SELECT environment, bot, coin, side, arm, config_version, params_digest, snapshot_digest, first_commit,
    first_committed_at_ns / 1000000000
FROM scope_versions
"""
_SCOPE_BY_SCOPE = "ORDER BY environment, bot, coin, side, arm, ordinal DESC"
_PARAMS = "SELECT params FROM scope_params WHERE params_digest = ?"


def builds(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> tuple[BuildRow, ...]:
    """Return the builds with these columns, those of the newest commit first; None asks for any."""
    condition, values = where(wanted)
    rows = connection.execute(f"{_BUILDS} {condition} {_NEWEST_FIRST}", values)
    return tuple(BuildRow(Build(*row[:8]), *row[8:]) for row in rows)


def scope_versions(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> tuple[ScopeVersion, ...]:
    """Return the versions with these columns, scope by scope, the newest first; None asks for any."""
    condition, values = where(wanted)
    rows = connection.execute(f"{_VERSIONS} {condition} {_SCOPE_BY_SCOPE}", values)
    return tuple(ScopeVersion(ScopeId(*row[:5]), *row[5:]) for row in rows)


def params(connection: sqlite3.Connection, digest: Digest) -> str | None:
    """Return the recorded text of a params digest."""
    found: tuple[str] | None = connection.execute(_PARAMS, (digest,)).fetchone()
    return found and found[0]


def where(wanted: dict[str, str | None]) -> tuple[str, tuple[str, ...]]:
    """Return the condition on the columns that were given; their names are ours, never a user's."""
    given = {column: value for column, value in wanted.items() if value is not None}
    condition = " AND ".join(f"{column} = ?" for column in given)
    return (f"WHERE {condition}" if given else "", tuple(given.values()))
