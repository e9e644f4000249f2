"""Sides that a venue holds apart."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("TRADE005", needs=("trading.position_mode",))
def trading_hedge_mode(scope: Scope) -> Iterator[Finding]:
    """Scopes by side need hedge mode: in one-way mode a coin's longs and shorts net into one position.

    PASS  {trading: {position_mode: hedge}}
    FAIL  {trading: {position_mode: one-way}}
    """
    mode = scope["trading.position_mode"]
    if scope.side and mode != "hedge":
        yield Finding.at(
            "trading.position_mode",
            message=f"position_mode is {mode}, where {scope.coin}'s longs and shorts are one position",
            help="set trading.position_mode to hedge, or take bot.sides away",
        )
