"""Leverage within the exchange's bracket."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

ASKED, SIZE = "trading.leverage", "trading.max_position_size_usd"


@rule("EXCH001", needs=(ASKED, SIZE), facts="leverage_brackets")
def market_leverage_bracket(scope: Scope) -> Iterator[Finding]:
    """An order above the leverage that the exchange allows at the position's value is refused.

    PASS  {trading: {leverage: 20, max_position_size_usd: 1000}}
    FAIL  {trading: {leverage: 20, max_position_size_usd: 60000}}
    """
    asked, size = scope[ASKED], scope[SIZE]
    allowed = scope.market.max_leverage(notional_usd=size)
    if asked > allowed:
        yield Finding.at(
            ASKED,
            SIZE,
            "market.leverage_brackets",
            message=f"leverage {asked} is over {allowed}, what {scope.exchange} allows {scope.coin} at {size:.12g} usd",
            help=f"lower leverage to {allowed} or less, or max_position_size_usd to a lower bracket"
            if allowed
            else "lower max_position_size_usd to the last bracket's cap",
        )
