"""The codes of market facts: lock files that cannot be right, and what could not be judged for want of a fact."""

from deskc.core.codes.code import Code

__all__ = ["CODES"]

_LOCK = "markets/venue.yaml"
_RULE = "validators/order_value.py"
_GOOD = """\
exchange: venue
as_of: 2025-11-26T03:36:10Z
source: the venue's public list of markets
coins:
  ETH:
    symbol: ETH/USDT
    status: null
    tick_size: 0.01
    step_size: 0.001
    min_qty: 0.001
    max_qty: 500
    min_notional_usd: 20
    leverage_brackets: null
    reference_price: null
"""
_TWIN = _GOOD.partition("  ETH:\n")[2].replace("ETH/USDT", "ETH/USD")
_BRACKETS = """\
leverage_brackets:
      - {notional_cap_usd: 5000, max_leverage: 20}
      - {notional_cap_usd: 9000, max_leverage: 10}"""
_ASKING = '''\
"""Orders worth the venue's minimum."""

from deskc.sdk import Finding, rule


@rule("OWN002", needs=("trading.size_usd",), facts="min_notional_usd")
def order_value(scope):
    """No order is smaller than the venue takes.

    PASS  {trading: {size_usd: 100}}
    FAIL  {trading: {size_usd: 1}}
    """
    if scope["trading.size_usd"] < scope.market.min_notional_usd:
        yield Finding.at("trading.size_usd", message="size_usd is too small", help="raise trading.size_usd")
'''

CODES = (
    Code(
        "MARKET001",
        "A lock file is about another exchange than its name says.",
        why="Facts are found by the file's name, so a bot would be judged by another venue's rules.",
        fix="Rename the file, or copy the facts of the exchange that it is named after.",
        bad={_LOCK: _GOOD.replace("exchange: venue", "exchange: venue_spot")},
        good={_LOCK: _GOOD},
    ),
    Code(
        "MARKET002",
        "Two coins of a lock file differ only by case.",
        why="People mix them up, and whoever corrects one of the two may leave the bots with the other.",
        fix="Keep the entry whose name the bots use.",
        bad={_LOCK: f"{_GOOD}  eth:\n{_TWIN}"},
        good={_LOCK: f"{_GOOD}  SOL:\n{_TWIN.replace('ETH', 'SOL')}"},
    ),
    Code(
        "MARKET003",
        "A date of market facts is one that no calendar has.",
        why="The age of a fact decides whether it is trusted, and a wrong date has none.",
        fix="Write when the facts were read, in UTC.",
        bad={_LOCK: _GOOD.replace("2025-11-26", "2025-02-30")},
        good={_LOCK: _GOOD},
    ),
    Code(
        "MARKET004",
        "Two facts of one market contradict each other.",
        why="No order could satisfy both, so at least one of them was copied wrongly.",
        fix="Copy both again: smallest quantity below the largest, brackets with rising caps and falling leverage.",
        bad={_LOCK: _GOOD.replace("max_qty: 500", "max_qty: 0.0001")},
        good={_LOCK: _GOOD.replace("leverage_brackets: null", _BRACKETS)},
    ),
    Code(
        "MARKET005",
        "A lock file does not know a coin that a bot trades there.",
        why="Nothing that depends on the venue's rules is judged for it: neither minimum, nor step, nor leverage.",
        fix="Correct the coin's name, or add its facts; null stands for each that no public source tells.",
        bad={_LOCK: _GOOD.replace("  ETH:", "  SOL:")},
        good={_LOCK: _GOOD},
    ),
    Code(
        "MARKET006",
        "A rule could not run, because a fact that it needs is null.",
        why="Silence of a rule must never be mistaken for its consent.",
        fix="Add the fact with the next lock, once a public source tells it; the rule then runs by itself.",
        bad={_LOCK: _GOOD.replace("min_notional_usd: 20", "min_notional_usd: null"), _RULE: _ASKING},
        good={_LOCK: _GOOD, _RULE: _ASKING},
    ),
    Code(
        "MARKET007",
        "An exchange has no lock file, though a rule needs market facts.",
        why="The rule did not run for any coin that is traded there.",
        fix="Add the exchange's lock file to the desk's folder of markets; null stands for a fact that nobody knows.",
        bad={_RULE: _ASKING},
        good={_LOCK: _GOOD, _RULE: _ASKING},
    ),
)
