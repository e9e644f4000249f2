"""The size that a scope's settings and its market's facts give a new position."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from deskc.core import paths
from deskc.core.errors import DeskcError
from deskc.core.findings import Place
from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.scopes import ScopeId
from deskc.markets.facts import Market, Markets
from deskc.markets.sizing import Lot, Order, Refusal, lot_of, size_order, target_usd
from deskc.plan.settings import place_of

__all__ = ["Input", "Origin", "Position", "position_size"]

_CAPITAL = "risk.capital_usd"
_SETTINGS = (
    "trading.position_size_pct",
    "trading.quantity_multiplier",
    "trading.min_position_size_usd",
    "trading.max_position_size_usd",
    "trading.use_exchange_minimums",
)
_OVERRIDES = ("trading.override_step_size", "trading.override_min_qty", "trading.override_min_notional")
_FACTS = ("step_size", "min_qty", "min_notional_usd", "max_qty")
_NOTHING = Decimal(0)


class Input(NamedTuple):
    """A number that the size depends on, and where it stands; an option of the command stands nowhere."""

    name: str
    value: Decimal | bool | None
    place: Place | None


class Origin(NamedTuple):
    """Where facts were read, and when."""

    what: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Position:
    """What a new position's order would be, or why there can be none; money in usd, quantities in units of the coin."""

    scope: ScopeId
    exchange: str
    symbol: str | None
    target_usd: Decimal
    price: Decimal
    order: Order | Refusal
    inputs: tuple[Input, ...]
    origins: tuple[Origin, ...]


def position_size(
    scope: Scope, layers: Layers, markets: Markets, *, price: Decimal | None = None, equity_usd: Decimal | None = None
) -> Position:
    """Size a coin's position: the fraction of equity times the multiplier, between floor and cap, in the venue's steps.

    Price and equity are the market's reference price and `risk.capital_usd` unless they are given. Raise DeskcError
    where a setting, a fact or one of the two is not known.
    """
    bot = layers.bots[scope.id.bot]
    if scope.id.coin is None or bot.exchange is None:
        raise DeskcError("a position has a coin, and none is named", help="add --coin")
    known = _Known(markets, markets.find(bot.exchange, scope.id.coin), f"{layers.desk.markets}{bot.exchange}.yaml")
    settings = {path: _setting(scope, layers, path) for path in _SETTINGS}
    by_hand = not settings["trading.use_exchange_minimums"].value
    overrides = {path: _setting(scope, layers, path) for path in _OVERRIDES} if by_hand else {}
    equity = _equity(scope, layers, equity_usd)
    seen = known.price() if price is None else Input("--price", price, None)
    target = target_usd(
        _number(equity),
        size_fraction=_number(settings["trading.position_size_pct"]),
        multiplier=_number(settings["trading.quantity_multiplier"]),
    )
    order = size_order(
        target,
        price=_number(seen),
        lot=_lot_by_hand(overrides, known) if by_hand else known.lot(),
        min_usd=_number(settings["trading.min_position_size_usd"]),
        cap_usd=_number(settings["trading.max_position_size_usd"]),
    )
    facts = tuple(known.facts(name for name in _FACTS if not by_hand or name in _serving(overrides)))
    inputs = (equity, *settings.values(), *overrides.values(), seen, *facts)
    symbol = None if known.market is None else known.market.symbol
    origins = tuple(known.origins(with_price=price is None))
    return Position(scope.id, bot.exchange, symbol, target, _number(seen), order, inputs, origins)


class _Known(NamedTuple):
    """What the lock file says of a scope's coin, None where it says nothing."""

    markets: Markets
    market: Market | None
    file: str

    def stated(self) -> Market:
        """Return the facts; raise DeskcError where there are none."""
        if self.market is None:
            message = f"{self.file} does not give the facts of this coin, so no order can be sized"
            raise DeskcError(message, help="add them; deskc check shows what is missing or wrong")
        return self.market

    def price(self) -> Input:
        """Return the reference price; raise DeskcError where there is none."""
        if self.market is None or self.market.reference_price is None:
            raise DeskcError(f"{self.file} gives no reference_price of this coin", help="give the price with --price")
        return Input("reference_price", self.market.reference_price.price, self.place("reference_price.price"))

    def lot(self) -> Lot:
        """Return what the venue demands of an order; raise DeskcError where that is not known."""
        market = self.stated()
        try:
            return lot_of(market)
        except LookupError as error:
            names = ", ".join(name for name in _FACTS[:3] if name in market.unknown)
            message = f"{self.file} has null for {names} of {market.coin}, so no order can be sized"
            way_out = "add the facts, or set the overrides and use_exchange_minimums: false"
            raise DeskcError(message, help=way_out) from error

    def facts(self, names: Iterable[str]) -> Iterator[Input]:
        """Yield facts that a size depends on."""
        for name in names if self.market is not None else ():
            yield Input(name, getattr(self.market, name), self.place(name))

    def origins(self, *, with_price: bool) -> Iterator[Origin]:
        """Yield where the facts come from, and the price where it is one of them."""
        if self.market is not None:
            exchange = self.markets.exchanges[self.market.exchange]
            yield Origin("facts", exchange.source, exchange.as_of)
            if with_price and self.market.reference_price is not None:
                yield Origin("price", self.market.reference_price.source, self.market.reference_price.as_of)

    def place(self, name: str) -> Place:
        """Return where the lock file has a fact."""
        return self.markets.locate(self.file, f"{paths.child('coins', self.stated().coin)}.{name}")


def _setting(scope: Scope, layers: Layers, path: str) -> Input:
    leaf = scope.find(path)
    if leaf is None:
        raise DeskcError(f"{scope.id} does not set {path}, so no order can be sized", help=f"set {path} in a layer")
    place = place_of(leaf, layers, scope.id.bot)
    return Input(path, leaf.value if isinstance(leaf.value, bool) else _exact(leaf.value), place)


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _number(one: Input) -> Decimal:
    return one.value if isinstance(one.value, Decimal) else _NOTHING


def _equity(scope: Scope, layers: Layers, given: Decimal | None) -> Input:
    if given is not None:
        return Input("--equity", given, None)
    if scope.find(_CAPITAL) is None:
        message = f"{scope.id} sets no {_CAPITAL}, so a fraction of equity is no sum"
        raise DeskcError(message, help=f"give the equity in usd with --equity, or set {_CAPITAL}")
    return _setting(scope, layers, _CAPITAL)


def _lot_by_hand(overrides: Mapping[str, Input], known: _Known) -> Lot:
    """Return what the overrides demand of an order; a minimum that is null demands nothing.

    A step is no minimum: the venue refuses what lies between its steps, so its own serves where none is set by hand.
    Raise DeskcError where there is neither.
    """
    by_hand, least, notional = (overrides[path] for path in _OVERRIDES)
    market = known.market
    step = by_hand.value if market is None or by_hand.value is not None else market.step_size
    if not isinstance(step, Decimal):
        message = f"{by_hand.name} is null and {known.file} gives no step_size, so quantities have no step"
        raise DeskcError(message, help=f"set {by_hand.name}, or add the fact")
    return Lot(step, _number(least), _number(notional), market.max_qty if market else None)


def _serving(overrides: Mapping[str, Input]) -> Collection[str]:
    """Return the facts that count while overrides are used."""
    return ("max_qty",) if overrides[_OVERRIDES[0]].value is not None else ("step_size", "max_qty")
