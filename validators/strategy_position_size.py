"""A strategy's own size within the environment's largest share."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK012", needs=("strategy.parameters.position_size", "risk.global.max_position_size"))
def strategy_position_size(scope: Scope) -> Iterator[Finding]:
    """A strategy that brings its own position size keeps to the limit of the trading section's; both are fractions.

    PASS  {strategy: {parameters: {position_size: 0.1}},
           risk: {global: {max_leverage: 9, max_position_size: 0.1}}}
    FAIL  {strategy: {parameters: {position_size: 0.2}},
           risk: {global: {max_leverage: 9, max_position_size: 0.1}}}
    """
    asked, allowed = scope["strategy.parameters.position_size"], scope["risk.global.max_position_size"]
    if asked > allowed:
        yield Finding.at(
            "strategy.parameters.position_size",
            "risk.global.max_position_size",
            message=f"the strategy's position_size {asked:.12g} is over max_position_size {allowed:.12g}",
            help=f"lower strategy.parameters.position_size to {allowed:.12g} or less",
        )
