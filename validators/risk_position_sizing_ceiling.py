"""The ceiling of sizing within the environment's largest share."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule


@rule("RISK005", needs=("risk.position_sizing.max_size", "risk.global.max_position_size"), level="bot")
def risk_position_sizing_ceiling(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Sizing, after all its adjustments, cannot give a position more than the environment allows any.

    PASS  {risk: {global: {max_leverage: 20, max_position_size: 0.1}, position_sizing: {max_size: 0.05}}}
    FAIL  {risk: {global: {max_leverage: 20, max_position_size: 0.1}, position_sizing: {max_size: 0.2}}}
    """
    scope = scopes[0]  # no layer below a bot's may set either
    given, allowed = scope["risk.position_sizing.max_size"], scope["risk.global.max_position_size"]
    if given > allowed:
        yield Finding.at(
            "risk.position_sizing.max_size",
            "risk.global.max_position_size",
            message=f"max_size {given:.12g} is over max_position_size {allowed:.12g}",
            help=f"lower risk.position_sizing.max_size to {allowed:.12g} or less",
        )
