"""Take profit over stop loss and costs."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

LOSS = ("trading.stop_loss_pct", "trading.slippage_tolerance_pct")


@rule("TRADE002", needs=("trading.take_profit_pct", *LOSS))
def trading_take_profit(scope: Scope) -> Iterator[Finding]:
    """A winning trade brings more than a losing one takes, after slippage; all three are percents of the price.

    PASS  {trading: {take_profit_pct: 5, stop_loss_pct: 2, slippage_tolerance_pct: 0.1}}
    FAIL  {trading: {take_profit_pct: 2, stop_loss_pct: 2, slippage_tolerance_pct: 0.1}}
    """
    gain, loss, slippage = scope["trading.take_profit_pct"], *(scope[path] for path in LOSS)
    if gain <= loss + slippage:
        yield Finding.at(
            "trading.take_profit_pct",
            *LOSS,
            message=f"take_profit_pct {gain:.12g} is not over stop_loss_pct {loss:.12g} and slippage {slippage:.12g}",
            help=f"raise take_profit_pct over {loss + slippage:.6g}, or lower stop_loss_pct",
        )
