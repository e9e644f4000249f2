"""Reads coin_config_versions: who traded by which version, from when to when."""

import sqlite3
from collections.abc import Sequence

from deskc.core.scopes import ScopeId
from deskc.ledger.ledger import Interval, Run
from deskc.ledger.read import where

__all__ = ["active", "intervals"]

_INTERVALS = """
SELECT id, environment, bot_id, nullif(coin, ''), side, arm, account, instance, nullif(config_version, ''),
    params_digest, snapshot_digest, git_sha, method, started_at_ns, ended_at_ns
FROM coin_config_versions
"""
_IN_ORDER = "ORDER BY environment, bot_id, coin, side, arm, account, instance, started_at_ns DESC"
_ACTIVE = "WHERE environment = ? AND bot_id = ? AND account IS ? AND instance IS ? AND ended_at_ns IS NULL"


def intervals(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> tuple[Interval, ...]:
    """Return the intervals with these columns, scope by scope and run by run, the newest first; None asks for any."""
    condition, values = where(wanted)
    return tuple(_read(connection, condition, values).values())


def active(connection: sqlite3.Connection, run: Run) -> dict[int, Interval]:
    """Return the intervals of a run that have not ended, by their id."""
    return _read(connection, _ACTIVE, run)


def _read(connection: sqlite3.Connection, condition: str, values: Sequence[str | None]) -> dict[int, Interval]:
    found: dict[int, Interval] = {}
    for row in connection.execute(f"{_INTERVALS} {condition} {_IN_ORDER}", values):
        row_id, environment, bot, coin, side, arm, account, instance, *rest = row
        scope, run = ScopeId(environment, bot, coin, side, arm), Run(environment, bot, account, instance)
        found[row_id] = Interval(scope, run, *rest)
    return found
