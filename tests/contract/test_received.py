"""How every ledger takes what spools hold: a backend joins by a parameter of the fixture."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deskc.ledger.backup import backup
from deskc.ledger.ledger import Refused
from deskc.ledger.open import open_ledger
from deskc.ledger.rows import Row, payload
from deskc.runtime.frames import Record

NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
DAY_NS = 86_400 * 10**9
RUN: Row = {"environment": "production", "bot_id": "mm"}


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Make a new ledger, of each backend."""
    url = {"sqlite": f"sqlite:///{tmp_path}/ledger.db"}[request.param]
    with open_ledger(url, create=True):
        return url


def at(ns: int) -> Row:
    """Return the columns of a time."""
    return {"timestamp": ns // 10**6, "ts_ns": ns}


def event(name: str, ns: int = NOON) -> bytes:
    """Return the record of a system event."""
    return payload("system_event", {**at(ns), **RUN, "event_type": name, "severity": "info", "message": "said"})


def fill(coin: str, version: str | None, name: str | None = None) -> bytes:
    """Return the record of a fill."""
    said = {"source": "recorder", **RUN, "coin": coin, "coin_config_version": version, "side": "buy", "px": "1"}
    return payload("fill", {**said, "sz": "1", "ts_ns": NOON, "fill_id": name})


def beat(ns: int, **run: str) -> bytes:
    """Return the record of a heartbeat."""
    return payload("heartbeat", {**RUN, **run, "ts_ns": ns})


def receive(url: str, *payloads: bytes, spool: str = "s", first: int = 1) -> tuple[Refused, ...]:
    """Let a ledger receive records, numbered from `first`."""
    records = [Record(number, one) for number, one in enumerate(payloads, start=first)]
    with open_ledger(url) as ledger:
        return ledger.receive(spool, records, at_ns=NOON)


@contextmanager
def connected(url: str) -> Iterator[sqlite3.Connection]:
    """Open the ledger as any client does."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        yield connection


def names(url: str) -> list[str]:
    """Return the events that are there."""
    with connected(url) as connection:
        return [name for (name,) in connection.execute("SELECT event_type FROM system_events ORDER BY id")]


def test_a_record_is_received_once_however_often_it_comes(url: str) -> None:
    """By the spool's name and the record's number; other spools have numbers of their own."""
    assert receive(url, event("a"), event("b")) == ()
    assert receive(url, event("a"), event("b"), event("c")) == ()
    assert receive(url, event("d"), spool="t", first=7) == ()
    assert names(url) == ["a", "b", "c", "d"]
    with open_ledger(url) as ledger:
        assert [ledger.received(spool) for spool in ("s", "t", "u")] == [3, 7, 0]


def test_what_is_refused_is_told_once_and_holds_nobody_up(url: str) -> None:
    """It counts as received, so that those behind it are."""
    (refused,) = receive(url, event("a"), b"[]", event("b"))
    assert (refused.sequence, names(url)) == (2, ["a", "b"])
    assert receive(url, event("a"), b"[]", event("b")) == ()


def test_a_failure_leaves_nothing_and_is_tried_again(url: str) -> None:
    """Rows and the number up to which they reach are written together or not at all."""
    with connected(url) as connection:
        connection.executescript(
            "CREATE TRIGGER no BEFORE INSERT ON spools BEGIN SELECT json_extract('no JSON', '$'); END"
        )
    with pytest.raises(sqlite3.OperationalError, match="malformed JSON"):
        receive(url, event("a"))
    assert names(url) == []
    with connected(url) as connection:
        connection.executescript("DROP TRIGGER no")
    assert receive(url, event("a")) == ()
    assert names(url) == ["a"]


def test_a_fill_has_one_name(url: str) -> None:
    """The venue's number, through whatever spool it comes; else where it stood in its spool."""
    receive(url, fill("ETH", "1", "x"), fill("ETH", "1", "x"), fill("ETH", "1"), fill("ETH", "1"))
    receive(url, fill("ETH", "2", "x"), fill("ETH", "1"), spool="t")
    with connected(url) as connection:
        found = connection.execute("SELECT coin_config_version, count(DISTINCT fill_id) FROM fills GROUP BY 1")
        assert found.fetchall() == [("1", 4)]


def test_of_heartbeats_the_latest_counts_though_it_came_first(url: str) -> None:
    """A process that died left older ones behind; runs are told apart by account and instance."""
    receive(url, beat(NOON + 2), beat(NOON + 1), beat(NOON, instance="b"), beat(NOON, account="b"))
    with connected(url) as connection:
        found = connection.execute("SELECT account, instance, ts_ns - ?, ts FROM heartbeats ORDER BY 1, 2", (NOON,))
        text = "2026-01-01T12:00:00.000000Z"
        assert found.fetchall() == [(None, None, 2, text), (None, "b", 0, text), ("b", None, 0, text)]


def test_the_documented_counts_and_groups_run_as_written(url: str) -> None:
    """Those of the systems that people come from, to the letter."""
    receive(url, *(fill("ETH", "1.2.0") for _ in range(3)), fill("ETH", "1.3.0"), fill("AVAX", None))
    book: Row = {**at(NOON), "environment": "production", "bot_id": "mm", "coin": "ETH", "bids_json": "[]"}
    receive(url, payload("market_snapshot", book), spool="t")
    with connected(url) as connection:
        assert connection.execute("SELECT COUNT(*) FROM market_snapshots;").fetchall() == [(1,)]
        grouped = connection.execute(
            "SELECT coin, coin_config_version, COUNT(*) FROM fills GROUP BY coin, coin_config_version;"
        )
        assert grouped.fetchall() == [("AVAX", None, 1), ("ETH", "1.2.0", 3), ("ETH", "1.3.0", 1)]
        sizes = connection.execute("SELECT name, COUNT(*) FROM sqlite_master WHERE type='table' GROUP BY name;")
        assert {"fills", "market_snapshots", "order_events", "system_events"} <= {name for name, _ in sizes}


def test_the_documented_retention_deletes_what_is_old(url: str) -> None:
    """Times are milliseconds there, from SQLite's clock as from Python's."""
    with connected(url) as connection:
        (now,) = connection.execute("SELECT strftime('%s', 'now')").fetchone()
    recent = int(now) * 10**9 - DAY_NS
    book: Row = {"environment": "production", "bot_id": "mm", "coin": "ETH"}
    for number, ns in enumerate((recent, recent - 8 * DAY_NS, recent - 40 * DAY_NS), start=1):
        receive(url, payload("market_snapshot", {**book, **at(ns)}), event(str(number), ns), first=2 * number)
    with connected(url) as connection:
        connection.execute("DELETE FROM market_snapshots\nWHERE timestamp < (strftime('%s', 'now') - 604800) * 1000;")
        assert connection.execute("SELECT COUNT(*) FROM market_snapshots;").fetchone() == (1,)
        cutoff = int(now) * 1000 - (30 * 24 * 60 * 60 * 1000)
        connection.execute("DELETE FROM market_snapshots WHERE timestamp < ?", (cutoff,))
        cutoff = int(now) * 1000 - (20 * 24 * 60 * 60 * 1000)
        connection.execute("DELETE FROM system_events WHERE timestamp < ?", (cutoff,))
        connection.commit()
    assert names(url) == ["1", "2"]


def test_retention_reads_an_index(url: str) -> None:
    """A month of books at one each three seconds is not read through for what is a week old."""
    with connected(url) as connection:
        for table in ("market_snapshots", "order_events", "system_events"):
            plan = connection.execute(f"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE timestamp < 1").fetchall()  # noqa: S608 - ours
            assert f"USING INDEX {table}_in_order" in str(plan)


def test_the_documented_drops_take_the_tables_away(url: str) -> None:
    """Nothing refers to them, and fills stay; so does a backup made before."""
    receive(url, fill("ETH", "1"), event("a"))
    copy = Path(url.removeprefix("sqlite:///")).with_name("backup.db")
    backup(url, copy)
    with connected(url) as connection:
        for table in ("market_snapshots", "order_events", "daily_metrics", "system_events"):
            connection.execute(f"DROP TABLE IF EXISTS {table};")
        assert connection.execute("SELECT count(*) FROM fills").fetchone() == (1,)
    assert names(f"sqlite:///{copy}") == ["a"]
