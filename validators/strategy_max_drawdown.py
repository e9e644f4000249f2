"""A strategy's own drawdown within the environment's."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK013", needs=("strategy.parameters.max_drawdown", "risk.global.max_strategy_drawdown"))
def strategy_max_drawdown(scope: Scope) -> Iterator[Finding]:
    """A strategy stops itself no later than its environment would stop it; both are fractions of its peak.

    PASS  {strategy: {parameters: {max_drawdown: 0.1}},
           risk: {global: {max_leverage: 9, max_strategy_drawdown: 0.15}}}
    FAIL  {strategy: {parameters: {max_drawdown: 0.2}},
           risk: {global: {max_leverage: 9, max_strategy_drawdown: 0.15}}}
    """
    own, allowed = scope["strategy.parameters.max_drawdown"], scope["risk.global.max_strategy_drawdown"]
    if own > allowed:
        yield Finding.at(
            "strategy.parameters.max_drawdown",
            "risk.global.max_strategy_drawdown",
            message=f"the strategy's max_drawdown {own:.12g} is over max_strategy_drawdown {allowed:.12g}",
            help=f"lower strategy.parameters.max_drawdown to {allowed:.12g} or less",
        )
