"""Little first, enough last."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("HC5", needs=("ladder.constraints.q1_cap", "ladder.constraints.tail_floor", "ladder.constraints.tail_cap"))
def hc5(scope: Scope) -> Iterator[Finding]:
    """The first quarter holds q1_cap at most, the last one tail_floor at least, and the last order tail_cap at most.

    Quarters are rounded up to whole orders.

    PASS  {ladder: {core: {num_orders: 4}, orders: {
            volumes_pct: [12, 20, 30, 38], indents_pct: [0, 5, 12, 20]}}}
    FAIL  {ladder: {core: {num_orders: 4}, orders: {
            volumes_pct: [24, 24.5, 25, 26.5], indents_pct: [0, 5, 12, 20]}}}
    """
    for broken in scope.broken_bounds("HC5"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="move volume between the ends of the ladder, or the limit",
            severity=broken.severity,
        )
