"""Rules of level `change` judge what became of a scope."""

from deskc.core.codes import TINY
from deskc.core.findings import Finding
from deskc.pipeline import compile_desk, judged_change, prepare
from in_memory import InMemory

COIN = "bots/maker/coins/ETH.yaml"
RULE = """\"\"\"Leverage grows slowly.\"\"\"

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule


@rule("GROW001", needs=("trading.leverage",), level="change")
def leverage_grows_slowly(before: Scope | None, after: Scope | None) -> Iterator[Finding]:
    \"\"\"Leverage is never raised by more than one at a time.\"\"\"
    if after is None:
        yield Finding.at(before.at("trading.leverage"), message="the scope is gone", help="keep it", severity="warning")
    elif before is not None and after["trading.leverage"] > before["trading.leverage"] + 1:
        was, now = before["trading.leverage"], after["trading.leverage"]
        message = f"leverage goes from {was} to {now}"
        yield Finding.at("trading.leverage", before.at("trading.leverage"), message=message, help="go slowly")
"""


def judged(before: dict[str, str], after: dict[str, str]) -> tuple[Finding, ...]:
    """Judge the change between two states of the tiny desk by the rule above."""
    common = {**TINY, "validators/grow.py": RULE}
    old = prepare(InMemory({**common, **before}), "")
    new = prepare(InMemory({**common, **after}), "")
    compilation = compile_desk(new)
    assert compilation.findings == ()
    return judged_change(old, compilation).findings


def leverage(value: int) -> dict[str, str]:
    """Set a coin's leverage."""
    return {COIN: f"trading:\n  leverage: {value}\n"}


def test_a_change_rule_sees_both_sides() -> None:
    """The finding names the place after the change first, then the one before."""
    (finding,) = judged(leverage(1), leverage(3))
    assert (finding.code, finding.severity) == ("GROW001", "error")
    assert finding.message == "leverage goes from 1 to 3"
    assert [(place.path, place.line) for place in finding.places] == [(COIN, 2)]
    assert finding.scopes == ("paper/maker/ETH",)


def test_a_small_change_is_none_of_the_rule_s_business() -> None:
    """What the rule allows yields nothing, and neither does no change at all."""
    assert judged(leverage(1), leverage(2)) == ()
    assert judged(leverage(2), leverage(2)) == ()


def test_a_scope_that_is_gone_is_judged_too() -> None:
    """None stands for the side that is not there, and its place is where it stood."""
    bot = "bots/maker/bot.yaml"
    (finding,) = judged({bot: TINY[bot].replace("[ETH]", "[ETH, SOL]")}, {})
    assert (finding.message, finding.severity, finding.scopes) == ("the scope is gone", "warning", ("paper/maker/SOL",))
