"""A wave of ratios."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule(
    "HC7",
    needs=("ladder.constraints.wave_std_min", "ladder.constraints.wave_turn_min", "ladder.constraints.wave_turns_min"),
)
def hc7(scope: Scope) -> Iterator[Finding]:
    """From seven orders on, the ratios deviate by wave_std_min at least and turn wave_turns_min times.

    PASS  {ladder: {core: {num_orders: 7}, orders: {
            volumes_pct: [3, 5, 6, 12, 14, 28, 32], indents_pct: [0, 3, 6, 9, 12, 16, 20]}}}
    FAIL  {ladder: {core: {num_orders: 7}, orders: {
            volumes_pct: [5, 7, 10, 13, 17, 21, 27], indents_pct: [0, 3, 6, 9, 12, 16, 20]}}}
    """
    for broken in scope.broken_bounds("HC7"):
        yield Finding.at(
            *broken.spots,
            message=broken.message,
            help="let strong and weak ratios follow each other, or lower the wave's bounds",
            severity=broken.severity,
        )
