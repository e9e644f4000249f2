"""Markets to trade on paper: one made up from a seed, one recorded from a real venue."""

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

__all__ = ["Level", "TapeError", "Tick", "Trade", "recorded", "synthetic"]

_BOOK_LEVELS = 5
_ANOTHER_TRADE = 0.45  # how likely one follows, in one step
_TICKS_IN_A_PRICE = 100_000  # a price has five or six digits, as on most venues


class TapeError(Exception):
    """A file that is no tape."""


class Level(NamedTuple):
    """A price, and the size that stands there in the coin."""

    px: Decimal
    sz: Decimal


class Trade(NamedTuple):
    """What somebody took from the book: `sold` says that the taker sold, and so met the bids."""

    px: Decimal
    sz: Decimal
    sold: bool


class Tick(NamedTuple):
    """One coin's book, the best price first, and what was traded since the tick before."""

    coin: str
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    trades: tuple[Trade, ...]

    @property
    def mid(self) -> Decimal:
        """The middle between the best prices."""
        return (self.bids[0].px + self.asks[0].px) / 2


def synthetic(coins: dict[str, Decimal], *, seed: int) -> Iterator[Tick]:
    """Yield ticks without end, coin after coin, from starting prices: equal seeds give equal markets.

    The middle walks at random, 2 bps a step; takers bring 50 usd each and reach 2 bps deep on average.
    """
    draw = random.Random(seed)  # noqa: S311 - a market that can be repeated, not a secret
    mids = {coin: float(px) for coin, px in coins.items()}
    while True:
        for coin, mid in mids.items():
            mids[coin] = mid * (1 + 2e-4 * draw.gauss(0, 1))
            yield _made_up(coin, mids[coin], draw)


def _made_up(coin: str, mid: float, draw: random.Random) -> Tick:
    tick = Decimal(1).scaleb(Decimal(mid / _TICKS_IN_A_PRICE).adjusted())
    spread = max(Decimal(mid * 0.5e-4).quantize(tick), tick)
    best = Decimal(mid).quantize(tick)
    sizes = [Decimal(draw.uniform(0.5, 20) * 1e4 / mid).quantize(Decimal("0.001")) for _ in range(2 * _BOOK_LEVELS)]
    bids = tuple(Level(best - spread * depth, sizes[depth - 1]) for depth in range(1, _BOOK_LEVELS + 1))
    asks = tuple(Level(best + spread * depth, sizes[-depth]) for depth in range(1, _BOOK_LEVELS + 1))
    trades = []
    while draw.random() < _ANOTHER_TRADE:
        sold = draw.random() < 0.5  # noqa: PLR2004 - as often as not
        reach = mid * draw.expovariate(1 / 2e-4)
        px = Decimal(mid - reach if sold else mid + reach).quantize(tick)
        sz = Decimal(draw.expovariate(1 / 50) / mid).quantize(Decimal("0.0001"))
        trades.append(Trade(px, sz + Decimal("0.0001"), sold))
    return Tick(coin, bids, asks, tuple(trades))


def recorded(path: Path, coin: str) -> Iterator[Tick]:
    """Yield the ticks of a tape: lines `<local nanoseconds> <JSON>` of Binance's bookTicker and trade streams.

    Raise OSError where it cannot be read, TapeError where a line is none.
    """
    try:
        yield from _recorded(path, coin)
    except (EOFError, LookupError, ArithmeticError, TypeError, ValueError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"{path} is no tape: {type(error).__name__}: {error}"
        raise TapeError(msg) from error


def _recorded(path: Path, coin: str) -> Iterator[Tick]:
    best: tuple[Level, Level] | None = None
    trades: list[Trade] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line.partition(" ")[2]).get("data", {})  # a tape also holds whole books
            kind = data.get("e")
            if kind == "trade":
                trades.append(Trade(Decimal(data["p"]), Decimal(data["q"]), sold=data["m"]))
            elif kind == "bookTicker":
                there = (Level(Decimal(data["b"]), Decimal(data["B"])), Level(Decimal(data["a"]), Decimal(data["A"])))
                if best is None or there[0].px != best[0].px or trades:
                    yield Tick(coin, there[:1], there[1:], tuple(trades))
                    trades = []
                best = there
