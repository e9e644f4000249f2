"""A lock file is written in one form, digit by digit, and keeps what has not changed."""

from decimal import Decimal

import pytest

from deskc.content import load_markets
from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.exchange.facts import Facts, Told
from deskc.exchange.lock import Locked, changed, lock_text, read_lock, require_whole, wanted
from deskc.markets.facts import Bracket, Price
from some_market import LOCK

NOW = 1_767_139_300
AT = "2025-12-31T00:01:40Z"
FILE = "markets/venue.yaml"
ETH = Facts(
    "ETH/USDT",
    "TRADING",
    Decimal("0.010"),
    Decimal("0.0000001"),
    Decimal("0.002"),
    None,
    Decimal(20),
    (Bracket(Decimal("5000.50"), 20), Bracket(Decimal(250000), 10)),
    Price(Decimal("2950.250"), AT, 0, "ticker of the venue"),
)
WRITTEN = """\
exchange: venue
as_of: 2025-12-31T00:01:40Z
source: the venue
coins:
  ETH:
    symbol: ETH/USDT
    status: TRADING
    tick_size: 0.010
    step_size: 0.0000001
    min_qty: 0.002
    max_qty: null
    min_notional_usd: 20
    leverage_brackets:
      - {notional_cap_usd: 5000.50, max_leverage: 20}
      - {notional_cap_usd: 250000, max_leverage: 10}
    reference_price:
      price: 2950.250
      as_of: 2025-12-31T00:01:40Z
      source: ticker of the venue
"""


def locked(text: str) -> Locked:
    """Return the lock file of that text, in which nothing is wrong."""
    read = read_lock(Tree(None, NOW, {FILE: text.encode()}), FILE)
    assert read.findings == ()
    assert read.value
    return read.value


def relocked(text: str | None, **facts: Facts) -> str:
    """Write what a venue tells over a lock file, or into a new one."""
    return lock_text(None if text is None else locked(text), Told("the venue", facts, {}), exchange="venue", now=NOW)


def test_a_new_file_has_the_form_of_a_desk_s_locks() -> None:
    """Two spaces a level, every fact in the schema's order, a bracket a line, an unknown fact null."""
    assert relocked(None, ETH=ETH) == WRITTEN
    assert locked(WRITTEN).facts["ETH"] == ETH


def test_equal_answers_make_equal_bytes() -> None:
    """Whether the file is new or written over itself."""
    assert relocked(WRITTEN, ETH=ETH) == WRITTEN


def test_what_changed_is_all_that_changes() -> None:
    """A comment stays above, beside and below its fact; an equal number keeps its own spelling."""
    text = WRITTEN.replace("    status:", "    # a human's word\n    status:").replace("250000,", "250000.0,")
    text = f"# first\n{text.replace('min_qty: 0.002', 'min_qty: 0.002  # beside')}# last\n"
    again = relocked(text, ETH=ETH._replace(min_qty=Decimal("0.003"), status="BREAK"))
    assert again == text.replace("0.002  #", "0.003  #").replace("TRADING", "BREAK")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_brackets_and_price_come_and_go_as_blocks(ending: str) -> None:
    """From null to a list and back, whatever ends the file's lines."""
    text = WRITTEN.replace("\n", ending)
    bare = relocked(text, ETH=ETH._replace(leverage_brackets=None, reference_price=None))
    assert ending.join(["    leverage_brackets: null", "    reference_price: null", ""]) in bare
    assert relocked(bare, ETH=ETH) == text


def test_a_map_in_braces_stays_one() -> None:
    """A desk may write its facts in one line each."""
    facts = "symbol: ETH/USDT, status: null, tick_size: 0.010, step_size: 0.0000001, min_qty: 0.002, max_qty: null"
    more = "min_notional_usd: 20, leverage_brackets: null, reference_price: null"
    head = WRITTEN.partition("  ETH:")[0]
    again = relocked(f"{head}  ETH: {{{facts}, {more}}}\n", ETH=ETH)
    assert again.startswith(f"{head}  ETH: {{symbol: ETH/USDT, status: TRADING, tick_size: 0.010, ")
    assert locked(again).facts["ETH"] == ETH


@pytest.mark.parametrize("coins", ["coins: {}\n", "coins: {} # none\n", "coins: { }\n"])
def test_a_first_coin_opens_the_map(coins: str) -> None:
    """An empty map becomes a block."""
    again = relocked(WRITTEN.partition("coins:")[0] + coins, ETH=ETH)
    assert locked(again).facts["ETH"] == ETH


def test_a_new_coin_stands_behind_the_others() -> None:
    """With the indent that the others have, and a line end where the file lacked one."""
    sol = ETH._replace(symbol="SOL/USDT")
    again = relocked(LOCK.removesuffix("\n"), ETH=locked(LOCK).facts["ETH"], SOL=sol)
    assert again.endswith(WRITTEN.partition("  ETH:")[2].replace("ETH/", "SOL/"))
    assert list(locked(again).facts) == ["ETH", "SOL"]


def test_a_part_of_the_coins_keeps_the_file_s_date() -> None:
    """The date holds for every coin, so it may not be newer than the oldest of them."""
    both = relocked(None, ETH=ETH, SOL=ETH._replace(symbol="SOL/USDT")).replace("as_of: 2025-12", "as_of: 2025-11")
    again = relocked(both.replace("11-31", "11-30"), ETH=ETH._replace(status="BREAK"))
    assert locked(again).exchange.as_of == "2025-11-30T00:01:40Z"
    assert locked(again).facts["ETH"].status == "BREAK"


@pytest.mark.parametrize("number", ["9007199254740993", "0.12345678901234567890"])
def test_a_number_that_yaml_would_round_is_refused(number: str) -> None:
    """A lock file never says almost what the venue said."""
    with pytest.raises(DeskcError, match="makes no lock file") as caught:
        relocked(WRITTEN, ETH=ETH._replace(max_qty=Decimal(number)))
    assert caught.value.help == "nothing was written"


def test_facts_that_contradict_each_other_are_refused() -> None:
    """What check would refuse is not written in the first place."""
    with pytest.raises(DeskcError, match="over max_qty"):
        relocked(None, ETH=ETH._replace(max_qty=Decimal("0.001")))


def test_changes_are_told_a_fact_a_line() -> None:
    """Old value, arrow, new value; a coin that is new is said to be."""
    told = Told("the venue", {"ETH": ETH._replace(tick_size=Decimal("0.1")), "SOL": ETH}, {})
    assert list(changed(locked(WRITTEN), told)) == ["ETH tick_size 0.01 → 0.1", "SOL is new: ETH/USDT"]
    assert list(changed(locked(WRITTEN), Told("the venue", {"ETH": ETH}, {}))) == []


def test_a_coin_without_a_market_stops_the_lock() -> None:
    """The file would be dated anew and still hold what nobody confirmed."""
    with pytest.raises(DeskcError, match="no market ETH, so nothing was written"):
        require_whole(locked(WRITTEN), Told("the venue", {}, {"ETH": "the venue has no market ETH"}), exchange="venue")


def test_brackets_are_never_lost_for_want_of_a_key() -> None:
    """A file that has brackets is not written over by an answer that was not allowed to tell them."""
    secret = Told("the venue", {"ETH": ETH._replace(leverage_brackets=None)}, {}, secretive=True)
    with pytest.raises(DeskcError, match="account holders alone") as caught:
        require_whole(locked(WRITTEN), secret, exchange="venue")
    assert "DESKC_EXCHANGE_API_KEY" in caught.value.help
    require_whole(None, secret, exchange="venue")


def test_every_coin_of_file_and_bots_is_asked_for_once() -> None:
    """With the symbol that the file has for it."""
    known = locked(WRITTEN)
    assert wanted(known, ("SOL", "ETH")) == {"ETH": "ETH/USDT", "SOL": None}
    assert wanted(known, ("SOL", "ETH"), ("SOL",)) == {"SOL": None}
    assert wanted(None, ()) == {}


def test_what_is_written_loads_as_every_lock_file_does() -> None:
    """The loader of check finds nothing wrong with it."""
    assert load_markets(Tree(None, NOW, {FILE: WRITTEN.encode()}), "markets/").findings == ()
