"""Ratios in their band."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule(
    "HC3",
    needs=(
        "ladder.constraints.m_min",
        "ladder.constraints.m_max",
        "ladder.constraints.ceiling",
        "ladder.constraints.m_head",
        "ladder.constraints.m_tail",
    ),
)
def hc3(scope: Scope) -> Iterator[Finding]:
    """From the third order on, each exceeds the one before by m_min at least and by m_max, or the ceiling, at most.

    PASS  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 50], indents_pct: [0, 8, 20]}}}
    FAIL  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 26, 54], indents_pct: [0, 8, 20]}}}
    """
    for broken in scope.broken_bounds("HC3"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="move volume between the order and its neighbours, or widen the band of m_min and m_max",
            severity=broken.severity,
        )
