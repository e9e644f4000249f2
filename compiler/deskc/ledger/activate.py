"""Records what bots say they run, and keeps coin_config_versions: who traded by which version, from when to when."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from deskc.core.canonical import Digest, digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import ScopeId
from deskc.core.snapshots import ScopeRow, Snapshot
from deskc.core.times import text
from deskc.ledger.intervals import active
from deskc.ledger.ledger import Activated, Activation, Interval
from deskc.ledger.record import PARAMS, SNAPSHOT
from deskc.ledger.sqlite import transaction

__all__ = ["Kept", "Traded", "activate", "go_over", "traded"]

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


class Kept(NamedTuple):
    """A scope that goes on with old values: its label and digest, and canonical JSON as Traded has it."""

    coin: str | None
    side: str | None
    config_version: str | None
    params_digest: Digest
    params: bytes
    trading: bytes


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
    move = _move(active(connection, activation.run), scopes)
    said_ns = _said(connection, activation, unmoved=not (move.fresh or move.stale))
    if said_ns is not None:
        return Activated(recorded=False, since_ns=said_ns)
    _keep(connection, snapshot, scopes)
    time = (text(activation.activated_at_ns), activation.activated_at_ns)
    row = (*activation.run, activation.digest, activation.commit, activation.method, *time)
    connection.execute(_ACTIVATION, row)
    connection.executemany(_END, [(*time, row_id) for row_id in move.stale])
    connection.executemany(_BEGIN, [(*_columns(one.interval), one.params, *time) for one in move.fresh])
    ended = tuple(one._replace(ended_at_ns=activation.activated_at_ns) for one in move.stale.values())
    begun = tuple(one.interval for one in move.fresh)
    return Activated(recorded=True, since_ns=activation.activated_at_ns, ended=ended, begun=begun)


def traded(activation: Activation, snapshot: Snapshot, kept: Iterable[Kept] = ()) -> tuple[Traded, ...]:
    """Return what each scope trades by from an activation on: the one place where its rows and texts are made.

    `kept` are the scopes that go on with old values until the bot restarts. Raise ValueError where activation and
    snapshot disagree, and where a kept scope is none of the snapshot's or its digest another.
    """
    if (activation.digest, *activation.run[:2]) != (snapshot.digest, snapshot.environment, snapshot.bot):
        msg = f"{activation} is not of {snapshot.environment}/{snapshot.bot}, {snapshot.digest}"
        raise ValueError(msg)
    texts = zip(snapshot.rows, snapshot.params(), snapshot.trading(), strict=True)
    listed: dict[tuple[str | None, str | None], tuple[ScopeRow, bytes | memoryview, bytes | memoryview]] = {
        (row.coin, row.side): (row, params, trading) for row, params, trading in texts
    }
    for one in kept:
        row, *_ = listed[one.coin, one.side]
        if digest(one.trading) != one.params_digest:
            msg = f"{one.params_digest} is not the digest of what {one.coin} keeps"
            raise ValueError(msg)
        own = row._replace(config_version=one.config_version, params_digest=one.params_digest)
        listed[one.coin, one.side] = (own, one.params, one.trading)
    return tuple(Traded(_interval(activation, row), params, trading) for row, params, trading in listed.values())


def _interval(activation: Activation, row: ScopeRow) -> Interval:
    """Return the interval that begins for a scope, if it does."""
    scope = ScopeId(activation.run.environment, activation.run.bot, row.coin, row.side, row.arm)
    origin = (activation.digest, activation.commit, activation.method, activation.activated_at_ns)
    label = row.config_version or None  # the table has '' for none
    return Interval(scope, activation.run, label, row.params_digest, *origin, ended_at_ns=None)


def _said(connection: sqlite3.Connection, activation: Activation, *, unmoved: bool) -> int | None:
    """Return since when the run says this; None where it says something else, raising DeskcError if not before this.

    A run that comes back after a restart says what it said, and yet is other where a scope had kept old values.
    """
    found: tuple[str, str, int] | None = connection.execute(_LAST, activation.run).fetchone()
    if found is None:
        return None
    *said, last_ns = found
    if said == [activation.digest, activation.commit] and unmoved:
        return last_ns
    if last_ns >= activation.activated_at_ns:
        now = text(activation.activated_at_ns)
        msg = f"{activation.run} was activated at {text(last_ns)}, which is not before {now}"
        raise DeskcError(msg, help="set this machine's clock right, then run this again")
    return None


def _keep(connection: sqlite3.Connection, snapshot: Snapshot, scopes: Iterable[Traded]) -> None:
    """Write what nobody compiled into this ledger, so that each digest of it can be looked up.

    A known snapshot's params are there already, but for those of scopes that keep old values.
    """
    row = (snapshot.digest, snapshot.environment, snapshot.bot, snapshot.header)
    known = connection.execute(SNAPSHOT, row).rowcount == 0
    listed = {one.params_digest for one in snapshot.rows} if known else frozenset[str]()
    fresh = (one for one in scopes if one.interval.params_digest not in listed)
    connection.executemany(PARAMS, ((one.interval.params_digest, one.trading) for one in fresh))


class _Move(NamedTuple):
    """The intervals that end, by their id, and the scopes whose intervals begin."""

    stale: Mapping[int, Interval]
    fresh: tuple[Traded, ...]


def _move(before: Mapping[int, Interval], scopes: Sequence[Traded]) -> _Move:
    """Compare what a run traded by with what it trades by now: scopes that went, came or are other."""
    now = {one.interval.scope: _version(one.interval) for one in scopes}
    then = {one.scope: _version(one) for one in before.values()}
    return _Move(
        {row_id: one for row_id, one in before.items() if now.get(one.scope) != _version(one)},
        tuple(one for one in scopes if then.get(one.interval.scope) != _version(one.interval)),
    )


def _version(interval: Interval | None) -> tuple[str | None, str] | None:
    return interval and (interval.config_version, interval.params_digest)


def _columns(one: Interval) -> tuple[str | None, ...]:
    scope = (one.scope.coin or "", one.scope.side, one.scope.arm)
    origin = (one.params_digest, one.snapshot_digest, one.commit, one.method)
    return (*one.run, *scope, one.config_version or "", *origin)
