"""A strategy's own size within the environment's largest share."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

LIMITS = ("risk.global.max_position_size", "risk.position_sizing.max_size")


@rule("RISK012", needs=("strategy.parameters.position_size", *LIMITS))
def strategy_position_size(scope: Scope) -> Iterator[Finding]:
    """A strategy that brings its own position size keeps to the limits of the trading section's; all are fractions.

    PASS  {strategy: {parameters: {position_size: 0.02}},
          risk: {global: {max_leverage: 9, max_position_size: 0.1}, position_sizing: {max_size: 0.05}}}
    FAIL  {strategy: {parameters: {position_size: 0.1}},
          risk: {global: {max_leverage: 9, max_position_size: 0.1}, position_sizing: {max_size: 0.05}}}
    """
    asked = scope["strategy.parameters.position_size"]
    limit = min(LIMITS, key=lambda path: float(scope[path]))
    if asked > scope[limit]:
        name = limit.rpartition(".")[2]
        yield Finding.at(
            "strategy.parameters.position_size",
            limit,
            message=f"the strategy's position_size {asked:.12g} is over {name} {scope[limit]:.12g}",
            help=f"lower strategy.parameters.position_size to {scope[limit]:.12g} or less",
        )
