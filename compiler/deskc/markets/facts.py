"""What an exchange says of a market: frozen values as its lock file has them, unknown ones None."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from deskc.core.findings import Place

__all__ = ["FACTS", "NOTHING_KNOWN", "Bracket", "Exchange", "Market", "Markets", "Price"]


class Bracket(NamedTuple):
    """Up to this notional value of a position, in usd, the exchange allows this leverage, in x."""

    notional_cap_usd: Decimal
    max_leverage: int


class Price(NamedTuple):
    """A price in usd that was seen at a time; `age_s` is how long before the tree's own time that was, in seconds."""

    price: Decimal
    as_of: str
    age_s: int
    source: str


class Market(NamedTuple):
    """The facts of one coin at one exchange; a fact that nobody knows is None, and its name stands in `unknown`.

    Prices and notional values are in usd, quantities in units of the coin. `symbol` is its name where orders are sent.
    Brackets are in order, the smallest notional first. `age_s` is how much older the facts are than the tree, in
    seconds.
    """

    exchange: str
    coin: str
    as_of: str
    age_s: int
    symbol: str
    status: str | None
    tick_size: Decimal | None
    step_size: Decimal | None
    min_qty: Decimal | None
    max_qty: Decimal | None
    min_notional_usd: Decimal | None
    leverage_brackets: tuple[Bracket, ...] | None
    reference_price: Price | None
    unknown: frozenset[str]

    def max_leverage(self, *, notional_usd: Decimal | float) -> int:
        """Return the leverage that the brackets allow at a notional value; 0 where it is over the last bracket's cap.

        Raise LookupError where the brackets are unknown.
        """
        if self.leverage_brackets is None:
            msg = f"the leverage brackets of {self.coin} at {self.exchange} are unknown"
            raise LookupError(msg)
        size = Decimal(str(notional_usd))
        return next((one.max_leverage for one in self.leverage_brackets if size <= one.notional_cap_usd), 0)


FACTS = Market._fields[4:-1]
"""The names of facts, which rules ask for."""


class Exchange(NamedTuple):
    """One lock file: where its facts come from, when they held, and the markets by coin."""

    name: str
    file: str
    as_of: str
    source: str
    coins: Mapping[str, Market]


class Markets(NamedTuple):
    """The facts of a tree by exchange; `locate` finds what stands at a path of a lock file."""

    exchanges: Mapping[str, Exchange]
    locate: Callable[[str, str], Place]

    def find(self, exchange: str | None, coin: str | None) -> Market | None:
        """Return a coin's facts at an exchange, or None where there are none."""
        known = self.exchanges.get(exchange or "")
        return None if known is None else known.coins.get(coin or "")


NOTHING_KNOWN = Markets({}, lambda file, _: Place(file))
"""The facts of a desk that has no lock file."""
