"""A position within the environment's largest share."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK002", needs=("trading.position_size_pct", "risk.global.max_position_size"))
def risk_global_max_position_size(scope: Scope) -> Iterator[Finding]:
    """No scope gives one position a larger share of the equity than its environment allows; both are fractions.

    PASS  {trading: {position_size_pct: 0.1}, risk: {global: {max_leverage: 20, max_position_size: 0.1}}}
    FAIL  {trading: {position_size_pct: 0.15}, risk: {global: {max_leverage: 20, max_position_size: 0.1}}}
    """
    asked, allowed = scope["trading.position_size_pct"], scope["risk.global.max_position_size"]
    if asked > allowed:
        yield Finding.at(
            "trading.position_size_pct",
            "risk.global.max_position_size",
            message=f"position_size_pct {asked:.12g} is over max_position_size {allowed:.12g}",
            help=f"lower trading.position_size_pct to {allowed:.12g} or less in this scope",
        )
