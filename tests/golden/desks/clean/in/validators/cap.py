"""Leverage within the cap."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("OWN001", needs=("trading.leverage", "risk.cap"))
def cap(scope: Scope) -> Iterator[Finding]:
    """No scope asks for more leverage than twice its cap.

    PASS  {trading: {leverage: 40}, risk: {cap: 20}}
    FAIL  {trading: {leverage: 41}, risk: {cap: 20}}
    """
    if scope["trading.leverage"] > 2 * scope["risk.cap"]:
        message = f"leverage {scope['trading.leverage']} is over twice the cap of {scope['risk.cap']}"
        yield Finding.at("trading.leverage", "risk.cap", message=message, help="lower trading.leverage")
