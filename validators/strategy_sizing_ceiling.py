"""A strategy's own size within what sizing may give."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK017", needs=("strategy.parameters.position_size", "risk.position_sizing.max_size"))
def strategy_sizing_ceiling(scope: Scope) -> Iterator[Finding]:
    """A strategy that brings its own position size asks for no more than sizing may give; both are fractions.

    PASS  {strategy: {parameters: {position_size: 0.05}}, risk: {position_sizing: {max_size: 0.05}}}
    FAIL  {strategy: {parameters: {position_size: 0.1}}, risk: {position_sizing: {max_size: 0.05}}}
    """
    asked, allowed = scope["strategy.parameters.position_size"], scope["risk.position_sizing.max_size"]
    if asked > allowed:
        yield Finding.at(
            "strategy.parameters.position_size",
            "risk.position_sizing.max_size",
            message=f"the strategy's position_size {asked:.12g} is over max_size {allowed:.12g}",
            help=f"lower strategy.parameters.position_size to {allowed:.12g} or less",
        )
