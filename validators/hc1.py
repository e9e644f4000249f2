"""The second order in its band."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("HC1", needs=("ladder.constraints.m2_min", "ladder.constraints.m2_max", "ladder.constraints.c2"))
def hc1(scope: Scope) -> Iterator[Finding]:
    """The second order is larger than the first by m2_min at least, and by m2_max and c2 times the first at most.

    PASS  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 50], indents_pct: [0, 8, 20]}}}
    FAIL  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [10, 30, 60], indents_pct: [0, 8, 20]}}}
    """
    for broken in scope.broken_bounds("HC1"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="move volume between the first two orders, or widen the band of m2_min, m2_max and c2",
            severity=broken.severity,
        )
