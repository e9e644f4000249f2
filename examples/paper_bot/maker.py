"""What the paper bot wants to quote by its settings, and which of its quotes a tick fills: pure functions."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, NamedTuple

import deskc
from tape import Tick, Trade

__all__ = ["Fill", "Quote", "fills", "quotes"]

Side = Literal["buy", "sell"]

_BPS = Decimal(10_000)


class Quote(NamedTuple):
    """A limit order that waits: side is buy or sell, `px` in the quote currency, `sz` in the coin."""

    side: Side
    px: Decimal
    sz: Decimal


class Fill(NamedTuple):
    """A quote that was met, wholly or in part, at its own price."""

    quote: Quote
    sz: Decimal


def quotes(scope: deskc.Scope, tick: Tick, *, position: Decimal, reduce_only: bool) -> tuple[Quote, ...]:
    """Return the quotes that the settings ask for: both sides of the middle, min_spread_bps between them at least.

    Each is worth `size_notional_usd`. A side is left out where its fill would carry the position over
    `max_per_coin_notional`, where it would open what `enable_longs` or `enable_shorts` forbids, and, where trading is
    not enabled or the settings are too old, where it would not reduce the position.
    """
    trading = scope.trading
    mid = tick.mid
    half = max(Decimal(str(trading.min_spread_bps)) / 2 / _BPS * mid, tick.asks[0].px - mid)
    step = tick.bids[0].px - tick.bids[1].px if len(tick.bids) > 1 else Decimal("0.1")
    sz = (Decimal(str(trading.size_notional_usd)) / mid).quantize(Decimal("0.0001"))
    bid = ((mid - half) / step).quantize(Decimal(1), ROUND_FLOOR) * step
    ask = ((mid + half) / step).quantize(Decimal(1), ROUND_CEILING) * step
    bought, sold = Quote("buy", bid, sz), Quote("sell", ask, sz)
    may_open = trading.enabled and not reduce_only and sz > 0
    limit = Decimal(str(trading.max_per_coin_notional)) / mid
    wanted = (
        _wanted(bought, position, position + sz, limit=limit if may_open and trading.enable_longs else Decimal(0)),
        _wanted(sold, position, position - sz, limit=limit if may_open and trading.enable_shorts else Decimal(0)),
    )
    return tuple(quote for quote in wanted if quote is not None)


def _wanted(quote: Quote, position: Decimal, after: Decimal, *, limit: Decimal) -> Quote | None:
    """Return a quote whose fill reduces the position or leaves it within the limit."""
    return quote if abs(after) < abs(position) or abs(after) <= limit else None


def fills(waiting: Iterable[Quote], trades: tuple[Trade, ...]) -> Iterator[Fill]:
    """Yield what a tick's trades fill: each that reaches a quote's price takes from it, until it is whole."""
    for quote in waiting:
        met = sum((trade.sz for trade in trades if _meets(quote, trade)), Decimal(0))
        if met:
            yield Fill(quote, min(met, quote.sz))


def _meets(quote: Quote, trade: Trade) -> bool:
    if quote.side == "buy":
        return trade.sold and trade.px <= quote.px
    return not trade.sold and trade.px >= quote.px
