"""Records what bots say they run, and keeps coin_config_versions: who traded by which version, from when to when."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId
from deskc.core.snapshots import ScopeRow, Snapshot
from deskc.core.times import text
from deskc.ledger.intervals import active
from deskc.ledger.ledger import Activated, Activation, Interval
from deskc.ledger.record import PARAMS, SNAPSHOT
from deskc.ledger.sqlite import transaction

__all__ = ["Traded", "activate", "go_over", "traded"]

_LAST = """
SELECT snapshot_digest, git_sha, activated_at_ns FROM activations
WHERE environment = ? AND bot_id = ? AND account IS ? AND instance IS ? ORDER BY activated_at_ns DESC LIMIT 1
"""
_ACTIVATION = """
INSERT INTO activations (
    environment, bot_id, account, instance, snapshot_digest, git_sha, method, activated_at, activated_at_ns
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_END = "UPDATE coin_config_versions SET ended_at = ?, ended_at_ns = ? WHERE id = ?"
_BEGIN = """
INSERT INTO coin_config_versions (
    environment, bot_id, account, instance, coin, side, arm, config_version, params_digest, snapshot_digest, git_sha,
    method, config_snapshot, started_at, started_at_ns
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?)
"""


class Traded(NamedTuple):
    """A scope from an activation on: its interval, if it begins one, and canonical JSON.

    `params` are all its sections, `trading` those that the interval's params digest covers.
    """

    interval: Interval
    params: bytes | memoryview
    trading: bytes | memoryview


def activate(connection: sqlite3.Connection, activation: Activation, snapshot: Snapshot) -> Activated:
    """Record an activation and move the intervals of the scopes that it changes; see Ledger.

    Raise DeskcError where time would run backwards, ValueError where activation and snapshot disagree.
    """
    scopes = traded(activation, snapshot)
    with transaction(connection):
        return go_over(connection, activation, snapshot, scopes)


def go_over(
    connection: sqlite3.Connection, activation: Activation, snapshot: Snapshot, scopes: tuple[Traded, ...]
) -> Activated:
    """Do what activate does, in the transaction that the caller holds."""
    said_ns = _said(connection, activation)
    if said_ns is not None:
        return Activated(recorded=False, since_ns=said_ns)
    _keep(connection, snapshot, scopes)
    time = (text(activation.activated_at_ns), activation.activated_at_ns)
    row = (*activation.run, activation.digest, activation.commit, activation.method, *time)
    connection.execute(_ACTIVATION, row)
    return _move(connection, scopes, activation)


def traded(activation: Activation, snapshot: Snapshot) -> tuple[Traded, ...]:
    """Return what each scope trades by from an activation on: the one place where its rows and texts are made.

    Raise ValueError where activation and snapshot disagree.
    """
    if (activation.digest, *activation.run[:2]) != (snapshot.digest, snapshot.environment, snapshot.bot):
        msg = f"{activation} is not of {snapshot.environment}/{snapshot.bot}, {snapshot.digest}"
        raise ValueError(msg)
    texts = zip(snapshot.rows, snapshot.params(), snapshot.trading(), strict=True)
    return tuple(Traded(_interval(activation, row), params, trading) for row, params, trading in texts)


def _interval(activation: Activation, row: ScopeRow) -> Interval:
    """Return the interval that begins for a scope, if it does."""
    scope = ScopeId(activation.run.environment, activation.run.bot, row.coin, row.side, row.arm)
    origin = (activation.digest, activation.commit, activation.method, activation.activated_at_ns)
    label = row.config_version or None  # the table has '' for none
    return Interval(scope, activation.run, label, row.params_digest, *origin, ended_at_ns=None)


def _said(connection: sqlite3.Connection, activation: Activation) -> int | None:
    """Return since when the run says this; None where it says something else, raising DeskcError if not before this."""
    found: tuple[str, str, int] | None = connection.execute(_LAST, activation.run).fetchone()
    if found is None:
        return None
    *said, last_ns = found
    if said == [activation.digest, activation.commit]:
        return last_ns
    if last_ns >= activation.activated_at_ns:
        now = text(activation.activated_at_ns)
        msg = f"{activation.run} was activated at {text(last_ns)}, which is not before {now}"
        raise DeskcError(msg, help="set this machine's clock right, then run this again")
    return None


def _keep(connection: sqlite3.Connection, snapshot: Snapshot, scopes: Iterable[Traded]) -> None:
    """Write a snapshot that nobody compiled into this ledger, so that each digest of it can be looked up."""
    row = (snapshot.digest, snapshot.environment, snapshot.bot, snapshot.header)
    if connection.execute(SNAPSHOT, row).rowcount > 0:
        connection.executemany(PARAMS, ((one.interval.params_digest, one.trading) for one in scopes))


def _move(connection: sqlite3.Connection, scopes: Sequence[Traded], activation: Activation) -> Activated:
    """End the intervals of scopes that went or are other now, and begin those of scopes that came or are other."""
    before, at_ns = active(connection, activation.run), activation.activated_at_ns
    begun = {one.interval.scope: one.interval for one in scopes}
    texts = {one.interval.scope: one.params for one in scopes}
    versions = {one.scope: _version(one) for one in before.values()}
    fresh = [one for scope, one in begun.items() if versions.get(scope) != _version(one)]
    stale = {row_id: one for row_id, one in before.items() if _version(begun.get(one.scope)) != _version(one)}
    time = (text(at_ns), at_ns)
    connection.executemany(_END, [(*time, row_id) for row_id in stale])
    connection.executemany(_BEGIN, [(*_columns(one), texts[one.scope], *time) for one in fresh])
    ended = tuple(one._replace(ended_at_ns=at_ns) for one in stale.values())
    return Activated(recorded=True, since_ns=at_ns, ended=ended, begun=tuple(fresh))


def _version(interval: Interval | None) -> tuple[str | None, str] | None:
    return interval and (interval.config_version, interval.params_digest)


def _columns(one: Interval) -> tuple[str | None, ...]:
    scope = (one.scope.coin or "", one.scope.side, one.scope.arm)
    origin = (one.params_digest, one.snapshot_digest, one.commit, one.method)
    return (*one.run, *scope, one.config_version or "", *origin)
