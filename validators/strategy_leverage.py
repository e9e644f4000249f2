"""A strategy's own leverage within the environment's limit."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK014", needs=("strategy.parameters.leverage", "risk.global.max_leverage"))
def strategy_leverage(scope: Scope) -> Iterator[Finding]:
    """A strategy that brings its own leverage keeps to the limit of the trading section's.

    PASS  {strategy: {parameters: {leverage: 2}}, risk: {global: {max_leverage: 3}}}
    FAIL  {strategy: {parameters: {leverage: 5}}, risk: {global: {max_leverage: 3}}}
    """
    asked, allowed = scope["strategy.parameters.leverage"], scope["risk.global.max_leverage"]
    if asked > allowed:
        yield Finding.at(
            "strategy.parameters.leverage",
            "risk.global.max_leverage",
            message=f"the strategy's leverage {asked:.12g} is over max_leverage {allowed:.12g}",
            help=f"lower strategy.parameters.leverage to {allowed:.12g} or less",
        )
