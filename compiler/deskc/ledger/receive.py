"""Moves what a spool holds into the tables, each record once."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from deskc.core.canonical import Digest, encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import TRADING_SECTIONS, Target
from deskc.core.snapshots import Sha
from deskc.core.times import text
from deskc.ledger.activate import Kept, go_over, traded
from deskc.ledger.fills import by_place
from deskc.ledger.ledger import Activation, Refused, Run
from deskc.ledger.sqlite import transaction
from deskc.runtime.frames import Record
from deskc.runtime.locate import Found
from deskc.runtime.whole import whole

__all__ = ["KINDS", "receive", "received"]

_RUN = ("environment", "bot_id", "account", "instance")
_STAMP = ("coin_config_version", "git_sha", "snapshot_digest", "params_digest", "experiment", "arm")
_AT = ("timestamp", "ts_ns")
_ORDER = ("order_id", "client_order_id")
_TIMES = ("sent_at_ns", "acknowledged_at_ns", "latency_ms")
_MONEY = ("side", "px", "sz", "notional_usd", "fee", "fee_coin", "is_maker", "ts_ns")

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fill": (
        "fills",
        (
            *("fill_id", "source", *_RUN, "coin", "position_side", *_MONEY, *_ORDER, "venue_trade_id", "mid_px"),
            *(*_TIMES, *_STAMP, "attribution_method", "attribution_confidence"),
        ),
    ),
    "market_snapshot": (
        "market_snapshots",
        (*_AT, "environment", "bot_id", "venue", "coin", "mid_px", "bids_json", "asks_json"),
    ),
    "order_event": (
        "order_events",
        (*_AT, *_RUN, "coin", "position_side", "event_type", *_ORDER, "side", "px", "sz", "reason", *_STAMP),
    ),
    "system_event": (
        "system_events",
        (*_AT, *_RUN, "event_type", "severity", "message", "details_json", "git_sha", "snapshot_digest"),
    ),
    "heartbeat": ("heartbeats", (*_RUN, "ts_ns", "git_sha", "snapshot_digest", "details_json")),
}
"""What a record may say, by its kind: the table, and those of its columns that are written."""

# A fill that comes again has its name already; of a run's heartbeats the latest counts, in whatever order they come.
_CONFLICTS = {
    "fill": "ON CONFLICT (fill_id) DO NOTHING",
    "heartbeat": """ON CONFLICT (environment, bot_id, ifnull(account, ''), ifnull(instance, '')) DO UPDATE SET
        ts_ns = excluded.ts_ns, git_sha = excluded.git_sha, snapshot_digest = excluded.snapshot_digest,
        details_json = excluded.details_json
        WHERE excluded.ts_ns > heartbeats.ts_ns""",
}
_INSERTS = {
    kind: f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "  # noqa: S608 - ours
    f"{_CONFLICTS.get(kind, '')}"
    for kind, (table, columns) in KINDS.items()
}
_MISFITS = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)  # a value that fits no column
_RECEIVED = "SELECT sequence FROM spools WHERE spool = ?"
_COME = """
INSERT INTO spools VALUES (?, ?, ?, ?) ON CONFLICT (spool) DO UPDATE SET
    sequence = excluded.sequence, received_at = excluded.received_at, received_at_ns = excluded.received_at_ns
"""


class _Step(NamedTuple):
    """A record that was understood, and what writes it."""

    sequence: int
    write: Callable[[sqlite3.Connection], object]


def received(connection: sqlite3.Connection, spool: str) -> int:
    """Return up to which sequence the spool's records are in the ledger, 0 where none is."""
    found: tuple[int] | None = connection.execute(_RECEIVED, (spool,)).fetchone()
    return found[0] if found else 0


def receive(
    connection: sqlite3.Connection, spool: str, records: Sequence[Record], *, at_ns: int
) -> tuple[Refused, ...]:
    """Write those of a spool's records that came after what it has brought already, in one transaction; see Ledger."""
    steps, refused = [], []
    for record in records:
        try:
            steps.append(_Step(record.sequence, _understood(spool, record)))
        except (DeskcError, LookupError, TypeError, ValueError, RecursionError) as error:
            refused.append(Refused(record.sequence, f"{type(error).__name__}: {error}"))
    last = max((record.sequence for record in records), default=0)
    with transaction(connection):
        known = received(connection, spool)
        refused += [one for step in steps if step.sequence > known for one in _written(connection, step)]
        if last > known:
            connection.execute(_COME, (spool, last, text(at_ns), at_ns))
    return tuple(one for one in refused if one.sequence > known)


def _written(connection: sqlite3.Connection, step: _Step) -> tuple[Refused, ...]:
    """Write one record and return the refusal where the tables do not take it; nothing of it is written then."""
    try:
        step.write(connection)
    except (DeskcError, OverflowError, *_MISFITS) as error:
        return (Refused(step.sequence, f"{type(error).__name__}: {error}"),)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_ERROR:  # locked, full, out of reach: all of them wait
            raise
        return (Refused(step.sequence, str(error)),)  # somebody dropped its table
    return ()


def _understood(spool: str, record: Record) -> Callable[[sqlite3.Connection], object]:
    head, newline, body = record.payload.partition(b"\n")
    said: dict[str, Any] = json.loads(head)
    kind = said.pop("kind")
    if kind == "activation":
        return _activation(said, bytes(body))
    _, columns = KINDS[kind]
    unknown = said.keys() - set(columns)
    if unknown or newline:
        msg = f"a {kind} says what this deskc has no column for: {', '.join(sorted(unknown)) or 'a body'}"
        raise ValueError(msg)
    if kind == "fill":
        said.setdefault("fill_id", by_place(spool, record.sequence))
    row = tuple(map(said.get, columns))
    return lambda connection: connection.execute(_INSERTS[kind], row)


def _kept(said: Mapping[str, Any]) -> Kept:
    """Return a scope that keeps old values as a spool tells of it."""
    params = said["params"]
    trading = {section: params[section] for section in TRADING_SECTIONS if section in params}
    texts = (encode(params).encode(), encode(trading).encode())
    return Kept(said["coin"], said["side"], said["config_version"], Digest(said["params_digest"]), *texts)


def _activation(said: Mapping[str, Any], data: bytes) -> Callable[[sqlite3.Connection], object]:
    run = Run(*(said.get(column) for column in _RUN))  # type: ignore[arg-type]  # the snapshot's header must agree
    source = f"the snapshot that {run} activated"
    found = Found(data=data, digest=said["snapshot_digest"], source=source, git_sha=said["git_sha"], dirty=False)
    snapshot = whole(found, Target(run.environment, run.bot))
    activation = Activation(run, Digest(found.digest), Sha(said["git_sha"]), "recorder", said["ts_ns"])
    scopes = traded(activation, snapshot, map(_kept, said.get("kept", ())))

    def write(connection: sqlite3.Connection) -> None:
        connection.execute("SAVEPOINT activation")
        try:
            go_over(connection, activation, snapshot, scopes)
        except BaseException:
            connection.execute("ROLLBACK TO activation")
            raise
        finally:
            connection.execute("RELEASE activation")

    return write
