"""Leverage at a venue on this machine, through the real client: every row of its table of errors, and what fails else."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import ccxt
import pytest

from deskc.core.errors import DeskcError
from deskc.exchange.client import Access, open_client
from deskc.exchange.leverage import Leverage, Leverages
from deskc.exchange.meanings import meaning
from deskc.ledger.ledger import Ledger, Run
from deskc.ledger.open import open_ledger
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
    access = Access(KEY, SECRET)
    return open_client("binance_usdm", access=access, url=venue.url, per_second=10**6, timeout_s=timeout_s)


def scope(coin: str = "BTC", **trading: object) -> Scope:
    """Return a coin's settings."""
    settings = {"leverage": 10, "margin_type": "isolated", "position_mode": "one-way", **trading}
    return snapshot({"coins": {coin: {"trading": settings}}})[coin]


def says(status: int, code: int, message: str = "said") -> Scripted:
    """Answer with an error in place of the venue."""
    return lambda _: (status, {"code": code, "msg": message})


def position(size: float = 1, **state: object) -> Callable[[Venue], Answer | None]:
    """Open a position just before the venue answers."""

    def happens(venue: Venue) -> None:
        symbol = venue.symbols["BTCUSDT"]
        symbol.position = size
        for name, value in state.items():
            setattr(symbol, name, value)

    return happens


def hangs(venue: Venue) -> Answer | None:
    """Take what is asked, and never answer."""
    venue.let_go.wait()
    return None


class Case(NamedTuple):
    """What happens where, and what must come of it: actual, margin type, sizing, severity and words of the problem."""

    script: Mapping[str, list[Scripted]]
    actual: int | None
    margin_type: str | None
    sizing: int | None
    severity: str | None
    problem: str
    trading: Mapping[str, object] = {}


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
