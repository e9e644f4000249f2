"""The codes of market facts: lock files that cannot be right, what could not be judged, and what venues say now."""

from functools import partial

from deskc.core.codes import code
from deskc.core.codes.code import Code

__all__ = ["CODES"]

_OfVenues = partial(code.Code, given_by="markets verify")

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
_BRACKETED = _GOOD.replace("leverage_brackets: null", "leverage_brackets: [{notional_cap_usd: 5000, max_leverage: 10}]")
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
    _OfVenues(
        "MARKET101",
        "A number of the lock is not the venue's any more.",
        why="Sizes are rounded and judged by a tick, step or minimum at which the venue refuses orders.",
        fix="Lock the exchange again, and read in deskc check which bots the new number touches.",
        bad={_LOCK: _GOOD.replace("step_size: 0.001", "step_size: 0.0001")},
        good={_LOCK: _GOOD},
    ),
    _OfVenues(
        "MARKET102",
        "The venue has a market in another state than its lock.",
        why="A market that is halted or being settled takes no new orders, and may close positions by itself.",
        fix="Halt the coin where its new state is none to trade in, then lock the exchange again.",
        bad={_LOCK: _GOOD.replace("status: null", "status: PRE_TRADING")},
        good={_LOCK: _GOOD.replace("status: null", "status: TRADING")},
    ),
    _OfVenues(
        "MARKET103",
        "The venue's leverage brackets are not those of the lock.",
        why="Leverage that the lock allows may be refused, or a position may be liquidated earlier than was reckoned.",
        fix="Lock the exchange again; deskc check then names each bot whose leverage is over its bracket.",
        bad={_LOCK: _BRACKETED.replace("max_leverage: 10", "max_leverage: 20")},
        good={_LOCK: _BRACKETED},
    ),
    _OfVenues(
        "MARKET104",
        "The venue has no market of that symbol.",
        why="It was delisted or renamed, so every order for the coin is refused.",
        fix="Take the coin from its bots and from the lock, or write the symbol that it has now.",
        bad={_LOCK: f"{_GOOD}  SOL:\n{_TWIN.replace('ETH', 'SOL')}"},
        good={_LOCK: _GOOD},
    ),
    _OfVenues(
        "MARKET105",
        "The venue lists a coin that is traded and that the lock leaves out.",
        why="No rule about the venue's limits runs for the coin, though the venue tells all that they need.",
        fix="Lock the exchange again: the coin's facts are then added to the others.",
        bad={_LOCK: f"{_GOOD.partition('coins:')[0]}coins: {{}}\n"},
        good={_LOCK: _GOOD},
    ),
    _OfVenues(
        "MARKET106",
        "A fact is told by only one of lock and venue.",
        why="What stands on one side alone was compared with nothing, which must not look like agreement.",
        fix="Lock the exchange again, or confirm by the venue's own pages what its public answers leave out.",
        bad={_LOCK: _GOOD.replace("min_qty: 0.001", "min_qty: null")},
        good={_LOCK: _GOOD},
    ),
    _OfVenues(
        "MARKET107",
        "A lock file is older than market facts should be.",
        why="Venues change brackets and minimums without notice, and an old file is trusted like a new one.",
        fix="Lock the exchange again, even if nothing but the date changes.",
        bad={_LOCK: _GOOD.replace("2025-11-26", "2023-01-26")},
        good={_LOCK: _GOOD},
    ),
)
