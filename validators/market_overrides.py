"""Overrides no looser than the exchange."""

from collections.abc import Iterator
from decimal import Decimal

from deskc.sdk import Finding, Scope, rule

FACTS = {
    "trading.override_min_notional": "min_notional_usd",
    "trading.override_min_qty": "min_qty",
    "trading.override_step_size": "step_size",
}


@rule("EXCH004", needs=("trading.use_exchange_minimums", *FACTS))
def market_overrides(scope: Scope) -> Iterator[Finding]:
    """No minimum set by hand is below the exchange's own, whose refusal would come with the first order.

    PASS  {trading: {use_exchange_minimums: false, override_min_qty: 0.01}}
    FAIL  {trading: {use_exchange_minimums: false, override_min_qty: 0.001}}
    """
    market = scope.market_of(scope.exchange or "", scope.coin or "")
    if market is None or scope["trading.use_exchange_minimums"]:
        return
    for path, fact in FACTS.items():
        own, least = scope[path], getattr(market, fact)
        if own is not None and least is not None and Decimal(str(own)) < least:
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                f"market.{fact}",
                message=f"{name} {own:.12g} is below {scope.exchange}'s {fact} {least:f} for {scope.coin}",
                help=f"raise {name} to {least:f} or more, or set use_exchange_minimums to true",
            )
