"""Limits that somebody obeys."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK009", needs=("trading.risk_management_enabled", "risk.global.max_leverage"))
def risk_management_switch(scope: Scope) -> Iterator[Finding]:
    """Where an environment has risk limits no scope turns its risk checks off, which would leave them all unread.

    PASS  {trading: {risk_management_enabled: true}, risk: {global: {max_leverage: 20}}}
    FAIL  {trading: {risk_management_enabled: false}, risk: {global: {max_leverage: 20}}}
    """
    if not scope["trading.risk_management_enabled"]:
        yield Finding.at(
            "trading.risk_management_enabled",
            "risk.global.max_leverage",
            message="risk_management_enabled is false, and the environment's risk limits bind nothing",
            help="set trading.risk_management_enabled to true; to stop a scope, set trading.enabled to false",
        )
