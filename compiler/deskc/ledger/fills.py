"""What names a fill, so that the recorder and every importer give one fill one name."""

from deskc.core.canonical import digest, encode

__all__ = ["by_place", "by_trade"]


def by_trade(*, venue: str, account: str | None, coin: str, side: str, trade: str) -> str:
    """Return the id of a fill that its venue numbers.

    Coin and side stand in it because Binance numbers the trades of each symbol apart, and because an account that
    trades with itself has two fills of one trade.
    """
    return digest(encode([venue, account, coin, side, trade]).encode())


def by_place(source: str, place: int) -> str:
    """Return the id of a fill without a trustworthy number: where it stood in what it came from."""
    return digest(encode([source, place]).encode())
