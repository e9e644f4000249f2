"""The example bot as a process of its own, and deskc status, which tells of it."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing

import pytest

from command_line import ROOT, Desk, environment

ETH = "config-repo/bots/mm_multi_v1/coins/ETH.yaml"
WHO = ("--env", "development", "--bot", "mm_multi_v1")
NAMES = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD")
TAPE = ROOT.parent / "shared" / "data" / "binance_usdm_btcusdt_tape.gz"


def command(desk: Desk, *more: str, who: Sequence[str] = WHO) -> list[str]:
    """Return the command line of a paper bot that follows the desk's channel."""
    places = ("--ledger", f"sqlite:///{desk.root}/.deskc/ledger.db", "--state", str(desk.root / "state"))
    variables = (option for name in NAMES for option in ("--set", f"{name}=1"))
    return [
        sys.executable,
        str(ROOT / "examples/paper_bot"),
        str(desk.root / "channel"),
        *who,
        *places,
        *variables,
        *more,
    ]


def trade(desk: Desk, *more: str, who: Sequence[str] = WHO) -> None:
    """Let the bot trade until its ticks are over."""
    done = subprocess.run(command(desk, *more, who=who), env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def query(desk: Desk, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the ledger's file."""
    with closing(sqlite3.connect(desk.root / ".deskc/ledger.db")) as connection:
        return connection.execute(sql, values).fetchall()


@pytest.fixture
def published(desk: Desk) -> Desk:
    """Return a desk whose channel has its first commit."""
    assert desk.run("compile", "--publish", "channel", "-q").code == 0
    return desk


def test_fills_carry_the_version_that_caused_them(published: Desk) -> None:
    """Two commits, one bot: the documented grouping of fills counts each version apart, and every row has a stamp."""
    desk = published
    trade(desk, "--ticks", "400", "--seed", "1")
    desk.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
    second = desk.commit("Label ETH anew")
    assert desk.run("compile", "--publish", "channel", "-q").code == 0
    trade(desk, "--ticks", "400", "--seed", "2")
    grouped = query(desk, "SELECT coin, coin_config_version, COUNT(*) FROM fills GROUP BY coin, coin_config_version")
    counts = {(coin, version): count for coin, version, count in grouped}
    assert {version for coin, version in counts if coin == "ETH"} == {"1.2.0", "1.3.0"}
    assert all(isinstance(count, int) and count > 5 for count in counts.values())
    stamped = query(desk, "SELECT DISTINCT git_sha FROM fills WHERE coin_config_version = '1.3.0'")
    assert stamped == [(second,)]
    kinds = query(
        desk,
        "SELECT (SELECT count(*) FROM market_snapshots) > 100, (SELECT count(*) FROM order_events) > 500,"
        " (SELECT count(*) FROM system_events), (SELECT count(*) FROM activations), (SELECT count(*) FROM heartbeats)",
    )
    assert kinds == [(1, 1, 4, 2, 1)]
    assert query(desk, "SELECT DISTINCT attribution_method FROM fills") == [("stamp",)]


@pytest.mark.usefixtures("interruptible")
def test_a_running_bot_goes_over_halts_and_stops(published: Desk) -> None:
    """A process that trades takes a new commit, obeys a HALT file and a SIGINT, and every step of it is on record."""
    desk = published
    with subprocess.Popen(
        command(desk, "--every", "0.002", "--seed", "1"), env=environment(), stderr=subprocess.PIPE
    ) as bot:
        try:
            until(desk, "SELECT count(*) > 0 FROM fills")
            assert desk.run("halt", *WHO, "--coin", "ETH", "--reason", "test", "--local", "--state", "state").code == 0
            until(desk, "SELECT count(*) = 1 FROM system_events WHERE event_type = 'halt'")
            desk.edit(ETH, "config_version: 1.2.0", "config_version: 1.3.0")
            desk.commit("Label ETH anew")
            assert desk.run("compile", "--publish", "channel", "-q").code == 0
            until(desk, "SELECT count(*) = 2 FROM activations")
            assert desk.run("resume", *WHO, "--coin", "ETH", "--local", "--state", "state").code == 0
            until(desk, "SELECT count(*) > 0 FROM fills WHERE coin_config_version = '1.3.0'")
        finally:
            bot.send_signal(signal.SIGINT)
        assert bot.stderr is not None
        assert (bot.stderr.read(), bot.wait(20)) == (b"", 130)
    events = query(desk, "SELECT event_type FROM system_events ORDER BY ts_ns")
    assert [str(event) for (event,) in events] == ["start", "halt", "reload", "resume", "stop"]
    ends = [ns for (ns,) in query(desk, "SELECT ts_ns FROM system_events WHERE event_type IN ('halt', 'resume')")]
    placed = "SELECT count(*) FROM order_events WHERE event_type = 'placed' AND ts_ns BETWEEN ? AND ? AND coin = ?"
    assert query(desk, placed, *ends, "ETH") == [(0,)]
    assert query(desk, placed, *ends, "AVAX")[0] > (0,)


def until(desk: Desk, sql: str) -> None:
    """Ask the ledger again and again until it says yes."""
    for _ in range(100_000):
        if query(desk, sql) == [(1,)]:
            return
    raise AssertionError(sql)


def test_status_tells_who_runs_what(published: Desk) -> None:
    """A bot in step, then one that a later commit left behind, halts and a bot that never ran."""
    desk, first = published, published.head()
    trade(desk, "--ticks", "40", "--seed", "1")
    (row,) = desk.run("status", *WHO, "--state", "state", "--output-format", "json").json()["bots"]
    assert (row["running_sha"], row["wanted_sha"], row["in_step"]) == (first, first, True)
    assert (row["pending_restart"], row["halts"], row["reduce_only"], row["channel_reason"]) == ([], {}, False, None)
    assert row["age_s"] >= row["channel_age_s"] >= 0
    desk.edit(ETH, "min_spread_bps: 0.3", "min_spread_bps: 0.4")
    second = desk.commit("Quote ETH wider")
    assert desk.run("compile", "--publish", "channel", "-q").code == 0
    assert desk.run("halt", *WHO, "--coin", "ETH", "--reason", "odd fills", "--local", "--state", "state").code == 0
    for options in ((), ("--channel", "channel")):
        (row,) = desk.run("status", *WHO, "--state", "state", *options, "--output-format", "json").json()["bots"]
        assert (row["running_sha"], row["wanted_sha"], row["in_step"]) == (first, second, False)
        assert row["halts"] == {"ETH": "odd fills"}
    lines = desk.run("status", *WHO, "--bot", "market_maker", "--state", "state").out.splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [
        ["bot", "runs"],
        ["development/market_maker", "never"],
        ["development/mm_multi_v1", first[:8]],
    ]
    assert lines[-1] == "development/mm_multi_v1/ETH is halted: odd fills"


def test_status_of_what_is_not_there_is_one_sentence(desk: Desk) -> None:
    """Without a ledger, and for a bot that it does not know."""
    assert desk.run("status").refuses("there is no ledger at")
    assert desk.run("compile", "-q").code == 0
    assert desk.run("status", "--bot", "nobody").refuses("the ledger knows no such bot")


@pytest.mark.skipif(not TAPE.exists(), reason="the recorded tape is not on this machine")
def test_a_recorded_tape_is_traded_too(published: Desk) -> None:
    """The real market of a venue fills the bot's quotes as the made-up one does."""
    trade(published, "--ticks", "3000", "--coin", "ETH")
    assert query(published, "SELECT coin, count(*) > 10 FROM fills GROUP BY coin") == [("ETH", 1)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--tape", "nowhere.gz"), "paper bot: [Errno 2] No such file or directory: 'nowhere.gz'"),
        (("--tape", str(ROOT / "README.md")), "is no tape: BadGzipFile"),
        (("--ticks", "-1"), "--ticks and --every cannot be below 0"),
        (("--set", "DB_HOST"), "--set takes NAME=VALUE"),
    ],
)
def test_wrong_use_of_the_bot_is_a_sentence(published: Desk, options: tuple[str, ...], message: str) -> None:
    """No traceback ends it."""
    done = subprocess.run(command(published, *options), env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
