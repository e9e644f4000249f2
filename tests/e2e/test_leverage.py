"""`deskc leverage`, as an operator runs it against a venue on this machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from command_line import Desk
from loopback_exchange import KEY, SECRET, Symbol, Venue, serve

BOT = ("--env", "production", "--bot", "tradeengine")
LONG = (*BOT, "--coin", "BTCUSDT", "--side", "LONG")
ACCESS = {"DESKC_EXCHANGE_API_KEY": KEY, "DESKC_EXCHANGE_API_SECRET": SECRET}


@pytest.fixture
def venue() -> Iterator[Venue]:
    """Start a venue with BTC at 5x, crossed, one-way."""
    with serve(Symbol("BTC", leverage=5)) as venue:
        yield venue


def rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    """Return what a query says of the desk's ledger."""
    with closing(sqlite3.connect(desk.root / ".deskc/ledger.db")) as connection:
        return connection.execute(query).fetchall()


def test_a_side_is_ensured_and_sized_by_what_the_venue_has_then(built: Desk, venue: Venue) -> None:
    """The symbol is the market lock's; the row is in the ledger, and no event, for nothing is wrong."""
    answer = built.run("leverage", "ensure", *LONG, "--exchange-url", venue.url, "--account", "main", env=ACCESS)
    assert (answer.code, answer.err) == (0, "")
    assert [line.split() for line in answer.out.splitlines()] == [
        ["coin", "symbol", "configured", "actual", "sizes", "use"],
        ["BTCUSDT/LONG", "BTCUSDT", "20x", "isolated", "20x", "isolated", "20x"],
    ]
    assert (venue.symbols["BTCUSDT"].leverage, venue.hedged) == (20, True)
    asked = "SELECT bot_id, account, coin, symbol, configured, actual, margin_type, error FROM leverage_status"
    assert rows(built, asked) == [("tradeengine", "main", "BTCUSDT", "BTCUSDT", 20, 20, "isolated", None)]
    assert rows(built, "SELECT count(*) FROM system_events") == [(0,)]


def test_sync_refuses_what_two_sides_dispute(built: Desk, venue: Venue) -> None:
    """Exit code 1, a row and an event that names bot, commit and setting."""
    answer = built.run("leverage", "sync", *BOT, "--exchange-url", venue.url, "--output-format", "json", env=ACCESS)
    (coin,) = answer.json()["coins"]
    assert (answer.code, coin["sizing"], coin["refused"], coin["actual"]) == (1, None, True, 5)
    assert "LONG 20x isolated, SHORT 15x isolated" in coin["error"]
    ((bot, severity, message, sha),) = rows(built, "SELECT bot_id, severity, message, git_sha FROM system_events")
    assert (bot, severity, sha) == ("tradeengine", "error", built.head())
    assert coin["error"] in str(message)


def test_credentials_come_from_the_references_of_the_settings(built: Desk, venue: Venue) -> None:
    """Bound when the command runs; what the bot's own scope needs of variables is not asked for."""
    references = "\nexchange:\n  credentials: {api_key: '${VENUE_KEY}', api_secret: '${VENUE_SECRET}'}\n"
    bot = "config-repo/bots/tradeengine/bot.yaml"
    built.write(bot, (built.root / bot).read_text(encoding="utf-8") + references)
    built.commit()
    command = ("leverage", "status", *BOT, "--exchange-url", venue.url)
    assert built.run(*command).refuses("VENUE_KEY")
    answer = built.run(*command, env={"VENUE_KEY": KEY, "VENUE_SECRET": SECRET})
    assert "5x cross" in answer.out
    assert not any(text in answer.out + answer.err for text in (KEY, SECRET))


@pytest.mark.parametrize(
    ("arguments", "message", "way_out"),
    [
        (("status", "--env", "production"), "leverage status needs --bot", "add --bot BOT"),
        (("ensure", *BOT), "leverage ensure needs --coin", "deskc leverage sync"),
        (("ensure", *BOT, "--coin", "BTCUSDT"), "BTCUSDT has a scope a side", "--side LONG or --side SHORT"),
        (("ensure", *BOT, "--coin", "BTCUSD"), "trades no coin BTCUSD", "BTCUSDT"),
        (("ensure", *LONG[:-1], "UP"), "no side UP of BTCUSDT", "LONG"),
        (("status", *BOT, "--side", "LONG"), "--coin is missing", "add --coin"),
        (("status", *BOT, "--account", ""), "--account names nothing", "unset variable"),
        (("status", *BOT), "nothing gives access to the venue", "DESKC_EXCHANGE_API_KEY"),
        (("status", "--env", "production", "--bot", "orchestrator"), "trades no coin", "a bot that does"),
        (("status", *BOT, "--output-format", "jsn"), "jsn is no output format", "json"),
    ],
)
def test_wrong_use_is_one_sentence(built: Desk, arguments: tuple[str, ...], message: str, way_out: str) -> None:
    """What is missing or wrong, and the way out; the venue is not asked."""
    assert built.run("leverage", *arguments).refuses(message, way_out)


def test_without_a_ledger_the_venue_is_not_asked(desk: Desk, venue: Venue) -> None:
    """There would be no row of it."""
    answer = desk.run("leverage", "ensure", *LONG, "--exchange-url", venue.url, env=ACCESS)
    assert answer.refuses("there is no ledger at", "deskc compile")
    assert venue.asked == []


def test_a_venue_whose_leverage_nobody_keeps_is_refused(built: Desk) -> None:
    """Hyperliquid has no such table of errors here."""
    answer = built.run("leverage", "status", "--env", "production", "--bot", "mm_multi_v1", env=ACCESS)
    assert answer.refuses("deskc keeps the leverage of binance_usdm, not of hyperliquid", "size by what the venue says")
