"""Records what bots say they run, and keeps coin_config_versions: who traded by which version, from when to when."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from deskc.core.canonical import digest, encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import TRADING_SECTIONS, ScopeId
from deskc.core.snapshots import KeptScope, ScopeRow, Snapshot
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
    said_ns = _said(connection, activation, scopes)
    if said_ns is not None:
        return Activated(recorded=False, since_ns=said_ns)
    _keep(connection, snapshot, scopes)
    time = (text(activation.activated_at_ns), activation.activated_at_ns)
    row = (*activation.run, activation.digest, activation.commit, activation.method, *time)
    connection.execute(_ACTIVATION, row)
    return _move(connection, scopes, activation)


def traded(activation: Activation, snapshot: Snapshot, kept: Sequence[KeptScope] = ()) -> tuple[Traded, ...]:
    """Return what each scope trades by from an activation on: the one place where its rows and texts are made.

    Those `kept` go on with what stands there in place of the snapshot's lines. Raise ValueError where activation and
    snapshot disagree or a kept scope has not the digest that it says, KeyError where it is not in the snapshot.
    """
    if (activation.digest, *activation.run[:2]) != (snapshot.digest, snapshot.environment, snapshot.bot):
        msg = f"{activation} is not of {snapshot.environment}/{snapshot.bot}, {snapshot.digest}"
        raise ValueError(msg)
    texts = zip(snapshot.rows, snapshot.params(), snapshot.trading(), strict=True)
    found = {(row.coin, row.side): Traded(_interval(activation, row), *both) for row, *both in texts}
    for one in kept:
        found[one[:2]] = _instead(found[one[:2]], one)
    return tuple(found.values())


def _instead(listed: Traded, kept: KeptScope) -> Traded:
    """Return a scope that goes on with old values, where the snapshot lists others."""
    _, _, version, said, params = kept
    sections = json.loads(params)
    trading = encode({name: sections[name] for name in TRADING_SECTIONS if name in sections}).encode()
    if digest(trading) != said:
        msg = f"the settings that are kept have the digest {digest(trading)}, not {said}"
        raise ValueError(msg)
    running = listed.interval._replace(config_version=version or None, params_digest=digest(trading))
    return Traded(running, params.encode(), trading)


def _interval(activation: Activation, row: ScopeRow) -> Interval:
    """Return the interval that begins for a scope, if it does."""
    scope = ScopeId(activation.run.environment, activation.run.bot, row.coin, row.side, row.arm)
    origin = (activation.digest, activation.commit, activation.method, activation.activated_at_ns)
    label = row.config_version or None  # the table has '' for none
    return Interval(scope, activation.run, label, row.params_digest, *origin, ended_at_ns=None)


def _said(connection: sqlite3.Connection, activation: Activation, scopes: Sequence[Traded]) -> int | None:
    """Return since when the run says this; None where it says something else, raising DeskcError if not before this.

    A bot that restarts gives up what it kept: it says the same, and its intervals are others.
    """
    found: tuple[str, str, int] | None = connection.execute(_LAST, activation.run).fetchone()
    if found is None:
        return None
    *said, last_ns = found
    if said == [activation.digest, activation.commit] and not _differs(connection, activation, scopes):
        return last_ns
    if last_ns >= activation.activated_at_ns:
        now = text(activation.activated_at_ns)
        msg = f"{activation.run} was activated at {text(last_ns)}, which is not before {now}"
        raise DeskcError(msg, help="set this machine's clock right, then run this again")
    return None


def _differs(connection: sqlite3.Connection, activation: Activation, scopes: Sequence[Traded]) -> bool:
    """Say whether a bot trades by other versions than the ledger has active; of kept values it alone knows."""
    if activation.method != "recorder":
        return False
    before = {one.scope: _version(one) for one in active(connection, activation.run).values()}
    return before != {one.interval.scope: _version(one.interval) for one in scopes}


def _keep(connection: sqlite3.Connection, snapshot: Snapshot, scopes: Sequence[Traded]) -> None:
    """Write a snapshot that nobody compiled into this ledger, and what is kept and perhaps in no snapshot at all.

    Each digest can then be looked up.
    """
    row = (snapshot.digest, snapshot.environment, snapshot.bot, snapshot.header)
    digests = [one.params_digest for one in snapshot.rows]
    if connection.execute(SNAPSHOT, row).rowcount > 0:
        connection.executemany(PARAMS, zip(digests, snapshot.trading(), strict=True))
    running = [(one.interval.params_digest, one.trading) for one in scopes]
    connection.executemany(PARAMS, [one for one, listed in zip(running, digests, strict=True) if one[0] != listed])


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
