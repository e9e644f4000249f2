"""One upper bound for the second order."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("LADDER002", needs=("ladder.constraints.m2_max", "ladder.constraints.c2"))
def ladder_second_order(scope: Scope) -> Iterator[Finding]:
    """A ratio up to m2_max makes the second order at most c2 times the first; else the smaller would hold in silence.

    PASS  {ladder: {constraints: {m2_max: 0.5, c2: 1.5}}}
    FAIL  {ladder: {constraints: {m2_max: 0.8, c2: 1.5}}}
    """
    asked, multiple = scope["ladder.constraints.m2_max"], scope["ladder.constraints.c2"]
    if asked > multiple - 1 + 1e-9:
        yield Finding.at(
            "ladder.constraints.m2_max",
            "ladder.constraints.c2",
            message=f"m2_max {asked:.12g} is over c2 - 1, which is {multiple - 1:.12g}",
            help=f"lower m2_max to {multiple - 1:.12g} or raise c2 to {asked + 1:.12g}",
        )
