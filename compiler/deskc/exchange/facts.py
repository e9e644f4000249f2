"""What a venue says of the markets that a desk trades: the facts of a lock file, exact as the venue writes them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.exchange.venue import Venue, asking, refused
from deskc.markets.facts import FACTS, Bracket, Market, Price

__all__ = ["NUMBERS", "Facts", "Told", "moment", "of_market", "tell"]

NUMBERS = ("tick_size", "step_size", "min_qty", "max_qty", "min_notional_usd")
"""The facts that are one number."""

_NO_TICK = frozenset({"hyperliquid"})  # prices have five significant digits, so no one number is the tick
_DELIMITERS = str.maketrans("", "", "-_@")


class Facts(NamedTuple):
    """The facts of one market, named and measured as deskc.markets.facts.Market has them; None is what is not told."""

    symbol: str
    status: str | None
    tick_size: Decimal | None
    step_size: Decimal | None
    min_qty: Decimal | None
    max_qty: Decimal | None
    min_notional_usd: Decimal | None
    leverage_brackets: tuple[Bracket, ...] | None
    reference_price: Price | None


class Told(NamedTuple):
    """A venue's answer: facts by the desk's coins, who told them, and for each coin without facts why it has none.

    `secretive` says that the venue tells leverage brackets to account holders alone, and no key was given.
    """

    source: str
    facts: Mapping[str, Facts]
    absent: Mapping[str, str]
    secretive: bool = False


def of_market(market: Market) -> Facts:
    """Return the facts that a lock file holds of a market."""
    return Facts(**{name: getattr(market, name) for name in FACTS})


def moment(seconds: int) -> str:
    """Write unix seconds as lock files have times."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def tell(venue: Venue, wanted: Mapping[str, str | None], *, now: int) -> Told:
    """Ask a venue for the facts of coins; `wanted` has each coin's symbol, or None where its name must lead to one.

    A price that the venue does not date is one of `now`, in unix seconds. Raise DeskcError where the venue is down,
    does not answer in time, refuses to answer, or answers what no lock file could hold.
    """
    client = venue.client
    with asking(venue.name):
        client.set_markets(client.fetch_markets())
    if not client.markets:
        raise DeskcError(f"{venue.name} lists no markets", help="try again later, and check --exchange-url")
    found: dict[str, Mapping[str, Any]] = {}
    absent: dict[str, str] = {}
    for coin, symbol in wanted.items():
        market = _market(venue, coin, symbol)
        if isinstance(market, str):
            absent[coin] = market
        else:
            found[coin] = market
    symbols = sorted({market["symbol"] for market in found.values()})
    tickers: Mapping[str, Any] = {}
    with asking(venue.name):
        tickers = client.fetch_tickers(symbols) if symbols else {}
    tiers = _tiers(venue, sorted({market["symbol"] for market in found.values() if market["contract"]}))
    with asking(venue.name):
        facts = _all_facts(venue, wanted, found, tickers=tickers, tiers=tiers or {}, now=now)
    return Told(venue.source, facts, absent, tiers is None)


def _all_facts(  # noqa: PLR0913 - the parts of one answer, all but the first three by keyword
    venue: Venue,
    wanted: Mapping[str, str | None],
    found: Mapping[str, Mapping[str, Any]],
    *,
    tickers: Mapping[str, Mapping[str, Any]],
    tiers: Mapping[str, Sequence[Mapping[str, Any]]],
    now: int,
) -> Mapping[str, Facts]:
    """Return the facts of the markets that were found, by coin."""
    return {
        coin: _facts(
            venue,
            market,
            symbol=wanted[coin] or (coin if coin == market["id"] else market["symbol"]),
            price=_price(venue, tickers.get(market["symbol"], {}), now),
            tiers=tiers.get(market["symbol"], ()),
        )
        for coin, market in found.items()
    }


def _market(venue: Venue, coin: str, symbol: str | None) -> Mapping[str, Any] | str:
    """Return the market of a coin, or why there is none."""
    client = venue.client
    if symbol is not None:
        named = (client.markets[symbol],) if symbol in client.markets else tuple(client.markets_by_id.get(symbol, ()))
    else:
        named = _guessed(client.markets, coin)
    if len(named) == 1:
        return named[0]
    said = symbol or coin
    if named:
        return f"{said} may be any of {', '.join(sorted(one['symbol'] for one in named))} at {venue.name}"
    guess = close_to(said.partition("/")[0], {one["base"] for one in client.markets.values()})
    return f"{venue.name} has no market {said}" + (f"; it has {guess}" if guess else "")


def _guessed(markets: Mapping[str, Mapping[str, Any]], coin: str) -> tuple[Mapping[str, Any], ...]:
    """Return the markets that a coin's name may mean: by the venue's id, by base and quote, by a base quoted in usd."""
    plain = coin.translate(_DELIMITERS)
    lasting = [market for market in markets.values() if market["spot"] or market["swap"]]
    same = tuple(one for one in lasting if one["id"] == coin or f"{one['base']}{one['quote']}" == plain)
    swaps = tuple(one for one in lasting if one["swap"] and one["base"] == coin and "USD" in one["quote"])
    return same or swaps or tuple(one for one in lasting if one["base"] == coin and "USD" in one["quote"])


def _tiers(venue: Venue, symbols: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]] | None:
    """Return brackets by symbol, none where the venue has none; None where it tells them to account holders alone."""
    if not symbols or not venue.client.has.get("fetchLeverageTiers"):
        return {}
    with asking(venue.name):
        try:
            return venue.client.fetch_leverage_tiers(symbols)
        except Exception as error:
            if venue.known or not refused(error):
                raise
            return None


def _facts(
    venue: Venue, market: Mapping[str, Any], *, symbol: str, price: Price | None, tiers: Sequence[Mapping[str, Any]]
) -> Facts:
    if market["inverse"] or "USD" not in str(market["quote"]):
        message = f"{symbol} at {venue.name} is quoted in {market['quote']} and settled in {market['settle'] or 'kind'}"
        raise DeskcError(message, help="facts are in usd and in units of the coin; leave the coin out of the lock")
    limits, precision = market["limits"], market["precision"]
    size = _number(market["contractSize"]) or Decimal(1)  # ccxt counts contracts, a lock file units of the coin
    tick = None if venue.name in _NO_TICK else _number(precision["price"])
    amounts = (precision["amount"], limits["amount"]["min"], limits["amount"]["max"])
    step, least, most = (None if said is None else said * size for said in map(_number, amounts))
    brackets = tuple(_bracket(venue, tier) for tier in tiers) or None
    return Facts(symbol, _status(market), tick, step, least, most, _number(limits["cost"]["min"]), brackets, price)


def _status(market: Mapping[str, Any]) -> str | None:
    """Return the venue's own word, or what ccxt makes of a venue that has none."""
    info = market["info"]
    own = info.get("status") or info.get("contractStatus")
    words = {True: "active", False: "inactive"}
    return own if isinstance(own, str) else words.get(market["active"])


def _bracket(venue: Venue, tier: Mapping[str, Any]) -> Bracket:
    cap, leverage = _number(tier["maxNotional"]), _number(tier["maxLeverage"])
    if cap is None or leverage is None or leverage != int(leverage):
        raise DeskcError(f"{venue.name} tells a leverage bracket without cap or leverage", help="try again later")
    return Bracket(cap, int(leverage))


def _price(venue: Venue, ticker: Mapping[str, Any], now: int) -> Price | None:
    price, at_ms = _number(ticker.get("last")), ticker.get("timestamp")
    if price is None:
        return None
    at = now if at_ms is None else int(at_ms) // 1000
    return Price(price, moment(at), now - at, f"ticker of {venue.source}")


def _number(said: str | None) -> Decimal | None:
    """Return a number as it was written; a zero stands for a limit that a venue does not set.

    Raise ValueError or ArithmeticError for what is no finite number of zero or more.
    """
    number = None if said is None else Decimal(said)
    if number is not None and not (number.is_finite() and number >= 0):
        raise ValueError(said)
    return number or None
