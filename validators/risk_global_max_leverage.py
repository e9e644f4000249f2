"""Leverage within the environment's limit."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK001", needs=("trading.leverage", "risk.global.max_leverage"))
def risk_global_max_leverage(scope: Scope) -> Iterator[Finding]:
    """No scope asks for more leverage than its environment allows.

    PASS  {trading: {leverage: 3}, risk: {global: {max_leverage: 3.0}}}
    FAIL  {trading: {leverage: 10}, risk: {global: {max_leverage: 3.0}}}
    """
    asked, allowed = scope["trading.leverage"], scope["risk.global.max_leverage"]
    if asked > allowed:
        yield Finding.at(
            "trading.leverage",
            "risk.global.max_leverage",
            message=f"leverage {asked:.12g} is over max_leverage {allowed:.12g}",
            help=f"lower trading.leverage to {int(allowed)} or less in this scope",
        )
