"""No plateau of ratios."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("HC6", needs=("ladder.constraints.flat", "ladder.constraints.max_plateau"))
def hc6(scope: Scope) -> Iterator[Finding]:
    """No more than max_plateau ratios in a row move by less than flat.

    PASS  {ladder: {core: {num_orders: 6}, orders: {
            volumes_pct: [6, 8, 14, 16, 26, 30], indents_pct: [0, 3, 6, 10, 15, 20]}}}
    FAIL  {ladder: {core: {num_orders: 6}, orders: {
            volumes_pct: [10, 12, 14.4, 17.3, 20.7, 25.6], indents_pct: [0, 3, 6, 10, 15, 20]}}}
    """
    for broken in scope.broken_bounds("HC6"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="vary the ratios along the ladder, or raise max_plateau",
            severity=broken.severity,
        )
