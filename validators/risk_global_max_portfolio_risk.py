"""All stops at once within the portfolio's risk."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule

LOSS = ("trading.position_size_pct", "trading.leverage", "trading.stop_loss_pct")
LIMITS = ("trading.max_portfolio_exposure_pct", "trading.max_concurrent_positions", "risk.global.max_portfolio_risk")


@rule("RISK008", needs=(*LOSS, *LIMITS), level="bot")
def risk_global_max_portfolio_risk(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """If every position that a bot may hold is stopped on the same day, the loss stays within the portfolio's risk.

    A position is taken at its worst, its share of the equity as margin: it loses share × leverage × the stop.
    As many positions as may be open at a time are counted, the worst first, until the exposure is used up.

    PASS  {trading: {leverage: 10, stop_loss_pct: 2},
           risk: {global: {max_leverage: 20, max_portfolio_risk: 0.25}}}
    FAIL  {trading: {leverage: 20, stop_loss_pct: 5},
           risk: {global: {max_leverage: 20, max_portfolio_risk: 0.25}}}
    """
    trading = [(_severity(scope), scope) for scope in scopes if scope.coin]
    if not trading:
        return
    trading.sort(key=lambda pair: -pair[0])
    worst = trading[0][1]
    exposure, count, allowed = (worst[path] for path in LIMITS)
    lost = 0.0
    for severity, scope in trading[:count]:
        share = min(scope["trading.position_size_pct"], exposure)
        exposure -= share
        lost += share * severity
    if lost > allowed * (1 + 1e-9):
        yield Finding.at(
            *(worst.at(path) for path in (*LOSS[1:], LIMITS[2], LOSS[0], *LIMITS[:2])),
            message=f"positions stopped together lose {lost:.4g} of equity, over max_portfolio_risk {allowed:.12g}",
            help="lower leverage, stop_loss_pct, position_size_pct or the number of positions",
        )


def _severity(scope: Scope) -> float:
    return float(scope["trading.leverage"] * scope["trading.stop_loss_pct"] / 100)
