"""One position within what a venue may hold."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

POSITION, INVENTORY, LEGS = "trading.max_position_size_usd", "trading.max_per_coin_notional", "strategy.legs"


@rule("RISK011", needs=(POSITION, INVENTORY, "risk.exchange_limits.{exchange}.max_position_value"))
def exchange_max_position_value(scope: Scope) -> Iterator[Finding]:
    """No single position may be worth more than all positions on its venue together, or on that of one of its legs.

    A market maker's inventory is judged where some layer caps it.

    PASS  {trading: {max_position_size_usd: 500},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    FAIL  {trading: {max_position_size_usd: 1000},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    """
    sizes = {path: scope[path] for path in (POSITION, INVENTORY) if path == POSITION or scope.is_written(path)}
    for venue in dict.fromkeys((scope.exchange, *(leg["exchange"] for leg in scope.get(LEGS, ())))):
        limit = f"risk.exchange_limits.{venue}.max_position_value"
        for path, size in sizes.items():
            allowed = scope.get(limit, size)
            if size > allowed:
                yield Finding.at(
                    path,
                    limit,
                    *([] if venue == scope.exchange else [LEGS]),
                    message=f"{path.partition('.')[2]} {size:.12g} is over {venue}'s max_position_value {allowed:.12g}",
                    help=f"lower {path} to {allowed:.12g} or less, or raise max_position_value",
                )
