"""Small sizes alone."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("OWN001", needs=("trading.size_usd",))
def size_limit(scope: Scope) -> Iterator[Finding]:
    """No scope trades more than a thousand usd at once.

    PASS  {trading: {size_usd: 100}}
    FAIL  {trading: {size_usd: 5000}}
    """
    if scope["trading.size_usd"] > 1000:
        yield Finding.at("trading.size_usd", message="size_usd is over 1000", help="lower trading.size_usd")
