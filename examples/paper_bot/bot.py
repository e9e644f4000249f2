"""A small market maker that trades on paper by a channel's snapshots and records what it does."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Literal, NamedTuple

import deskc
from account import Account
from deskc.ledger.recording import Recording
from deskc.runtime.policy.denial import Denial
from deskc.runtime.policy.size import size
from maker import Fill, Quote, close, fills, quoted_sz, quotes
from tape import Tick

__all__ = ["PaperBot"]

_BOOK_EVERY = 3  # ticks of a coin between two records of its book
_HEARTBEAT_S = 1.0
_BPS = Decimal(10_000)


class _Order(NamedTuple):
    """An order that was placed: its id, and the scope whose settings asked for it, whose stamp its fills carry."""

    id: str
    scope: deskc.Scope


class PaperBot:
    """Quotes both sides of each coin's market, obeys its settings and a HALT file, and goes over to new snapshots.

    One tick reads one snapshot. Orders never leave this process: a tape's trades fill them. `clock` returns the moment
    by which limits of time are judged.
    """

    def __init__(
        self,
        watch: deskc.Watch,
        recorder: deskc.Recorder,
        tape: Iterator[Tick],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._watch = watch
        self._recorder = recorder
        self._tape = tape
        self._snapshot = watch.snapshot
        self._clock = clock
        self._account = Account(self._snapshot)
        self._denials: dict[str, Mapping[str, Denial]] = {}
        self._waiting: dict[str, dict[Quote, _Order]] = {}
        self._seen: dict[str, int] = {}
        self._halts: dict[str, str] = {}
        self._beaten_at = 0.0
        recorder.system_event("start", f"the paper bot runs snapshot {self._snapshot.digest[:12]}")

    def run(self, ticks: int | None = None) -> None:
        """Trade through so many ticks, or to the end of the tape; what one tick brings is acknowledged together."""
        for tick in islice(self._tape, ticks):
            self._take_over()
            if tick.coin in self._snapshot:
                with self._recorder.batch() as rows:
                    self._trade(rows, self._snapshot[tick.coin], tick)
            self._beat()

    def stop(self) -> None:
        """Take every quote back and say so."""
        with self._recorder.batch() as rows:
            for coin, waiting in self._waiting.items():
                self._cancel(rows, coin, tuple(waiting), "the bot stops")
            rows.system_event("stop", "the paper bot stops")

    def _take_over(self) -> None:
        """Go over to the newest snapshot, between two ticks."""
        new = self._watch.snapshot
        if new is self._snapshot:
            return
        old, self._snapshot = self._snapshot, new
        self._recorder.activate(new)
        with self._recorder.batch() as rows:
            for coin, waiting in self._waiting.items():
                if coin not in new:
                    self._cancel(rows, coin, tuple(waiting), "the coin is not traded any more")
                    self._tell(rows, coin, {})
            details = {"from": old.digest, "to": new.digest, "pending": self._pending()}
            rows.system_event("reload", f"goes over to snapshot {new.digest[:12]}", details=details)

    def _trade(self, rows: Recording, scope: deskc.Scope, tick: Tick) -> None:
        waiting = self._waiting.setdefault(tick.coin, {})
        for fill in tuple(fills(waiting, tick.trades)):
            self._fill(rows, tick, fill)
        self._account.see(tick, scope, self._clock())
        self._seen[tick.coin] = self._seen.get(tick.coin, -1) + 1
        if self._seen[tick.coin] % _BOOK_EVERY == 0:
            rows.market_snapshot(scope, bids=tick.bids, asks=tick.asks)
        wanted = () if self._is_halted(rows, tick.coin) else self._wanted(rows, scope, tick)
        self._cancel(rows, tick.coin, tuple(quote for quote in waiting if quote not in wanted), "requoted")
        for quote in wanted:
            if quote not in waiting:
                self._place(rows, scope, quote)

    def _wanted(self, rows: Recording, scope: deskc.Scope, tick: Tick) -> tuple[Quote, ...]:
        """Return the quotes that the settings allow, after a position that they do not was closed."""
        sized = size(scope, equity_usd=self._account.equity_usd)
        order_usd = quoted_sz(scope, tick, most_usd=sized.usd) * tick.mid
        against = self._account.denials(tick, scope, self._clock(), order_usd=order_usd)
        self._tell(rows, tick.coin, {one.setting: one for many in against.values() for one in many})
        if any(denial.closes for denial in against["long"]):
            self._close(rows, scope, tick)
        position = self._account.position(tick.coin).sz
        may_open = () if self._watch.reduce_only else [way for way, denials in against.items() if not denials]
        return quotes(scope, tick, position=position, may_open=may_open, most_usd=sized.usd)

    def _tell(self, rows: Recording, coin: str, denials: Mapping[str, Denial]) -> None:
        """Record what the settings deny when it begins and when it ends, not at every tick between."""
        known = self._denials.get(coin, {})
        for path in denials.keys() - known.keys():
            message = f"{coin} opens nothing by {path}: {denials[path].sentence}"
            rows.system_event("denied", message, severity="warning", details={"coin": coin, **denials[path].record()})
        for path in known.keys() - denials.keys():
            rows.system_event("allowed", f"{coin} goes on: {path} denies nothing any more")
        self._denials[coin] = denials

    def _close(self, rows: Recording, scope: deskc.Scope, tick: Tick) -> None:
        """Close a position at the market, every quote taken back before."""
        self._cancel(rows, tick.coin, tuple(self._waiting[tick.coin]), "the position is closed")
        quote = close(tick, self._account.position(tick.coin).sz)
        self._place(rows, scope, quote)
        self._fill(rows, tick, Fill(quote, quote.sz), is_maker=False)

    def _is_halted(self, rows: Recording, coin: str) -> bool:
        """Ask for a HALT file, and record when one comes or goes."""
        reason, known = self._watch.halted(coin), self._halts.get(coin)
        if reason is not None and reason != known:
            rows.system_event("halt", f"{coin} is halted: {reason}", severity="warning")
            self._halts[coin] = reason
        elif reason is None and known is not None:
            rows.system_event("resume", f"{coin} goes on", severity="warning")
            del self._halts[coin]
        return reason is not None

    def _place(self, rows: Recording, scope: deskc.Scope, quote: Quote) -> None:
        order = _Order(scope.stamp.order_id(), scope)
        self._waiting[str(scope.coin)][quote] = order
        rows.order_event(scope, "placed", client_order_id=order.id, side=quote.side, px=quote.px, sz=quote.sz)

    def _cancel(self, rows: Recording, coin: str, gone: tuple[Quote, ...], reason: str) -> None:
        for quote in gone:
            order = self._waiting[coin].pop(quote)
            rows.order_event(order.scope, "cancelled", client_order_id=order.id, side=quote.side, reason=reason)

    def _fill(self, rows: Recording, tick: Tick, fill: Fill, *, is_maker: bool = True) -> None:
        coin, quote = tick.coin, fill.quote
        order = self._waiting[coin].pop(quote)
        signed = fill.sz if quote.side == "buy" else -fill.sz
        fees = order.scope.exchange.fees
        fee = fill.sz * quote.px * Decimal(str(fees.maker_bps if is_maker else fees.taker_bps)) / _BPS
        self._account.take(coin, signed, px=quote.px, fee=fee, now=self._clock())
        left = quote._replace(sz=quote.sz - fill.sz)
        state: Literal["partially_filled", "filled"] = "partially_filled" if left.sz > 0 else "filled"
        rows.fill(
            order.scope,
            side=quote.side,
            px=quote.px,
            sz=fill.sz,
            mid_px=tick.mid,
            fee=fee.quantize(Decimal("1e-8")),
            is_maker=is_maker,
            client_order_id=order.id,
        )
        rows.order_event(order.scope, state, client_order_id=order.id, side=quote.side, px=quote.px, sz=fill.sz)
        if left.sz > 0:
            self._waiting[coin][left] = order

    def _pending(self) -> list[str]:
        return [f"{one.coin or 'bot'} {one.setting}" for one in self._snapshot.pending]

    def _beat(self) -> None:
        """Record once a second that the bot lives, and how it does."""
        now = time.monotonic()
        if now - self._beaten_at < _HEARTBEAT_S:
            return
        self._beaten_at = now
        watch = self._watch
        state = {"age_s": round(watch.age_s, 3), "reason": watch.reason, "reduce_only": watch.reduce_only}
        self._recorder.heartbeat({**state, "pending": self._pending(), "halted": self._halts})
