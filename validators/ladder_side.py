"""A ladder on the side that trades it."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

SIDES = ("LONG", "SHORT")


@rule("LADDER001", needs=("ladder.core.side",))
def ladder_side(scope: Scope) -> Iterator[Finding]:
    """A scope of side LONG trades a long ladder and one of side SHORT a short one; any other scope trades either.

    In a layer of side LONG:

    PASS  {ladder: {core: {side: long}}}
    FAIL  {ladder: {core: {side: short}}}
    """
    side = scope["ladder.core.side"]
    if scope.side in SIDES and scope.side != side.upper():
        yield Finding.at(
            "ladder.core.side",
            message=f"the ladder is {side}, and the scope's side is {scope.side}",
            help=f"set ladder.core.side to {scope.side.lower()} in a layer of this side",
        )
