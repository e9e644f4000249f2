"""Draining: whatever is wrong with ledger or spool, records wait or are told of, and none is there twice."""

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deskc.ledger.drain import Drain, Status
from deskc.ledger.migrate import migrate
from deskc.ledger.rows import payload
from deskc.runtime.frames import first_line
from deskc.runtime.spool import Spool
from recording import new_ledger, rows

NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
RUN = {"environment": "production", "bot_id": "mm"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a ledger's address."""
    return new_ledger(tmp_path)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """Return a spool of this process, with segments of a few records."""
    with Spool(tmp_path / "spool", segment_bytes=600) as spool:
        yield spool


def event(name: str, **changed: object) -> bytes:
    """Return the record of a system event."""
    times = {"timestamp": NOON // 10**6, "ts_ns": NOON}
    said = {**times, **RUN, "event_type": name, "severity": "info", "message": "said", **changed}
    return payload("system_event", {key: value for key, value in said.items() if value is not None})


def events(url: str) -> list[str]:
    """Return the events that a ledger holds, in the order in which they came."""
    return rows(url, "SELECT event_type FROM system_events ORDER BY id")


def dead(folder: Path, *names: str) -> str:
    """Leave a spool behind as a process that was killed does, and return its id."""
    spool = Spool(folder)
    spool.append([event(name) for name in names])
    spool.close()
    spool.release()
    return spool.id


def test_records_move_in_order_and_their_files_go(url: str, spool: Spool) -> None:
    """Again and again, while more are appended; a segment goes once it is closed and in the ledger."""
    drain = Drain(url, spool)
    for start in range(0, 60, 20):
        spool.append([event(f"{number:02d}") for number in range(start, start + 10)])
        for number in range(start + 10, start + 20):
            spool.append([event(f"{number:02d}")])
        assert drain.step()
        assert events(url) == [f"{number:02d}" for number in range(start + 20)]
        assert len(spool.segments()) <= 1
    assert drain.status == Status(waiting=0, problem=None, reports=())
    spool.close()
    assert drain.step()
    drain.release()
    assert list(spool.folder.iterdir()) == []


def test_what_the_dead_left_comes_first(url: str, spool: Spool) -> None:
    """A process that was killed recorded before the one that finds its spool; nothing of it stays."""
    spool.append([event("mine")])
    dead(spool.folder, "first", "second")
    dead(spool.folder, "third")
    assert Drain(url, spool).step()
    assert events(url) == ["first", "second", "third", "mine"]
    assert {path.name.partition(".")[0] for path in spool.folder.iterdir()} == {spool.id}


def test_a_process_that_died_after_its_commit_doubles_nothing(url: str, tmp_path: Path, spool: Spool) -> None:
    """Its files are there still, whole, and the ledger knows how far they are in it."""
    left = dead(tmp_path / "left", "first", "second")
    shutil.copytree(tmp_path / "left", spool.folder, dirs_exist_ok=True)
    assert Drain(url, spool).step()
    shutil.copytree(tmp_path / "left", spool.folder, dirs_exist_ok=True)
    assert Drain(url, spool).step()
    assert events(url) == ["first", "second"]
    assert rows(url, f"SELECT sequence FROM spools WHERE spool = '{left}'") == [2]  # noqa: S608 - our own id
    assert not list(spool.folder.glob(f"{left}*"))


def broken(url: str, kind: str) -> sqlite3.Connection | None:
    """Put a ledger into a state in which nobody can record, and return a connection that keeps it there."""
    path = Path(url.removeprefix("sqlite:///"))
    connection = sqlite3.connect(path, isolation_level=None)
    if kind == "locked":
        connection.execute("BEGIN IMMEDIATE")
        return connection
    if kind == "newer":
        connection.execute("INSERT INTO schema_migrations VALUES (9001, 'more', 'x', 'x')")
    if kind == "older":
        connection.execute("DELETE FROM schema_migrations WHERE number = 4")
    connection.close()
    data = path.read_bytes()
    if kind == "missing":
        path.rename(path.with_suffix(".away"))
    if kind == "read-only":  # root writes where no permission lets others: a file of a later write version, nobody
        path.write_bytes(data[:18] + b"\x09" + data[19:])
    if kind == "damaged":
        path.write_bytes(b"x" * len(data))
    return None


BROKEN = {
    "missing": "there is no ledger at",
    "locked": "is locked by another process",
    "newer": "newer than this deskc",
    "older": r"lacks 0004_trading\.sql",
    "read-only": "cannot be written",
    "damaged": "or a damaged one",
}


@pytest.mark.parametrize(("kind", "sentence"), BROKEN.items(), ids=BROKEN)
def test_records_wait_while_the_ledger_is_out_of_reach(
    tmp_path: Path, spool: Spool, caplog: pytest.LogCaptureFixture, kind: str, sentence: str
) -> None:
    """Recording goes on; status and one line of the log say why; once the ledger is back, all of it goes there."""
    url = new_ledger(tmp_path)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "whole.db")
    drain = Drain(url, spool, busy_timeout_s=0)
    connection = broken(url, kind)
    with caplog.at_level(logging.WARNING, logger="deskc.recorder"):
        for number in range(3):
            spool.append([event(str(number))])
            assert not drain.step()
        assert drain.status.waiting == 3
        assert drain.status.reports == ()
        assert drain.status.problem is not None
        assert len(caplog.records) == 1
        assert caplog.records[0].getMessage() == f"records wait in the spool: {drain.status.problem}"
        with pytest.raises(AssertionError, match=sentence):
            raise AssertionError(drain.status.problem)
        if connection:
            connection.close()
        else:
            shutil.copy(tmp_path / "whole.db", tmp_path / "ledger.db")
        assert drain.step()
        assert caplog.records[-1].getMessage() == "records go to the ledger again"
    assert drain.status == Status(waiting=0, problem=None, reports=())
    assert events(url) == ["0", "1", "2"]


def test_a_ledger_put_back_from_a_copy_gets_what_is_still_here(tmp_path: Path, url: str, spool: Spool) -> None:
    """Of the segment that is open every record comes again, and none twice."""
    drain = Drain(url, spool)
    spool.append([event("before")])
    assert drain.step()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")
    spool.append([event("after")])
    assert drain.step()
    shutil.copy(tmp_path / "copy.db", tmp_path / "ledger.db")
    assert events(url) == ["before"]
    spool.append([event("now")])
    assert drain.step()
    assert events(url) == ["before", "after", "now"]


def test_a_ledger_replaced_half_way_keeps_the_spool(
    tmp_path: Path, url: str, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that went into a file which is no longer the ledger are moved again, into the one that is."""
    migrate(f"sqlite:///{tmp_path}/other.db")
    stat = os.stat
    swaps = iter((False, False, True))  # looked at, opened, looked at again

    def swapping(path: Path, *arguments: object, **options: object) -> os.stat_result:
        if Path(path) == tmp_path / "ledger.db" and next(swaps, False):
            (tmp_path / "other.db").replace(tmp_path / "ledger.db")
        return stat(path, *arguments, **options)  # type: ignore[arg-type]  # handed through

    drain = Drain(url, spool)
    spool.append([event("one")])
    monkeypatch.setattr(Path, "stat", swapping)
    assert not drain.step()
    assert "was replaced" in (drain.status.problem or "")
    assert drain.step()
    assert events(url) == ["one"]


def test_a_record_that_no_table_takes_is_told_and_kept(url: str, spool: Spool) -> None:
    """Those around it arrive; the file that holds it stays under another name."""
    unknown = event("odd").replace(b'"message"', b'"massage"')
    worse = event("odd", severity="fatal")
    spool.append([event("first"), unknown, worse, b"{}", b"no JSON", b'{"kind":"activation"}', event("last")])
    spool.close()
    drain = Drain(url, spool)
    assert drain.step()
    assert events(url) == ["first", "last"]
    told = drain.status.reports
    reasons = ("no column for: massage", "'kind'", "Expecting value", "'snapshot_digest'", "CHECK constraint failed")
    assert len(told) == len(reasons)
    assert all(reason in report for reason, report in zip(reasons, told, strict=True))
    drain.release()
    (kept,) = spool.folder.iterdir()
    assert kept.suffix == ".damaged"
    assert unknown in kept.read_bytes()


def test_a_table_that_was_dropped_costs_its_own_records_alone(url: str, spool: Spool) -> None:
    """As the documented way back has it: what has no table any more is told once a file, fills and the rest arrive."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("DROP TABLE IF EXISTS market_snapshots;")
    book = {"timestamp": NOON // 10**6, "ts_ns": NOON, **RUN, "coin": "ETH"}
    spool.append([event("first"), payload("market_snapshot", book), payload("market_snapshot", book), event("last")])
    drain = Drain(url, spool)
    assert drain.step()
    assert events(url) == ["first", "last"]
    (report,) = drain.status.reports
    assert report.endswith("was refused: no such table: market_snapshots")


def test_damage_is_told_and_the_rest_arrives(url: str, spool: Spool, caplog: pytest.LogCaptureFixture) -> None:
    """Bytes that changed on the disk cost the record that they were, and no other; the file is kept."""
    left = dead(spool.folder, "first", "second", "third")
    (path,) = spool.folder.glob(f"{left}.*.spool")
    path.write_bytes(path.read_bytes().replace(b"second", b"sEcond"))
    drain = Drain(url, spool)
    assert drain.step()
    assert events(url) == ["first", "third"]
    (report,) = drain.status.reports
    assert report.startswith(f"{path.name} is damaged from byte ")
    assert report in caplog.text
    assert {one.suffix for one in spool.folder.glob(f"{left}*")} == {".damaged"}


def test_a_spool_of_a_newer_format_holds_nobody_up(url: str, spool: Spool) -> None:
    """It is told of and left alone; our own records go on."""
    left = dead(spool.folder, "theirs")
    (path,) = spool.folder.glob(f"{left}.*.spool")
    data = path.read_bytes().replace(first_line(left), first_line(left).replace(b"/1", b"/2"))
    path.write_bytes(data)
    spool.append([event("mine")])
    drain = Drain(url, spool)
    assert drain.step()
    assert drain.step()
    assert events(url) == ["mine"]
    assert drain.status.reports == (f"{path.name} cannot be read: {path} has a format that this deskc does not read",)
    drain.release()
    assert path.read_bytes() == data


def test_a_long_backlog_moves_in_short_transactions(url: str, spool: Spool) -> None:
    """So many rows, or so many bytes, and the lock is given back."""
    spool.append([event(str(number)) for number in range(1200)])
    spool.append([event(str(number), details_json=f'"{"x" * 200_000}"') for number in range(1200, 1204)])
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.executescript(
            "CREATE TABLE seen (sequence INTEGER);"
            "CREATE TRIGGER first AFTER INSERT ON spools BEGIN INSERT INTO seen VALUES (new.sequence); END;"
            "CREATE TRIGGER then_ AFTER UPDATE ON spools BEGIN INSERT INTO seen VALUES (new.sequence); END;"
        )
    assert Drain(url, spool).step()
    assert rows(url, "SELECT sequence FROM seen") == [500, 1000, 1200, 1202, 1204]
