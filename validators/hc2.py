"""Orders that grow."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("HC2", needs=("ladder.constraints.growth_eps",))
def hc2(scope: Scope) -> Iterator[Finding]:
    """Each order is larger than the one before, or filling it would not pull the average entry after the price.

    PASS  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 50], indents_pct: [0, 8, 20]}}}
    FAIL  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [30, 30, 40], indents_pct: [0, 8, 20]}}}
    """
    for broken in scope.broken_bounds("HC2"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="make the order larger than the one before, or lower growth_eps",
            severity=broken.severity,
        )
