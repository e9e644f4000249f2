"""Sizes over the exchange's smallest order."""

from collections.abc import Iterator
from decimal import Decimal

from deskc.sdk import Finding, Scope, rule

FLOOR, QUOTE = "trading.min_position_size_usd", "trading.size_notional_usd"


@rule("EXCH002", needs=(FLOOR, QUOTE, "trading.use_exchange_minimums"), facts="min_notional_usd")
def market_min_notional(scope: Scope) -> Iterator[Finding]:
    """No size is smaller than the order that the exchange still takes, where its own minimums are used.

    A quote's size is judged where some layer sets it: only market makers read it.

    PASS  {trading: {min_position_size_usd: 10, size_notional_usd: 10}}
    FAIL  {trading: {min_position_size_usd: 5, size_notional_usd: 10}}
    """
    least = scope.market.min_notional_usd
    if least is None or not scope["trading.use_exchange_minimums"]:
        return
    for path in (FLOOR, QUOTE) if scope.is_written(QUOTE) else (FLOOR,):
        if Decimal(str(scope[path])) < least:  # a double and a decimal of one text differ in the last bits
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                "market.min_notional_usd",
                message=f"{name} {scope[path]:.12g} is below {least:f}, {scope.exchange}'s minimum for {scope.coin}",
                help=f"raise {name} to {least:f} or more",
            )
