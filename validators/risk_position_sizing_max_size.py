"""A position within what sizing may give."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK003", needs=("trading.position_size_pct", "risk.position_sizing.max_size"))
def risk_position_sizing_max_size(scope: Scope) -> Iterator[Finding]:
    """No scope asks for a larger share of the equity than sizing may give one position; both are fractions.

    PASS  {trading: {position_size_pct: 0.05}, risk: {position_sizing: {max_size: 0.05}}}
    FAIL  {trading: {position_size_pct: 0.1}, risk: {position_sizing: {max_size: 0.05}}}
    """
    asked, allowed = scope["trading.position_size_pct"], scope["risk.position_sizing.max_size"]
    if asked > allowed:
        yield Finding.at(
            "trading.position_size_pct",
            "risk.position_sizing.max_size",
            message=f"position_size_pct {asked:.12g} is over max_size {allowed:.12g}",
            help=f"lower trading.position_size_pct to {allowed:.12g} or less in this scope",
        )
