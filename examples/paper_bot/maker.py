"""What the paper bot wants to quote by its settings, and which of its quotes a tick fills: pure functions."""

from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, NamedTuple

import deskc
from tape import Tick, Trade

__all__ = ["Direction", "Fill", "Quote", "close", "fills", "quoted_sz", "quotes"]

Side = Literal["buy", "sell"]
Direction = Literal["long", "short"]

_BPS = Decimal(10_000)
_NOTHING = Decimal(0)


class Quote(NamedTuple):
    """A limit order that waits: side is buy or sell, `px` in the quote currency, `sz` in the coin."""

    side: Side
    px: Decimal
    sz: Decimal


class Fill(NamedTuple):
    """A quote that was met, wholly or in part, at its own price."""

    quote: Quote
    sz: Decimal


def quotes(
    scope: deskc.Scope, tick: Tick, *, position: Decimal, may_open: Collection[Direction], most_usd: Decimal
) -> tuple[Quote, ...]:
    """Return the quotes that the settings ask for: both sides of the middle, min_spread_bps between them at least.

    Each is worth `size_notional_usd`, or what sizing allows where that is less. A side is left out where its fill would
    carry the position over `max_per_coin_notional`, and, where it may not open in that direction, where it would not
    reduce the position.
    """
    trading = scope.trading
    mid = tick.mid
    half = max(Decimal(str(trading.min_spread_bps)) / 2 / _BPS * mid, tick.asks[0].px - mid)
    step = tick.bids[0].px - tick.bids[1].px if len(tick.bids) > 1 else Decimal("0.1")
    sz = quoted_sz(scope, tick, most_usd=most_usd)
    bid = ((mid - half) / step).quantize(Decimal(1), ROUND_FLOOR) * step
    ask = ((mid + half) / step).quantize(Decimal(1), ROUND_CEILING) * step
    limit = Decimal(str(trading.max_per_coin_notional)) / mid if most_usd > 0 else _NOTHING
    bought = _wanted(Quote("buy", bid, sz), position, position + sz, limit=limit if "long" in may_open else _NOTHING)
    sold = _wanted(Quote("sell", ask, sz), position, position - sz, limit=limit if "short" in may_open else _NOTHING)
    return tuple(quote for quote in (bought, sold) if quote is not None)


def quoted_sz(scope: deskc.Scope, tick: Tick, *, most_usd: Decimal) -> Decimal:
    """Return how much of the coin a quote is for; one that may open nothing is as large as the settings ask."""
    asked_usd = Decimal(str(scope.trading.size_notional_usd))
    return ((min(asked_usd, most_usd) if most_usd > 0 else asked_usd) / tick.mid).quantize(Decimal("0.0001"))


def close(tick: Tick, position: Decimal) -> Quote:
    """Return the order that closes a position at the market: all of it, at the best price of the other side."""
    return Quote("sell", tick.bids[0].px, position) if position > 0 else Quote("buy", tick.asks[0].px, -position)


def _wanted(quote: Quote, position: Decimal, after: Decimal, *, limit: Decimal) -> Quote | None:
    """Return a quote whose fill reduces the position or leaves it within the limit."""
    return quote if quote.sz > 0 and (abs(after) < abs(position) or abs(after) <= limit) else None


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
