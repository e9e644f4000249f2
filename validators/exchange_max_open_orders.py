"""Open positions within a venue's orders."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

COUNT, LEGS = "trading.max_concurrent_positions", "strategy.legs"


@rule("RISK010", needs=(COUNT, "risk.exchange_limits.{exchange}.max_open_orders"))
def exchange_max_open_orders(scope: Scope) -> Iterator[Finding]:
    """Every open position can have the one order resting that protects it, on its venue and on that of each leg.

    PASS  {trading: {max_concurrent_positions: 5},
           risk: {exchange_limits: {venue: {max_open_orders: 20}}}}
    FAIL  {trading: {max_concurrent_positions: 30},
           risk: {exchange_limits: {venue: {max_open_orders: 20}}}}
    """
    held = scope[COUNT]
    for venue in dict.fromkeys((scope.exchange, *(leg["exchange"] for leg in scope.get(LEGS, ())))):
        limit = f"risk.exchange_limits.{venue}.max_open_orders"
        allowed = scope.get(limit, held)
        if held > allowed:
            yield Finding.at(
                COUNT,
                limit,
                *([] if venue == scope.exchange else [LEGS]),
                message=f"max_concurrent_positions {held} is over {venue}'s max_open_orders {allowed}",
                help=f"lower trading.max_concurrent_positions to {allowed} or less, or raise max_open_orders",
            )
