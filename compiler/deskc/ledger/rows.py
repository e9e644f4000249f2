"""What a bot records, as the rows that a spool keeps: judged when it is said, so that nothing is refused later."""

from json import JSONEncoder
from time import time_ns
from typing import Any, Literal, get_args

from deskc.ledger.ledger import Run
from deskc.runtime.errors import RecordError
from deskc.runtime.scopes import Scope
from deskc.runtime.stamp import Stamp

__all__ = [
    "OrderEvent",
    "Row",
    "Severity",
    "Side",
    "coin_of",
    "encoded",
    "happened",
    "payload",
    "ran",
    "stamped",
    "times",
    "words",
]

Side = Literal["buy", "sell"]
OrderEvent = Literal[
    "placed", "acknowledged", "amended", "partially_filled", "filled", "cancelled", "rejected", "expired"
]
Severity = Literal["debug", "info", "warning", "error", "critical"]
Row = dict[str, Any]
"""Column → value, without those that are NULL."""

_FIRST_NS, _LAST_NS = 10**17, 2**63  # 1973 to 2262: what is below counts another unit
_NS_IN_MS = 1_000_000
_write = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def payload(kind: str, row: Row, body: bytes | None = None) -> bytes:
    """Return a record's bytes: one line of JSON, and behind it a body where there is one.

    Raise RecordError for text that is none, and for values that JSON cannot hold.
    """
    line = encoded({"kind": kind} | {key: value for key, value in row.items() if value is not None}, kind).encode()
    return line if body is None else b"%b\n%b" % (line, body)


def encoded(value: object, kind: str) -> str:
    """Write what a record of a kind holds as JSON; raise RecordError where that cannot be done."""
    try:
        text = _write(value)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"this {kind} holds what cannot be written as JSON: {error}"
        raise RecordError(msg, help="pass text, numbers, booleans, lists and mappings with text for keys") from error
    return text


def times(ts_ns: int | None, name: str = "ts_ns") -> int:
    """Return a time in unix nanoseconds, now where none is given; raise RecordError for another unit."""
    now = time_ns() if ts_ns is None else ts_ns
    if isinstance(now, bool) or not isinstance(now, int) or not _FIRST_NS <= now < _LAST_NS:
        msg = f"{name} is {now!r}, which is no time in unix nanoseconds"
        raise RecordError(msg, help="pass an int: milliseconds × 1_000_000, seconds × 1_000_000_000")
    return now


def happened(ts_ns: int | None) -> Row:
    """Return the columns of a time that stands in milliseconds too."""
    now = times(ts_ns)
    return {"timestamp": now // _NS_IN_MS, "ts_ns": now}


def ran(run: Run) -> Row:
    """Return the columns that say whose row it is."""
    return {"environment": run.environment, "bot_id": run.bot, "account": run.account, "instance": run.instance}


def stamped(stamp: Stamp) -> Row:
    """Return the columns of a stamp."""
    ids = stamp.record()
    del ids["environment"]
    return {"coin_config_version": ids.pop("config_version"), **ids}


def words(value: str, allowed: object, name: str) -> str:
    """Return one of the allowed words; raise RecordError for another."""
    known = get_args(allowed)
    if value not in known:
        msg = f"{name} is {value!r}, which is none of {', '.join(known)}"
        raise RecordError(msg, help="pass one of these")
    return value


def coin_of(scope: Scope, run: Run) -> Row:
    """Return the columns of a coin's scope; raise RecordError where it is no coin's, or of another environment."""
    if scope.coin is None or scope.stamp.environment != run.environment:
        msg = f"{scope!r} is no coin's scope of {run.environment}/{run.bot}"
        raise RecordError(msg, help='pass the scope of the coin: snapshot["ETH"], or snapshot["BTCUSDT", "LONG"]')
    return {"coin": scope.coin, "position_side": scope.side}
