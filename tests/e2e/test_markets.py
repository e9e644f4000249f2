"""deskc markets, against a venue on this machine: locked, checked, verified, and one number changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import Answer, Desk
from venue_information import Answers, serve

LOCK = "config-repo/markets/binance_usdm.yaml"
KEY = {"DESKC_EXCHANGE_API_KEY": "a-key", "DESKC_EXCHANGE_API_SECRET": "a-secret"}


@pytest.fixture
def venue() -> Iterator[Answers]:
    """Answer as Binance's USD-M futures do."""
    with serve("binance_usdm") as answers:
        yield answers


def markets(desk: Desk, verb: str, venue: Answers, *more: str | Path) -> Answer:
    """Run one verb against the venue, with a key."""
    return desk.run("markets", verb, "binance_usdm", "--exchange-url", venue.url, *more, env=KEY)


def test_what_was_locked_verifies_until_one_number_changes(desk: Desk, venue: Answers) -> None:
    """Comments stay, the desk checks without an error, and the drift is exactly that number, at its place."""
    comment = (desk.root / LOCK).read_text(encoding="utf-8").splitlines()[0]
    locked = markets(desk, "lock", venue)
    assert (locked.code, locked.err) == (0, "")
    assert locked.out.splitlines() == [
        f"{LOCK}: 2 facts changed",
        "BTCUSDT leverage_brackets null → 125 x to 300000, 100 x to 800000.5",
        "BTCUSDT reference_price null → 86912.30",
    ]
    text = (desk.root / LOCK).read_text(encoding="utf-8")
    assert text.startswith(comment)
    assert "a-key" not in text
    assert "a-secret" not in text
    assert desk.run("check").code == 0
    clean = markets(desk, "verify", venue, "--strict")
    assert (clean.code, clean.out) == (0, f"{LOCK} says what binance_usdm says.\n")
    venue.number("BTCUSDT", "PRICE_FILTER", "tickSize", "0.20")
    drifted = markets(desk, "verify", venue, "--output-format", "json")
    assert drifted.code == 1
    (finding,) = drifted.json()["findings"]
    line = text.splitlines().index("    tick_size: 0.10") + 1
    assert (finding["code"], finding["places"][0]["path"], finding["places"][0]["line"]) == ("MARKET101", LOCK, line)
    assert finding["message"] == "the tick_size of BTCUSDT is 0.20 at binance_usdm, and 0.1 in its lock"


def test_a_bracket_below_the_configured_leverage_is_an_error_of_check(desk: Desk, venue: Answers) -> None:
    """Once it is locked, the rule about brackets names the bots, and nothing compiles."""
    for bracket in venue.symbol("GET /fapi/v1/leverageBracket", "BTCUSDT")["brackets"]:
        bracket["initialLeverage"] = 2
    assert markets(desk, "lock", venue).code == 0
    checked = desk.run("check", "--output-format", "json")
    assert checked.code == 1
    assert {one["code"] for one in checked.json()["findings"] if one["severity"] == "error"} == {"EXCH001"}


def test_a_lock_that_fails_writes_nothing(desk: Desk, venue: Answers) -> None:
    """Neither where the venue asks for patience, nor where it has a coin no more."""
    before = desk.files("config-repo")
    venue.status, venue.body = 429, {"code": -1003, "msg": "Too many requests."}
    assert markets(desk, "lock", venue).refuses("binance_usdm says that it is asked too often", "wait")
    venue.status = 200
    venue.said["GET /fapi/v1/exchangeInfo"]["symbols"].pop(0)
    assert markets(desk, "lock", venue).refuses("binance_usdm has no market BTCUSDT, so nothing was written")
    assert desk.files("config-repo") == before


@pytest.mark.parametrize("fmt", ["text", "concise", "github", "gitlab", "sarif", "junit"])
def test_a_symbol_that_is_gone_is_said_in_every_format(desk: Desk, venue: Answers, fmt: str) -> None:
    """The code stands in each of them, and the exit code is that of an error."""
    venue.said["GET /fapi/v1/exchangeInfo"]["symbols"].pop(0)
    told = markets(desk, "verify", venue, "--output-format", fmt)
    assert (told.code, told.err) == (1, "")
    assert "MARKET104" in told.out
    if fmt in ("gitlab", "sarif"):
        assert json.loads(told.out)


def test_a_new_exchange_is_locked_into_a_file_of_one_s_own(desk: Desk, tmp_path: Path) -> None:
    """A venue without a lock file, coins named by hand: -o writes there, and the desk stays as it is."""
    before, file = desk.files("config-repo"), tmp_path / "spot.yaml"
    with serve("binance_spot") as venue:
        arguments = ("binance_spot", "--coin", "ETH", "--exchange-url", venue.url)
        told = desk.run("markets", "lock", *arguments, "-o", file)
    assert (told.code, told.out) == (0, f"{file}: 1 fact changed\nETH is new: ETH/USDT\n")
    assert "    min_notional_usd: 5.00000000\n" in file.read_text(encoding="utf-8")
    assert desk.files("config-repo") == before


def test_what_cannot_be_verified_is_one_sentence(desk: Desk) -> None:
    """No lock file, no bot, no venue of that name; the network is not touched."""
    assert desk.run("markets", "verify", "binance_spot").refuses("there is no config-repo/markets/binance_spot.yaml")
    assert desk.run("markets", "lock", "binance_spot").refuses("no bot trades at binance_spot", "--coin")
    nowhere = desk.run("markets", "lock", "nowhere", "--coin", "ETH")
    assert nowhere.refuses("ccxt knows no exchange nowhere")
    desk.edit(LOCK, "min_qty: 0.001", "min_qty: 1001")
    broken = desk.run("markets", "verify", "binance_usdm", "--exchange-url", "http://127.0.0.1:9")
    assert (broken.code, "MARKET004" in broken.out) == (1, True)
