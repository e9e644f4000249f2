"""Take profit over stop loss and costs."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

GAIN, LOSS, SLIPPAGE = "trading.take_profit_pct", "trading.stop_loss_pct", "trading.slippage_tolerance_pct"
TAKER = "exchange.fees.taker_bps"


@rule("TRADE002", needs=(GAIN, LOSS, SLIPPAGE))
def trading_take_profit(scope: Scope) -> Iterator[Finding]:
    """A winning trade brings more than a losing one takes, after slippage and, where known, the fees of both orders.

    All are percents of the price but the fee, which is in bps.

    PASS  {trading: {take_profit_pct: 5, stop_loss_pct: 2, slippage_tolerance_pct: 0.1}}
    FAIL  {trading: {take_profit_pct: 2, stop_loss_pct: 2, slippage_tolerance_pct: 0.1}}
    """
    gain, loss, fee = scope[GAIN], scope[LOSS], scope.get(TAKER)
    costs = scope[SLIPPAGE] + 2 * (fee or 0) / 100
    if gain <= (loss + costs) * (1 + 1e-9):
        yield Finding.at(
            GAIN,
            LOSS,
            SLIPPAGE,
            *([TAKER] if fee else []),
            message=f"take_profit_pct {gain:.12g} is not over stop_loss_pct {loss:.12g} and costs of {costs:.12g}",
            help=f"raise take_profit_pct over {loss + costs:.12g}, or lower stop_loss_pct",
        )
