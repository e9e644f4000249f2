"""The average position below the largest."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule


@rule("RISK004", needs=("risk.position_sizing.base_size", "risk.position_sizing.max_size"), level="bot")
def risk_position_sizing_base_size(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Sizing does not start over its own ceiling, where every adjustment would be cut off.

    PASS  {risk: {position_sizing: {base_size: 0.02, max_size: 0.05}}}
    FAIL  {risk: {position_sizing: {base_size: 0.06, max_size: 0.05}}}
    """
    scope = scopes[0]  # no layer below a bot's may set either
    start, allowed = scope["risk.position_sizing.base_size"], scope["risk.position_sizing.max_size"]
    if start > allowed:
        yield Finding.at(
            "risk.position_sizing.base_size",
            "risk.position_sizing.max_size",
            message=f"base_size {start:.12g} is over max_size {allowed:.12g}",
            help=f"lower risk.position_sizing.base_size to {allowed:.12g} or less",
        )
