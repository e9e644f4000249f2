"""Fractions where fractions are meant, percents where percents are."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

SLIPPAGE, SIZE = "trading.slippage_tolerance_pct", "trading.position_size_pct"
LEAST = 0.01  # percent: a basis point, less than most books are wide


@rule("UNIT001", needs=(SLIPPAGE, SIZE))
def fraction_or_percent(scope: Scope) -> Iterator[Finding]:
    """A value that its schema allows but that makes sense only in the other unit; the names do not tell them apart.

    Where 0.001 is a fraction the percent is 0.1; where 1 is a percent the fraction is 0.01.

    PASS  {trading: {slippage_tolerance_pct: 0.1, position_size_pct: 0.01}}
    FAIL  {trading: {slippage_tolerance_pct: 0.001, position_size_pct: 0.01}}
    FAIL  {trading: {slippage_tolerance_pct: 0.1, position_size_pct: 1}}
    """
    slippage, size = scope[SLIPPAGE], scope[SIZE]
    if 0 < slippage < LEAST:
        yield Finding.at(
            SLIPPAGE,
            message=f"slippage_tolerance_pct {slippage:.12g} is a percent, below {LEAST}, and looks like a fraction",
            help=f"write {slippage * 100:.12g} if the fraction {slippage:.12g} was meant",
            severity="warning",
        )
    if size == 1:
        yield Finding.at(
            SIZE,
            message="position_size_pct 1 is a fraction, all of the equity, and looks like 1 percent",
            help="write 0.01 if one percent was meant",
            severity="warning",
        )
