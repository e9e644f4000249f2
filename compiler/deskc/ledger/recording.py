"""What a bot can say of its trading, one row a call."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from deskc.ledger.exact import Number, exact, middle, plain, product
from deskc.ledger.fills import by_trade
from deskc.ledger.ledger import Run
from deskc.ledger.rows import (
    OrderEvent,
    Row,
    Severity,
    Side,
    coin_of,
    encoded,
    happened,
    payload,
    ran,
    stamped,
    times,
    words,
)
from deskc.runtime.errors import RecordError
from deskc.runtime.scopes import Scope

__all__ = ["Level", "Recording"]

Level = Sequence[Number]
"""A price and the size that stands there."""
Id = str | int | None
"""What a venue calls an order or a trade."""


class Recording:
    """Takes rows of one run: each is judged and handed on; a RecordError says what is wrong with one, and it is not.

    Prices, sizes and fees are a Decimal, text, an int, or a float that stands for a decimal of up to 15 digits. Times
    are unix nanoseconds, now where none is given.
    """

    def __init__(self, run: Run, *, venue: str, running: Row, take: Callable[[bytes], None]) -> None:
        self._run = run
        self._venue = venue
        self._running = running  # the commit and snapshot that the run activated last
        self._take = take

    def fill(  # noqa: PLR0913 - a record's fields, by keyword
        self,
        scope: Scope,
        *,
        side: Side,
        px: Number,
        sz: Number,
        ts_ns: int | None = None,
        sent_ns: int | None = None,
        acknowledged_ns: int | None = None,
        mid_px: Number | None = None,
        fee: Number | None = None,
        fee_coin: str | None = None,
        is_maker: bool | None = None,
        order_id: Id = None,
        client_order_id: str | None = None,
        venue_trade_id: Id = None,
        notional_usd: Number | None = None,
        venue: str | None = None,
    ) -> None:
        """Record that an order of this scope was filled, wholly or in part, at `ts_ns`.

        `sent_ns` and `acknowledged_ns` are when the order went out and when the venue took it, `mid_px` the middle of
        the book at the fill. `fee` is below 0 for a rebate. `notional_usd` is px × sz unless given. A fill that comes
        again with its `venue_trade_id` is kept once; `venue` is the snapshot's first exchange unless given.
        """
        price, size = _positive(px, "px"), _positive(sz, "sz")
        notional = product(price, size) if notional_usd is None else _positive(notional_usd, "notional_usd")
        row: Row = {
            "source": "recorder",
            **ran(self._run),
            **coin_of(scope, self._run),
            "side": words(side, Side, "side"),
            "px": plain(price),
            "sz": plain(size),
            "notional_usd": plain(notional),
            "fee": None if fee is None else plain(exact(fee, "fee")),
            "fee_coin": _text(fee_coin, "fee_coin"),
            "is_maker": None if is_maker is None else int(bool(is_maker)),
            "ts_ns": times(ts_ns),
            **_asked(sent_ns, acknowledged_ns),
            "order_id": _id(order_id, "order_id"),
            "client_order_id": _text(client_order_id, "client_order_id"),
            "venue_trade_id": _id(venue_trade_id, "venue_trade_id"),
            "mid_px": None if mid_px is None else plain(_positive(mid_px, "mid_px")),
            **stamped(scope.stamp),
            "attribution_method": "stamp",
            "attribution_confidence": 1.0,
        }
        if row["venue_trade_id"] is not None:
            named = {"account": row["account"], "coin": row["coin"], "side": side, "trade": row["venue_trade_id"]}
            row["fill_id"] = by_trade(venue=_text(venue, "venue") or self._venue, **named)
        self._take(payload("fill", row))

    def order_event(  # noqa: PLR0913 - a record's fields, by keyword
        self,
        scope: Scope,
        event: OrderEvent,
        *,
        order_id: Id = None,
        client_order_id: str | None = None,
        side: Side | None = None,
        px: Number | None = None,
        sz: Number | None = None,
        reason: str | None = None,
        ts_ns: int | None = None,
    ) -> None:
        """Record what became of an order of this scope, and why where somebody knows."""
        row: Row = {
            **happened(ts_ns),
            **ran(self._run),
            **coin_of(scope, self._run),
            "event_type": words(event, OrderEvent, "event"),
            "order_id": _id(order_id, "order_id"),
            "client_order_id": _text(client_order_id, "client_order_id"),
            "side": None if side is None else words(side, Side, "side"),
            "px": None if px is None else plain(_positive(px, "px")),
            "sz": None if sz is None else plain(_positive(sz, "sz")),
            "reason": _text(reason, "reason"),
            **stamped(scope.stamp),
        }
        self._take(payload("order_event", row))

    def market_snapshot(  # noqa: PLR0913 - a record's fields, by keyword
        self,
        scope: Scope,
        *,
        bids: Sequence[Level] | None,
        asks: Sequence[Level] | None,
        mid_px: Number | None = None,
        venue: str | None = None,
        ts_ns: int | None = None,
    ) -> None:
        """Record the book of a scope's coin: (price, size) level by level, the best first, as many as there are.

        A side that is empty is `[]`, one that nobody looked at None. `mid_px` is between the best of both unless given,
        and absent where a side is.
        """
        bought, sold = _levels(bids, "bids", -1), _levels(asks, "asks", 1)
        mid = _positive(mid_px, "mid_px") if mid_px is not None else None
        if mid is None and bought and sold:
            mid = middle(bought[0][0], sold[0][0])
        row: Row = {
            **happened(ts_ns),
            "environment": self._run.environment,
            "bot_id": self._run.bot,
            "venue": _text(venue, "venue") or self._venue,
            "coin": coin_of(scope, self._run)["coin"],
            "mid_px": None if mid is None else plain(mid),
            "bids_json": _written(bought),
            "asks_json": _written(sold),
        }
        self._take(payload("market_snapshot", row))

    def system_event(
        self,
        event: str,
        message: str,
        *,
        severity: Severity = "info",
        details: Mapping[str, Any] | None = None,
        ts_ns: int | None = None,
    ) -> None:
        """Record something that happened to the bot itself; `details` are anything that JSON can hold."""
        row: Row = {
            **happened(ts_ns),
            **ran(self._run),
            "event_type": _text(event, "event"),
            "severity": words(severity, Severity, "severity"),
            "message": _text(message, "message"),
            "details_json": None if details is None else encoded(details, "system_event"),
            **self._running,
        }
        self._take(payload("system_event", row))


def _positive(value: Number, name: str) -> Decimal:
    number = exact(value, name)
    if number <= 0:
        msg = f"{name} is {value}, and has to be above 0"
        raise RecordError(msg, help="pass None, or leave it out, where it is not known")
    return number


def _text(value: str | None, name: str) -> str | None:
    if value is not None and not isinstance(value, str):
        msg = f"{name} is {value!r}, which is no text"
        raise RecordError(msg, help="pass it as the venue writes it")
    return value


def _id(value: Id, name: str) -> str | None:
    """Return what a venue calls something; a float would have lost digits of it."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value, name)  # type: ignore[arg-type]  # whatever else it is, _text says so


def _asked(sent_ns: int | None, acknowledged_ns: int | None) -> Row:
    """Return the columns of an order's way to the venue; clocks that disagree give no latency."""
    row: Row = {}
    if sent_ns is not None:
        row["sent_at_ns"] = times(sent_ns, "sent_ns")
    if acknowledged_ns is not None:
        row["acknowledged_at_ns"] = times(acknowledged_ns, "acknowledged_ns")
    if sent_ns is not None and acknowledged_ns is not None and sent_ns <= acknowledged_ns:
        row["latency_ms"] = (acknowledged_ns - sent_ns) / 1e6
    return row


def _levels(levels: Sequence[Level] | None, name: str, direction: int) -> list[tuple[Decimal, Decimal]] | None:
    """Return a side of the book; prices have to rise or fall, level by level."""
    if levels is None:
        return None
    try:
        found = [(_positive(px, f"a price of {name}"), _positive(sz, f"a size of {name}")) for px, sz in levels]
    except (TypeError, ValueError) as error:
        if isinstance(error, RecordError):
            raise
        msg = f"{name} holds what is no pair of price and size"
        raise RecordError(msg, help="pass [(price, size), …], the best first") from error
    if any((after[0] - before[0]) * direction <= 0 for before, after in pairwise(found)):
        msg = f"{name} are not in order"
        raise RecordError(msg, help="pass the best level first, each price once")
    return found


def _written(levels: list[tuple[Decimal, Decimal]] | None) -> str | None:
    pairs = (f'["{px:f}","{sz:f}"]' for px, sz in levels or ())
    return None if levels is None else f"[{','.join(pairs)}]"
