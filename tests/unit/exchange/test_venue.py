"""A venue that cannot be asked, or does not answer, is one sentence with a way out."""

import sys
import threading
from collections.abc import Iterator

import pytest

from deskc.core.errors import DeskcError
from deskc.exchange.facts import tell
from deskc.exchange.library import Credentials
from deskc.exchange.venue import connect
from venue_information import Answers, serve

WANTED = {"BTCUSDT": "BTCUSDT"}


@pytest.fixture
def venue() -> Iterator[Answers]:
    """Answer as Binance's USD-M futures do."""
    with serve("binance_usdm") as answers:
        yield answers


def refusal(url: str, *, timeout_s: float = 10, credentials: Credentials | None = None) -> DeskcError:
    """Ask the venue at an address, and return the error that comes of it."""
    with pytest.raises(DeskcError) as caught:
        tell(connect("binance_usdm", url=url, credentials=credentials, timeout_s=timeout_s), WANTED, now=0)
    assert caught.value.help
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (429, {"code": -1003, "msg": "Too many requests."}, "binance_usdm says that it is asked too often"),
        (418, {"code": -1003, "msg": "Way too many requests."}, "binance_usdm says that it is asked too often"),
        (503, {"msg": "Service Unavailable"}, "binance_usdm cannot be reached, or is down"),
        (400, {"code": -1121, "msg": "Invalid symbol."}, "Invalid symbol."),
        (403, "<html>no</html>", "binance_usdm"),
    ],
)
def test_what_a_venue_refuses_is_said(venue: Answers, status: int, body: object, message: str) -> None:
    """Errors are told apart by the venue's own address, which the adapter leaves as it is."""
    venue.status, venue.body = status, body
    assert message in refusal(venue.url).message


def test_a_venue_that_is_down_is_named(venue: Answers) -> None:
    """Nothing listens at port 9 of this machine."""
    assert venue.asked == []
    assert refusal("http://127.0.0.1:9").message == "binance_usdm cannot be reached, or is down"


def test_a_venue_that_stays_silent_is_left(venue: Answers) -> None:
    """After the time that it was given, not when it answers at last."""
    venue.silent = threading.Event()
    assert refusal(venue.url, timeout_s=0.2).message == "binance_usdm does not answer in time"


def test_an_empty_list_of_markets_is_no_answer(venue: Answers) -> None:
    """A venue without any market is a wrong address, not a desk whose every coin was delisted."""
    venue.said["GET /fapi/v1/exchangeInfo"] = {"symbols": []}
    assert refusal(venue.url).message == "binance_usdm lists no markets"


@pytest.mark.parametrize("symbols", [[{"symbol": "BTCUSDT", "contractType": "PERPETUAL"}], [3], 3])
def test_an_answer_of_another_form_is_no_traceback(venue: Answers, symbols: object) -> None:
    """Whatever ccxt stumbles over, the venue is named."""
    venue.said["GET /fapi/v1/exchangeInfo"] = {"symbols": symbols}
    assert refusal(venue.url).message.startswith("binance_usdm ")


@pytest.mark.parametrize("number", ["a lot", "NaN", "Infinity", "-1"])
def test_a_number_that_is_none_is_refused(venue: Answers, number: str) -> None:
    """It would end in a lock file."""
    venue.number("BTCUSDT", "LOT_SIZE", "stepSize", number)
    assert refusal(venue.url).message == "binance_usdm answers what ccxt cannot read"


def test_a_refused_key_is_named_by_its_variables(venue: Answers) -> None:
    """The key itself and what it signed are not repeated."""
    venue.refused["GET /fapi/v1/leverageBracket"] = (401, {"code": -2014, "msg": "API-key format invalid."})
    error = refusal(venue.url, credentials=Credentials("the-key", "the-secret"))
    assert "API-key format invalid." in error.message
    assert "DESKC_EXCHANGE_API_KEY" in error.help
    assert not {"the-key", "the-secret", "signature"} & set(error.message.replace("=", " ").split())


def test_a_venue_that_ccxt_does_not_know_is_guessed() -> None:
    """The desk's names for venues are part of the guess."""
    with pytest.raises(DeskcError, match=r"ccxt knows no exchange binance_usd$") as caught:
        connect("binance_usd")
    assert caught.value.help == "did you mean binance_usdm?"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:80",
        "ftp://127.0.0.1",
        "http://a:b@127.0.0.1",
        "http://127.0.0.1/x?y",
        "http://[",
        "http://h:99999",
    ],
)
def test_an_address_is_scheme_host_and_port(url: str) -> None:
    """More would be lost on the way, and a password would stand in the lock file."""
    with pytest.raises(DeskcError, match="the address of --exchange-url is none of an exchange"):
        connect("binance_usdm", url=url)


def test_a_key_never_travels_in_the_clear() -> None:
    """To this machine it may, for a venue of one's own; a repr shows none of it."""
    key = Credentials("the-key", "the-secret")
    with pytest.raises(DeskcError, match=r"a key would travel to venue\.example in the clear"):
        connect("binance_usdm", url="http://venue.example", credentials=key)
    assert connect("binance_usdm", url="http://[::1]:80", credentials=key).source.endswith(" at http://[::1]:80")
    assert repr(key) == "Credentials('***', '***')"


def test_without_the_extra_one_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a venue without ccxt is told what to install."""
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(DeskcError, match="needs ccxt, which is not installed") as caught:
        connect("binance_usdm")
    assert caught.value.help == "pip install 'deskc[exchange]'"
