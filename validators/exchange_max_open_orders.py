"""Open positions within a venue's orders."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK010", needs=("trading.max_concurrent_positions", "risk.exchange_limits.{exchange}.max_open_orders"))
def exchange_max_open_orders(scope: Scope) -> Iterator[Finding]:
    """Every open position can have the one order resting that protects it.

    PASS  {trading: {max_concurrent_positions: 5},
           risk: {exchange_limits: {venue: {max_open_orders: 20}}}}
    FAIL  {trading: {max_concurrent_positions: 30},
           risk: {exchange_limits: {venue: {max_open_orders: 20}}}}
    """
    limit = f"risk.exchange_limits.{scope.exchange}.max_open_orders"
    held, allowed = scope["trading.max_concurrent_positions"], scope[limit]
    if held > allowed:
        yield Finding.at(
            "trading.max_concurrent_positions",
            limit,
            message=f"max_concurrent_positions {held} is over {scope.exchange}'s max_open_orders {allowed}",
            help=f"lower trading.max_concurrent_positions to {allowed} or less, or raise max_open_orders",
        )
