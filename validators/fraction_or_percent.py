"""Fractions where fractions are meant, percents where percents are."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

UNITS = {"trading.slippage_tolerance_pct": ("percent", 100), "trading.min_spread_bps": ("bps", 10_000)}
SIZE = "trading.position_size_pct"
LEAST = 0.01  # a basis point, or a hundredth of one: no market offers less as a distance to choose


@rule("UNIT001", needs=(*UNITS, SIZE))
def fraction_or_percent(scope: Scope) -> Iterator[Finding]:
    """A value may keep to its schema and make sense in another unit alone; a setting's name does not tell which it has.

    PASS  {trading: {slippage_tolerance_pct: 0.1, min_spread_bps: 3, position_size_pct: 0.01}}
    FAIL  {trading: {slippage_tolerance_pct: 0.001}}
    FAIL  {trading: {min_spread_bps: 0.0003}}
    FAIL  {trading: {position_size_pct: 1}}
    """
    for path, (unit, whole) in UNITS.items():
        value = scope[path]
        if 0 < value < LEAST:
            name = path.partition(".")[2]
            yield Finding.at(
                path,
                message=f"{name} {value:.12g} is in {unit}, below {LEAST}, and looks like a fraction",
                help=f"write {value * whole:.12g} if the fraction {value:.12g} was meant",
                severity="warning",
            )
    if scope[SIZE] == 1:
        yield Finding.at(
            SIZE,
            message="position_size_pct 1 is a fraction, all of the equity, and looks like 1 percent",
            help="write 0.01 if one percent was meant",
            severity="warning",
        )
