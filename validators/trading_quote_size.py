"""One quote within a coin's inventory."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("SIZE002", needs=("trading.size_notional_usd", "trading.max_per_coin_notional"))
def trading_quote_size(scope: Scope) -> Iterator[Finding]:
    """A single fill of a quote cannot carry a coin's inventory past its cap.

    PASS  {trading: {size_notional_usd: 25, max_per_coin_notional: 600}}
    FAIL  {trading: {size_notional_usd: 25, max_per_coin_notional: 20}}
    """
    quote, most = scope["trading.size_notional_usd"], scope["trading.max_per_coin_notional"]
    if quote > most:
        yield Finding.at(
            "trading.size_notional_usd",
            "trading.max_per_coin_notional",
            message=f"size_notional_usd {quote:.12g} is over max_per_coin_notional {most:.12g}",
            help=f"lower size_notional_usd to {most:.12g} or less, or raise max_per_coin_notional",
        )
