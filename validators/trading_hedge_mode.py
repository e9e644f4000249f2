"""Sides that a venue holds apart."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule


@rule("TRADE005", needs=("trading.position_mode",), level="bot")
def trading_hedge_mode(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """A bot with scopes for longs and for shorts needs hedge mode: one-way mode nets a coin into one position.

    PASS  {trading: {position_mode: hedge}}
    FAIL  {trading: {position_mode: one-way}}
    """
    sides = {scope.side for scope in scopes if scope.side}
    for scope in scopes:
        if scope.side and len(sides) > 1 and scope["trading.position_mode"] != "hedge":
            yield Finding.at(
                scope.at("trading.position_mode"),
                message=f"position_mode is {scope['trading.position_mode']}, where longs and shorts are one position",
                help="set trading.position_mode to hedge, or name one side in bot.sides",
            )
