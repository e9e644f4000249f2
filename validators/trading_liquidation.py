"""The stop before the liquidation."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("TRADE003", needs=("trading.leverage", "trading.stop_loss_pct", "trading.margin_type"))
def trading_liquidation(scope: Scope) -> Iterator[Finding]:
    """An isolated position is stopped before its margin is gone, which is when price moved by 100 percent / leverage.

    PASS  {trading: {leverage: 20, stop_loss_pct: 2, margin_type: isolated}}
    FAIL  {trading: {leverage: 50, stop_loss_pct: 2, margin_type: isolated}}
    """
    leverage, stop = scope["trading.leverage"], scope["trading.stop_loss_pct"]
    if scope["trading.margin_type"] == "isolated" and stop * leverage >= 100:  # noqa: PLR2004 - percents
        gone = 100 / leverage
        yield Finding.at(
            "trading.stop_loss_pct",
            "trading.leverage",
            message=f"stop_loss_pct {stop:.12g} is not below {gone:.4g}, where leverage {leverage} has lost the margin",
            help=f"lower stop_loss_pct well below {gone:.4g}, or lower leverage",
        )
