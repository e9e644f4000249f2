"""A bot's daily brake before the environment's."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("RISK006", needs=("trading.max_daily_loss_pct", "risk.global.max_daily_loss"))
def risk_global_max_daily_loss(scope: Scope) -> Iterator[Finding]:
    """A bot stops for the day before the whole environment does; both are fractions of equity.

    PASS  {trading: {max_daily_loss_pct: 0.05}, risk: {global: {max_leverage: 20, max_daily_loss: 0.08}}}
    FAIL  {trading: {max_daily_loss_pct: 0.1}, risk: {global: {max_leverage: 20, max_daily_loss: 0.08}}}
    """
    own, allowed = scope["trading.max_daily_loss_pct"], scope["risk.global.max_daily_loss"]
    if own > allowed:
        yield Finding.at(
            "trading.max_daily_loss_pct",
            "risk.global.max_daily_loss",
            message=f"max_daily_loss_pct {own:.12g} is over max_daily_loss {allowed:.12g}",
            help=f"lower trading.max_daily_loss_pct to {allowed:.12g} or less in this scope",
        )
