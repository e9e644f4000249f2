"""One position within what a venue may hold."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

POSITION, INVENTORY = "trading.max_position_size_usd", "trading.max_per_coin_notional"


@rule("RISK011", needs=(POSITION, INVENTORY, "risk.exchange_limits.{exchange}.max_position_value"))
def exchange_max_position_value(scope: Scope) -> Iterator[Finding]:
    """No single position may be worth more than all positions on its venue together.

    A market maker's inventory is judged where some layer caps it.

    PASS  {trading: {max_position_size_usd: 500},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    FAIL  {trading: {max_position_size_usd: 1000},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    """
    limit = f"risk.exchange_limits.{scope.exchange}.max_position_value"
    allowed = scope[limit]
    for path in (POSITION, INVENTORY) if scope.is_written(INVENTORY) else (POSITION,):
        if scope[path] > allowed:
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                limit,
                message=f"{name} {scope[path]:.12g} is over {scope.exchange}'s max_position_value {allowed:.12g}",
                help=f"lower {path} to {allowed:.12g} or less, or raise max_position_value",
            )
