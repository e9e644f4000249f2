"""One position within what a venue may hold."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

CAPS = ("trading.max_position_size_usd", "trading.max_per_coin_notional")


@rule("RISK011", needs=(*CAPS, "risk.exchange_limits.{exchange}.max_position_value"))
def exchange_max_position_value(scope: Scope) -> Iterator[Finding]:
    """No single position may be worth more than all positions on its venue together.

    PASS  {trading: {max_position_size_usd: 500},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    FAIL  {trading: {max_position_size_usd: 1000},
           risk: {exchange_limits: {venue: {max_position_value: 900}}}}
    """
    limit = f"risk.exchange_limits.{scope.exchange}.max_position_value"
    allowed = scope[limit]
    for path in CAPS:
        if scope[path] > allowed:
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                limit,
                message=f"{name} {scope[path]:.12g} is over {scope.exchange}'s max_position_value {allowed:.12g}",
                help=f"lower {path} to {allowed:.12g} or less, or raise max_position_value",
            )
