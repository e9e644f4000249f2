"""Leverage at a venue on this machine, through the real client: every row of its table of errors, and more."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import ccxt
import pytest

from deskc.core.errors import DeskcError
from deskc.exchange.client import open_client
from deskc.exchange.leverage import Leverages, wanted
from deskc.exchange.library import Credentials
from deskc.exchange.meanings import meaning
from deskc.ledger.ledger import Ledger, Run
from deskc.ledger.open import open_ledger
from deskc.ledger.recording import Recording
from deskc.runtime.frames import Record
from deskc.runtime.scopes import Scope
from deskc.testing import snapshot
from loopback_exchange import DROPPED, KEY, SECRET, Answer, Scripted, Symbol, Venue, serve

RUN = Run("production", "mm", "main")
SYMBOLS = {"BTC": "BTCUSDT", "ETH": "ETH/USDT:USDT", "GONE": "GONEUSDT"}
LEVERAGE, MARGIN, MODE = (f"POST /fapi/v1/{name}" for name in ("leverage", "marginType", "positionSide/dual"))
READ = "GET /fapi/v1/symbolConfig"
SECOND_READ_FAILS: list[Scripted] = [lambda _: None, lambda _: (503, {})]


@dataclass(slots=True)
class Bot:
    """A bot of BTC at 10x, isolated and one-way, and what it was told."""

    venue: Venue
    ledger: Ledger
    leverages: Leverages
    events: list[tuple[str, str]] = field(default_factory=list)

    def rows(self) -> Sequence[tuple[object, ...]]:
        """Return coin, configured, actual, margin type and error of the newest rows."""
        return [(row.coin, row.configured, row.actual, row.margin_type, row.error) for row in self.ledger.leverage()]


@pytest.fixture
def venue() -> Iterator[Venue]:
    """Start a venue with BTC and ETH at 20x, crossed."""
    with serve(Symbol("BTC"), Symbol("ETH")) as venue:
        yield venue


@pytest.fixture
def bot(venue: Venue, tmp_path: Path) -> Iterator[Bot]:
    """Let a bot have a new ledger and the real client."""
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db", create=True) as ledger:
        events: list[tuple[str, str]] = []

        def tell(event: str, message: str, *, severity: str, details: Mapping[str, Any] | None) -> None:
            assert (event, details is not None) == ("leverage", True)
            events.append((severity, message))

        yield Bot(venue, ledger, Leverages(client(venue), RUN, symbols=SYMBOLS, ledger=ledger, tell=tell), events)


def client(venue: Venue, *, timeout_s: float = 10) -> Any:  # noqa: ANN401 - ccxt publishes no types
    """Open a client that sends to the venue, as fast as it can."""
    access = Credentials(KEY, SECRET)
    opened = open_client("binance_usdm", credentials=access, url=venue.url, timeout_s=timeout_s)
    opened.enableRateLimit = False
    return opened


def scope(coin: str = "BTC", /, **trading: str | int) -> Scope:
    """Return a coin's settings."""
    settings = {"leverage": 10, "margin_type": "isolated", "position_mode": "one-way", **trading}
    return snapshot({"coins": {coin: {"trading": settings}}})[coin]


def says(status: int, code: int, message: str = "said") -> Scripted:
    """Answer with an error in place of the venue."""
    return lambda _: (status, {"code": code, "msg": message})


def position(size: float = 1, **state: object) -> Scripted:
    """Open a position just before the venue answers."""

    def happens(venue: Venue) -> None:
        symbol = venue.symbols["BTCUSDT"]
        symbol.position = size
        for name, value in state.items():
            setattr(symbol, name, value)

    return happens


def hangs(*, leverage: int) -> Scripted:
    """Do what is asked, and answer only when the test is over."""

    def happens(venue: Venue) -> Answer:
        venue.symbols["BTCUSDT"].leverage = leverage
        venue.let_go.wait()
        return DROPPED

    return happens


class Case(NamedTuple):
    """What happens where, and what must come of it: actual, margin type, sizing, severity and words of the problem."""

    script: Mapping[str, list[Scripted]]
    actual: int | None
    margin_type: str | None
    sizing: int | None
    severity: str | None
    problem: str
    trading: Mapping[str, str | int] = {}


NOTHING_READ = "nothing could be read: the venue cannot be reached"
CASES = {
    "all is set": Case({}, 10, "isolated", 10, None, ""),
    "-4028 refuses": Case({}, 20, "isolated", None, "error", "-4028: the venue takes no such", {"leverage": 75}),
    "-4046 is success": Case({MARGIN: [position(0, margin_type="ISOLATED")]}, 10, "isolated", 10, None, ""),
    "-4048 goes on": Case({MARGIN: [position()]}, 10, "cross", 10, "warning", "-4048: the margin type cannot change"),
    "-4059 is success": Case({MODE: [says(400, -4059)]}, 10, "isolated", 10, None, ""),
    "-4161 goes on with the actual": Case(
        {LEVERAGE: [position()]}, 20, "isolated", 20, "warning", "-4161: leverage cannot be reduced"
    ),
    "-4164 refuses": Case({LEVERAGE: [says(400, -4164)]}, 20, "isolated", None, "error", "-4164: the order is below"),
    "an unknown code refuses": Case({LEVERAGE: [says(400, -4999)]}, 20, "isolated", None, "error", "-4999: the venue"),
    "a position under crossed margin": Case(
        {READ: [position()]}, 10, "cross", 10, "warning", "-4048: the margin type cannot change"
    ),
    "half of it is set": Case(
        {LEVERAGE: [lambda _: (503, {})]}, 20, "isolated", 20, "warning", "the venue cannot be reached"
    ),
    "a rate limit": Case({LEVERAGE: [says(429, -1003)]}, 20, "isolated", 20, "warning", "limits the rate"),
    "a rate limit by code": Case({LEVERAGE: [says(400, -1003)]}, 20, "isolated", 20, "warning", "limits the rate"),
    "a timeout behind the venue": Case({LEVERAGE: [says(400, -1007)]}, 20, "isolated", 20, "warning", "in time"),
    "a line that breaks": Case(
        {LEVERAGE: [lambda _: DROPPED]}, 20, "isolated", 20, "warning", "the venue cannot be reached"
    ),
    "another leverage than was set": Case(
        {LEVERAGE: [lambda _: (200, {"symbol": "BTCUSDT", "leverage": 10})]},
        *(20, "isolated", 20, "warning", "10x isolated was set without an error"),
    ),
    "nothing to read before": Case({READ: [lambda _: (503, {})]}, None, None, None, "error", NOTHING_READ),
    "nothing to read after": Case({READ: SECOND_READ_FAILS}, None, None, None, "error", NOTHING_READ),
    "rate limited before": Case({READ: [says(418, -1003)]}, None, None, None, "error", "limits the rate of requests"),
    "an account in the other mode": Case(
        {MODE: [says(400, -4068)]}, 20, "cross", None, "error", "-4068", {"position_mode": "hedge"}
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_answer_of_the_venue_has_its_course(bot: Bot, case: Case) -> None:
    """Row, event and what sizes use follow from what was said and what was read back after it."""
    bot.venue.script.update({endpoint: list(steps) for endpoint, steps in case.script.items()})
    bring = bot.leverages.force if "-4059" in str(case.script) or MODE in case.script else bot.leverages.ensure
    answer = bring(scope(**case.trading))
    assert (answer.actual, answer.margin_type, answer.sizing) == (case.actual, case.margin_type, case.sizing)
    assert case.problem in answer.problem
    assert [severity for severity, _ in bot.events] == ([case.severity] if case.severity else [])
    configured = case.trading.get("leverage", 10)
    assert bot.rows() == [("BTC", configured, case.actual, case.margin_type, answer.problem or None)]
    was_set = any(one.startswith("POST") for one in bot.venue.asked)
    assert (answer.last_attempt_ns is not None) == was_set
    assert not was_set or bot.venue.asked[-1] == READ


RAISED = [
    (LEVERAGE, -4028, "Leverage 75 is not valid", ccxt.BadRequest),
    (MARGIN, -4048, "Margin type cannot be changed if there exists position.", ccxt.OperationRejected),
    (MODE, -4059, "No need to change position side.", ccxt.OperationRejected),
    (LEVERAGE, -4161, "Leverage reduction is not supported.", ccxt.ExchangeError),
]


@pytest.mark.parametrize(("endpoint", "code", "message", "raised"), RAISED, ids=[str(row[1]) for row in RAISED])
def test_the_client_raises_what_the_table_says(
    venue: Venue, endpoint: str, code: int, message: str, raised: type[Exception]
) -> None:
    """By its own table of errors, which it finds by the address that it was made for and not by the loopback's."""
    opened = client(venue)
    opened.load_markets()
    venue.script[endpoint] = [says(400, code, message)]
    calls = {
        LEVERAGE: lambda: opened.set_leverage(10, "BTC/USDT:USDT"),
        MARGIN: lambda: opened.set_margin_mode("isolated", "BTC/USDT:USDT"),
        MODE: lambda: opened.set_position_mode(hedged=False),
    }
    with pytest.raises(raised) as caught:
        calls[endpoint]()
    assert (type(caught.value), meaning(caught.value).code) == (raised, code)


def test_a_margin_type_that_is_set_already_is_no_error(venue: Venue) -> None:
    """Of −4046 the client makes an exception that it keeps to itself, unless it is told otherwise."""
    opened = client(venue)
    opened.options["setMarginMode"] = {"throwMarginModeAlreadySet": True}
    with pytest.raises(ccxt.MarginModeAlreadySet) as caught:
        opened.set_margin_mode("cross", "BTC/USDT:USDT")
    assert (meaning(caught.value).course, meaning(caught.value).code) == ("fine", -4046)


def test_an_order_below_the_minimum_notional_is_refused(venue: Venue) -> None:
    """−4164 is an order's error, so a real order brings it about."""
    with pytest.raises(ccxt.InvalidOrder) as caught:
        client(venue).create_order("BTC/USDT:USDT", "limit", "buy", 0.001, 50000)
    assert meaning(caught.value) == ("refuse", "-4164: the order is below the minimum notional value", -4164)


def test_what_is_right_is_left_alone_unless_forced(bot: Bot) -> None:
    """Ensure sends nothing then; force sends everything, and that it was so already is no problem."""
    bot.leverages.ensure(scope())
    bot.venue.asked.clear()
    again = bot.leverages.ensure(scope())
    assert (again.sizing, again.problem, again.last_attempt_ns) == (10, "", None)
    assert [one for one in bot.venue.asked if one.startswith("POST")] == []
    forced = bot.leverages.force(scope())
    assert (forced.sizing, forced.problem) == (10, "")
    assert [one for one in bot.venue.asked if one.startswith("POST")] == [MODE, MARGIN, LEVERAGE]
    assert bot.events == []


def test_status_sets_nothing_and_tells_of_a_difference(bot: Bot) -> None:
    """The alert names both, and what sizes use; the row keeps when something was last set."""
    bot.leverages.ensure(scope())
    (row,) = bot.ledger.leverage()
    bot.venue.symbols["BTCUSDT"].leverage = 7
    bot.venue.asked.clear()
    answer = bot.leverages.status(scope())
    assert (answer.actual, answer.sizing, answer.refused) == (7, 7, False)
    assert [one for one in bot.venue.asked if one.startswith("POST")] == []
    assert bot.events == [
        ("warning", "BTC: 10x isolated is configured, the venue has 7x isolated, and sizes use 7x"),
    ]
    assert [one.last_attempt_ns for one in bot.ledger.leverage()] == [row.last_attempt_ns]


@pytest.mark.parametrize(
    ("coin", "problem"),
    [("GONE", "the venue does not know this symbol"), ("DOGE", "the market lock names no symbol of DOGE")],
)
def test_a_symbol_that_nobody_knows_is_refused(bot: Bot, coin: str, problem: str) -> None:
    """Whether the venue lacks it or the lock: there is a row and an event, and nothing is set."""
    answer = bot.leverages.ensure(scope(coin))
    assert (answer.sizing, answer.actual) == (None, None)
    assert problem in answer.problem
    assert [severity for severity, _ in bot.events] == ["error"]
    assert bot.rows() == [(coin, 10, None, None, answer.problem)]


def test_a_venue_that_is_down_refuses(bot: Bot, venue: Venue) -> None:
    """Nobody listens where the client sends to."""
    with serve() as gone:
        pass
    bot.leverages = Leverages(client(gone), RUN, symbols=SYMBOLS, ledger=bot.ledger, tell=lambda *_, **__: None)
    assert bot.leverages.ensure(scope()).problem == NOTHING_READ
    assert bot.rows() == [("BTC", 10, None, None, NOTHING_READ)]
    assert venue.asked == []


def test_a_set_that_is_not_answered_in_time_is_judged_by_what_is_there_then(bot: Bot, venue: Venue) -> None:
    """The venue may have done it: what is read back says so."""
    bot.leverages = Leverages(
        client(venue, timeout_s=0.2), RUN, symbols=SYMBOLS, ledger=bot.ledger, tell=lambda *_, **__: None
    )
    venue.script[LEVERAGE] = [hangs(leverage=10)]
    answer = bot.leverages.ensure(scope())
    assert (answer.actual, answer.sizing, answer.problem) == (10, 10, "the venue did not answer in time")


def test_one_coin_that_goes_wrong_does_not_keep_the_others(bot: Bot) -> None:
    """All coins of a snapshot are brought to their settings, each with a row of its own."""
    trading = {"leverage": 10, "margin_type": "isolated", "position_mode": "one-way"}
    snap = snapshot({"trading": trading, "coins": {"BTC": {}, "ETH": {}, "GONE": {}}})
    bot.venue.script[LEVERAGE] = [says(400, -4161)]
    answers = bot.leverages.sync_all(snap.scopes)
    assert [(one.coin, one.sizing) for one in answers] == [("BTC", 20), ("ETH", 10), ("GONE", None)]
    assert [row[:3] for row in bot.rows()] == [("BTC", 10, 20), ("ETH", 10, 10), ("GONE", 10, None)]


def test_sides_that_want_two_leverages_of_one_symbol_are_refused(bot: Bot) -> None:
    """A venue keeps one a symbol, and nobody guesses which: one side at a time can be ensured."""
    coins = {("BTC", "LONG"): {"trading": {"leverage": 20}}, ("BTC", "SHORT"): {"trading": {"leverage": 15}}}
    snap = snapshot({"trading": {"position_mode": "hedge"}, "coins": coins})
    (answer,) = bot.leverages.sync_all(snap.scopes)
    assert "the sides want LONG 20x isolated, SHORT 15x isolated" in answer.problem
    assert (answer.sizing, [one for one in bot.venue.asked if one.startswith("POST")]) == (None, [])
    assert bot.leverages.ensure(snap["BTC", "SHORT"]).sizing == 15
    assert bot.venue.hedged


def test_no_secret_and_no_signed_address_is_on_record(bot: Bot, tmp_path: Path) -> None:
    """What the client says of a failure holds the address with its signature; rows and events do not."""
    bot.venue.script[READ] = [lambda _: DROPPED]
    bot.leverages.ensure(scope())
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        kept = "".join(connection.iterdump())
    for text in (kept, repr(bot.events), repr(Credentials(KEY, SECRET))):
        assert not any(one in text for one in (KEY, SECRET, "signature", "http"))


@pytest.mark.parametrize(
    ("exchange", "url", "message"),
    [
        ("hyperliquid", None, "deskc keeps the leverage of binance_usdm, not of hyperliquid"),
        ("binance_usdm", "http://venue.example", "would travel to venue.example in the clear"),
        ("binance_usdm", "https://venue.example/path", "is none of an exchange"),
        ("binance_usdm", "https://[::1", "is none of an exchange"),
        ("binance_usdm", "", "is none of an exchange"),
    ],
)
def test_an_address_or_venue_of_no_use_is_refused(exchange: str, url: str | None, message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(DeskcError, match=message) as caught:
        open_client(exchange, credentials=Credentials(KEY, SECRET), url=url)
    assert caught.value.help


def test_a_client_asks_no_faster_than_it_is_told_and_of_the_network_that_is_meant() -> None:
    """Above the client's own rate nothing is granted; the test network's addresses are the venue's demo."""
    access = Credentials(KEY, SECRET)
    own = open_client("binance_usdm", credentials=access)
    slow, fast = (open_client("binance_usdm", credentials=access, per_second=rate) for rate in (2, 10**6))
    assert (slow.rateLimit, fast.rateLimit) == (500, own.rateLimit)
    demo = open_client("binance_usdm", credentials=access, testnet=True)
    assert "demo-fapi" in demo.urls["api"]["fapiPrivate"]
    assert "demo-fapi" not in own.urls["api"]["fapiPrivate"]


def test_without_ccxt_one_sentence_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is imported when a client is opened."""
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(DeskcError, match="needs ccxt, which is not installed") as caught:
        open_client("binance_usdm", credentials=Credentials(KEY, SECRET))
    assert caught.value.help == "pip install 'deskc[exchange]'"


def test_a_scope_without_leverage_is_refused() -> None:
    """As is the bot's own scope."""
    with pytest.raises(DeskcError, match=r"ETH sets no trading\.leverage"):
        wanted(snapshot({"coins": {"ETH": {}}})["ETH"])
    with pytest.raises(DeskcError, match="leverage is a coin's"):
        wanted(snapshot({"coins": {}}).bot)


def test_a_recorder_takes_the_alerts(venue: Venue, tmp_path: Path) -> None:
    """Its system_event has the shape that is told, and a row names the setting."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    recorded: list[bytes] = []
    recording = Recording(RUN, venue="binance_usdm", running={}, take=recorded.append)
    with open_ledger(url, create=True) as ledger:
        Leverages(client(venue), RUN, symbols=SYMBOLS, ledger=ledger, tell=recording.system_event).status(scope())
        assert ledger.receive("s", [Record(1, recorded[0])], at_ns=1) == ()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        ((kind, severity, details),) = connection.execute(
            "SELECT event_type, severity, details_json FROM system_events"
        )
    assert (kind, severity) == ("leverage", "warning")
    assert '"setting":"trading.leverage","configured":10,"actual":20' in details
