"""Leverage within the environment's limit."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK901", needs=("trading.leverage", "risk.max_leverage"))
def leverage_limit(scope: Scope) -> Iterator[Finding]:
    """No scope asks for more leverage than its environment allows.

    PASS  {trading: {leverage: 3}, risk: {max_leverage: 5}}
    FAIL  {trading: {leverage: 9}, risk: {max_leverage: 5}}
    """
    asked, allowed = scope["trading.leverage"], scope["risk.max_leverage"]
    if asked > allowed:
        yield Finding.at(
            "trading.leverage",
            "risk.max_leverage",
            message=f"leverage {asked} is over max_leverage {allowed}",
            help=f"lower trading.leverage to {allowed}",
        )
