"""A ladder that is one."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule(
    "HC0",
    needs=(
        "ladder.core.overlap_pct",
        "ladder.core.num_orders",
        "ladder.core.base_price",
        "ladder.generation.min_indent_step_pct",
        "ladder.generation.first_indent_pct",
        "ladder.constraints.first_volume_min",
        "ladder.normalization.post_round_2dp",
    ),
)
def hc0(scope: Scope) -> Iterator[Finding]:
    """Volumes sum to 100, indents rise by the least step from the first indent to the overlap, and prices stay above 0.

    Orders of two decimals are judged without tolerance. Where none are set, the bounds have to leave room for some.

    PASS  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 50], indents_pct: [0, 8, 20]}}}
    FAIL  {ladder: {core: {num_orders: 3}, orders: {volumes_pct: [20, 30, 51], indents_pct: [0, 8, 20]}}}
    """
    for broken in scope.broken_bounds("HC0"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="correct the orders, or the setting that they are measured by",
            severity=broken.severity,
        )
