"""All stops at once within the portfolio's risk."""

from collections.abc import Iterator, Sequence

from deskc.sdk import Finding, Scope, rule

SIZE = ("trading.position_size_pct", "trading.quantity_multiplier")
STOP = ("trading.leverage", "trading.stop_loss_pct")
EXPOSURE, COUNT = "trading.max_portfolio_exposure_pct", "trading.max_concurrent_positions"
ALLOWED = "risk.global.max_portfolio_risk"


@rule("RISK008", needs=(*STOP, *SIZE, EXPOSURE, COUNT, ALLOWED), level="bot")
def risk_global_max_portfolio_risk(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """If every position that a bot may hold is stopped on the same day, the loss stays within the portfolio's risk.

    A position is taken at its worst, its share of the equity as margin: it loses share × leverage × the stop.
    Counted are the largest losses of as many positions as may be open at a time, or those that lose most for their
    share until the exposure is used up, whichever is less; of limits that differ by coin the widest.

    PASS  {trading: {leverage: 10, stop_loss_pct: 2},
           risk: {global: {max_leverage: 20, max_portfolio_risk: 0.25}}}
    FAIL  {trading: {leverage: 20, stop_loss_pct: 5},
           risk: {global: {max_leverage: 20, max_portfolio_risk: 0.25}}}
    """
    trading = sorted((scope for scope in scopes if scope.coin), key=lambda scope: -_severity(scope))
    if not trading:
        return
    worst = max(trading, key=_loss)
    widest, most = (max((worst, *trading), key=lambda scope: float(scope[path])) for path in (EXPOSURE, COUNT))
    lost = min(sum(sorted(map(_loss, trading))[-most[COUNT] :]), _lost_within(widest[EXPOSURE], trading))
    allowed = worst[ALLOWED]
    if lost > allowed * (1 + 1e-9):
        yield Finding.at(
            *(worst.at(path) for path in (*STOP, ALLOWED, *SIZE)),
            widest.at(EXPOSURE),
            most.at(COUNT),
            message=f"positions stopped together lose {lost:.12g} of equity, over max_portfolio_risk {allowed:.12g}",
            help="lower leverage, stop_loss_pct, position_size_pct or the number of positions",
        )


def _lost_within(exposure: float, trading: Sequence[Scope]) -> float:
    """Return what positions lose that share an exposure, the first of them first."""
    lost = 0.0
    for scope in trading:
        share = min(_share(scope), exposure)
        exposure -= share
        lost += share * _severity(scope)
    return lost


def _loss(scope: Scope) -> float:
    return _share(scope) * _severity(scope)


def _share(scope: Scope) -> float:
    return float(scope[SIZE[0]] * scope[SIZE[1]])


def _severity(scope: Scope) -> float:
    return float(scope[STOP[0]] * scope[STOP[1]] / 100)
