"""Limits that somebody obeys."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

SWITCH = "trading.risk_management_enabled"
LIMITS = ("risk.global", "risk.position_sizing", "risk.circuit_breakers", "risk.exchange_limits")


@rule("RISK009", needs=(SWITCH,))
def risk_management_switch(scope: Scope) -> Iterator[Finding]:
    """Where an environment has risk limits no scope turns its risk checks off, which would leave them all unread.

    PASS  {trading: {risk_management_enabled: true}, risk: {global: {max_leverage: 20}}}
    FAIL  {trading: {risk_management_enabled: false}, risk: {global: {max_leverage: 20}}}
    """
    if scope[SWITCH]:
        return
    limits = [path for path in LIMITS if path in scope]
    if limits:
        yield Finding.at(
            SWITCH,
            limits[0],
            message="risk_management_enabled is false, and the environment's risk limits bind nothing",
            help="set trading.risk_management_enabled to true; to stop a scope, set trading.enabled to false",
        )
