"""A position within what sizing may give."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

SIZE, MULTIPLIER, LIMIT = "trading.position_size_pct", "trading.quantity_multiplier", "risk.position_sizing.max_size"


@rule("RISK003", needs=(SIZE, MULTIPLIER, LIMIT))
def risk_position_sizing_max_size(scope: Scope) -> Iterator[Finding]:
    """No scope asks for a larger share of the equity than sizing may give one position; both are fractions.

    A quantity multiplier over 1 enlarges every position, so the share is judged with it.

    PASS  {trading: {position_size_pct: 0.05}, risk: {position_sizing: {max_size: 0.05}}}
    FAIL  {trading: {position_size_pct: 0.1}, risk: {position_sizing: {max_size: 0.05}}}
    FAIL  {trading: {position_size_pct: 0.05, quantity_multiplier: 2},
           risk: {position_sizing: {max_size: 0.05}}}
    """
    asked, allowed, factor = scope[SIZE], scope[LIMIT], max(1, scope[MULTIPLIER])
    if asked * factor > allowed * (1 + 1e-9):
        enlarged = factor > 1
        product = f" × quantity_multiplier {factor:.12g} is {asked * factor:.12g}," if enlarged else " is"
        yield Finding.at(
            SIZE,
            *([MULTIPLIER] if enlarged else []),
            LIMIT,
            message=f"position_size_pct {asked:.12g}{product} over max_size {allowed:.12g}",
            help=f"lower {SIZE} to {allowed / factor:.12g} or less in this scope" + ", or its multiplier" * enlarged,
        )
