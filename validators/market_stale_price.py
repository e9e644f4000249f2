"""A reference price that is recent."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

DAY_S = 86_400
MOST_DAYS = 30


@rule("EXCH005", needs=("trading.max_position_size_usd",))
def market_stale_price(scope: Scope) -> Iterator[Finding]:
    """What is judged at a coin's reference price is judged at one of the last thirty days, counted to the commit.

    A price of a later day than the commit's is a mistyped one, which would never grow old.

    The examples are of a commit of the first of January 2026.

    PASS  coins: {ETH: {reference_price: {price: 2000, as_of: 2025-12-20T00:00:00Z, source: a trade}}}
    FAIL  coins: {ETH: {reference_price: {price: 2000, as_of: 2025-11-20T00:00:00Z, source: a trade}}}
    """
    market = scope.market_of(scope.exchange or "", scope.coin or "")
    price = market.reference_price if market else None
    if price is not None and not -DAY_S <= price.age_s <= MOST_DAYS * DAY_S:
        days = abs(price.age_s) // DAY_S
        when = f"{days} days old, over {MOST_DAYS}" if price.age_s > 0 else f"of {price.as_of}, {days} days from now"
        yield Finding.at(
            "market.reference_price",
            message=f"{scope.coin}'s reference price is {when}",
            help=f"write a recent price into the lock file of {scope.exchange}",
            severity="warning",
        )
