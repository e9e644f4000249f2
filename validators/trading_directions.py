"""A scope that may open something."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

SWITCHES = ("trading.enable_longs", "trading.enable_shorts")


@rule("TRADE004", needs=("trading.enabled", *SWITCHES))
def trading_directions(scope: Scope) -> Iterator[Finding]:
    """What is enabled may open longs or shorts; with neither it says that it trades and never does.

    PASS  {trading: {enabled: true, enable_longs: true, enable_shorts: false}}
    FAIL  {trading: {enabled: true, enable_longs: false, enable_shorts: false}}
    """
    if scope["trading.enabled"] and not any(scope[path] for path in SWITCHES):
        yield Finding.at(
            *SWITCHES,
            "trading.enabled",
            message="enabled is true, but enable_longs and enable_shorts are false, so nothing can be opened",
            help="set trading.enabled to false, or enable one of the two",
            severity="warning",
        )
