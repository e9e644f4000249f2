"""No sharp turn of the ratio."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("HC4", needs=("ladder.constraints.slope_cap",))
def hc4(scope: Scope) -> Iterator[Finding]:
    """From one order to the next the martingale ratio changes by slope_cap at most, so that no single fill surprises.

    PASS  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 50], indents_pct: [0, 8, 20]}}}
    FAIL  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 22, 58], indents_pct: [0, 8, 20]}}}
    """
    for broken in scope.broken_bounds("HC4"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="soften the ratios around the order, or raise slope_cap",
            severity=broken.severity,
        )
