"""An order that some step makes legal."""

from collections.abc import Iterator
from decimal import Decimal

from deskc.sdk import Finding, Refusal, Scope, lot_of, rule, size_order

FLOOR, CAP = "trading.min_position_size_usd", "trading.max_position_size_usd"


@rule("EXCH003", needs=(FLOOR, CAP), facts=("step_size", "min_qty", "min_notional_usd", "reference_price"))
def market_smallest_order(scope: Scope) -> Iterator[Finding]:
    """The largest position, in whole steps at the reference price, reaches what the exchange and the floor ask for.

    PASS  {trading: {min_position_size_usd: 10, max_position_size_usd: 1000}}
    FAIL  {trading: {min_position_size_usd: 12, max_position_size_usd: 15}}
    """
    floor, cap = (Decimal(str(scope[path])) for path in (FLOOR, CAP))
    price = scope.market.reference_price
    if price is None or floor > cap:  # the latter is SIZE001's
        return
    sized = size_order(cap, price=price.price, lot=lot_of(scope.market), min_usd=floor, cap_usd=cap)
    if isinstance(sized, Refusal):
        yield Finding.at(
            CAP,
            FLOOR,
            "market.min_notional_usd",
            "market.reference_price",
            message=f"{sized}, at {scope.coin}'s price of {price.price:f} of {price.as_of}",
            help="raise max_position_size_usd by a step, or trade a coin with smaller steps",
            severity="warning",
        )
