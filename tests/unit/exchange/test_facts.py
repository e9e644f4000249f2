"""What venues say becomes facts digit by digit."""

from decimal import Decimal

import pytest

from deskc.core.errors import DeskcError
from deskc.exchange.facts import Told, tell
from deskc.exchange.library import Credentials
from deskc.exchange.venue import connect
from deskc.markets.facts import Bracket, Price
from venue_information import Answers, serve

NOW = 1_767_139_300
KEY = Credentials("key", "secret")


def told(name: str, answers: Answers, *coins: str, credentials: Credentials | None = KEY) -> Told:
    """Ask the answering venue for coins by their names."""
    return tell(connect(name, url=answers.url, credentials=credentials), dict.fromkeys(coins), now=NOW)


def test_futures_have_brackets_and_a_dated_price() -> None:
    """Every number has the digits that the venue wrote, also one that JSON has as a number and not as text."""
    with serve("binance_usdm") as answers:
        source = f"ticker of {connect('binance_usdm', url=answers.url).source}"
        facts = told("binance_usdm", answers, "BTCUSDT").facts["BTCUSDT"]
    assert (facts.symbol, facts.status) == ("BTCUSDT", "TRADING")
    assert list(map(str, facts[2:7])) == ["0.10", "0.001", "0.001", "1000", "100"]
    assert facts.leverage_brackets == (Bracket(Decimal(300000), 125), Bracket(Decimal("800000.5"), 100))
    assert facts.reference_price == Price(Decimal("86912.30"), "2025-12-31T00:00:00Z", 100, source)


def test_no_digit_goes_through_a_float() -> None:
    """A number of JSON with more digits than a double has arrives whole."""
    with serve("binance_usdm") as answers:
        answers.literal = ("800000.5", "800000.1234567890123456789")
        facts = told("binance_usdm", answers, "BTCUSDT").facts["BTCUSDT"]
    assert facts.leverage_brackets
    assert facts.leverage_brackets[1].notional_cap_usd == Decimal("800000.1234567890123456789")


def test_brackets_that_need_a_key_are_unknown_without_one() -> None:
    """And the answer says that they were kept secret, so that nobody takes them for absent."""
    with serve("binance_usdm") as answers:
        answer = told("binance_usdm", answers, "BTCUSDT", credentials=None)
    assert answer.secretive
    assert answer.facts["BTCUSDT"].leverage_brackets is None


def test_spot_s_minimum_is_found_under_either_name() -> None:
    """One symbol has a NOTIONAL filter, the other a MIN_NOTIONAL one; ETH means the one that is quoted in usd."""
    with serve("binance_spot") as answers:
        facts = told("binance_spot", answers, "ETH", "SOLUSDC").facts
    assert [(one.symbol, one.status, one.min_notional_usd) for one in facts.values()] == [
        ("ETH/USDT", "TRADING", Decimal(5)),
        ("SOLUSDC", "BREAK", Decimal(10)),
    ]
    assert facts["ETH"].leverage_brackets is None


def test_five_significant_digits_are_no_tick() -> None:
    """Hyperliquid's smallest price step moves with the price; a price that it does not date is one of now."""
    with serve("hyperliquid") as answers:
        facts = told("hyperliquid", answers, "ETH", "MATIC").facts
    assert facts["ETH"].tick_size is None
    assert (facts["ETH"].step_size, facts["ETH"].min_notional_usd) == (Decimal("0.0001"), Decimal(10))
    assert facts["ETH"].reference_price
    assert facts["ETH"].reference_price[:3] == (Decimal("2968.05"), "2025-12-31T00:01:40Z", 0)
    assert (facts["MATIC"].status, facts["MATIC"].reference_price) == ("inactive", None)


def test_an_unknown_symbol_is_absent_with_a_reason() -> None:
    """The others are told all the same."""
    with serve("binance_usdm") as answers:
        answer = told("binance_usdm", answers, "BTCUSDT", "1000PEPA")
    assert list(answer.facts) == ["BTCUSDT"]
    assert answer.absent == {"1000PEPA": "binance_usdm has no market 1000PEPA; it has 1000PEPE"}


def test_a_name_of_two_markets_is_not_guessed() -> None:
    """Which one is meant is for a person to say."""
    with serve("binance_spot") as answers:
        other = {**answers.symbol("GET /api/v3/exchangeInfo", "ETHUSDT"), "symbol": "ETHUSDC", "quoteAsset": "USDC"}
        answers.said["GET /api/v3/exchangeInfo"]["symbols"].append(other)
        absent = told("binance_spot", answers, "ETH").absent
    assert absent == {"ETH": "ETH may be any of ETH/USDC, ETH/USDT at binance_spot"}


def test_a_market_that_is_not_quoted_in_usd_is_refused() -> None:
    """Its tick and minimum would be read as usd."""
    with serve("binance_spot") as answers, pytest.raises(DeskcError, match="ETHBTC at binance_spot is quoted in BTC"):
        told("binance_spot", answers, "ETHBTC")
