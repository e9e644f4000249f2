"""A day's loss within a strategy's drawdown."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK007", needs=("trading.max_daily_loss_pct", "risk.global.max_strategy_drawdown"))
def risk_global_max_strategy_drawdown(scope: Scope) -> Iterator[Finding]:
    """No single day may lose more than retires the strategy, or its daily brake could never act.

    PASS  {trading: {max_daily_loss_pct: 0.05},
           risk: {global: {max_leverage: 20, max_strategy_drawdown: 0.15}}}
    FAIL  {trading: {max_daily_loss_pct: 0.2},
           risk: {global: {max_leverage: 20, max_strategy_drawdown: 0.15}}}
    """
    day, allowed = scope["trading.max_daily_loss_pct"], scope["risk.global.max_strategy_drawdown"]
    if day > allowed:
        yield Finding.at(
            "trading.max_daily_loss_pct",
            "risk.global.max_strategy_drawdown",
            message=f"max_daily_loss_pct {day:.12g} is over max_strategy_drawdown {allowed:.12g}",
            help=f"lower trading.max_daily_loss_pct to {allowed:.12g} or less in this scope",
        )
