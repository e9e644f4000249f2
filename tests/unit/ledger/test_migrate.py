"""Migrations: numbered, checksummed, forward only, all or nothing, and never without a copy."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.core.snapshots import Build, Commit, Sha
from deskc.ledger.migrate import MIGRATIONS, migrate
from deskc.ledger.open import open_ledger
from deskc.ledger.record import record
from deskc.ledger.sqlite import connect
from snapshots import ScopeText, SnapshotText, frozen

SHA = Sha("c" * 40)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped migrations."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a ledger may come to lie."""
    return tmp_path / "ledger.db"


@pytest.fixture
def url(path: Path) -> str:
    """Return that ledger's address."""
    return f"sqlite:///{path}"


def tables(path: Path) -> set[str]:
    """Return the names of a database's tables."""
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_ledger_gets_everything_once(url: str, path: Path) -> None:
    """The first call applies all migrations, the second none; each is registered by number, name and checksum."""
    assert migrate(url) == (1, 2, 3, 4, 5)
    assert migrate(url) == ()
    assert tables(path) == {
        *("commits", "builds", "snapshots", "scope_params", "scope_changes"),
        *("activations", "coin_config_versions", "sqlite_sequence", "schema_migrations"),
        *("experiments", "results", "diagnostics", "checkpoints"),
        *("config_versions", "config_performance", "config_lineage"),
        *("fills", "market_snapshots", "order_events", "system_events", "heartbeats", "spools"),
        "leverage_status",
    }
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM schema_migrations").fetchall()
    files = ["0001_builds.sql", "0002_activations.sql", "0003_ladders.sql", "0004_trading.sql"]
    files.append("0005_leverage.sql")
    assert [(row[0], row[1]) for row in rows] == list(enumerate(files, start=1))
    assert all(re.fullmatch(r"[0-9a-f]{64}", row[2]) for row in rows)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", row[3]) for row in rows)
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


def test_a_ledger_with_data_is_copied_before_it_changes(url: str, path: Path, folder: Path) -> None:
    """The copy is the ledger of before, and the new tables stand in the ledger alone."""
    migrate(url)
    (folder / "9001_more.sql").write_text("-- a comment; with a semicolon\nCREATE TABLE more (x);\n")
    assert migrate(url, folder=folder) == (9001,)
    copy = path.with_name("ledger.db.before-9001")
    assert "more" in tables(path)
    assert tables(copy) == tables(path) - {"more"}


def test_a_migration_that_fails_changes_nothing(url: str, path: Path, folder: Path) -> None:
    """Its earlier statements and the migrations before it are undone with it."""
    migrate(url)
    (folder / "9001_good.sql").write_text("CREATE TABLE good (x);")
    (folder / "9002_bad.sql").write_text("CREATE TABLE bad (x);\nCREATE TABLE builds (x);\n")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(url, folder=folder)
    assert tables(path).isdisjoint({"good", "bad"})
    assert migrate(url) == ()


def test_a_trigger_is_one_statement(url: str, path: Path, folder: Path) -> None:
    """Semicolons inside a trigger do not end it."""
    script = "CREATE TRIGGER t AFTER DELETE ON builds BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\nCREATE TABLE more (x)\n"
    (folder / "9001_trigger.sql").write_text(script)
    assert migrate(url, folder=folder)[-1] == 9001
    assert "more" in tables(path)


def test_a_newer_ledger_is_refused(url: str, folder: Path) -> None:
    """A deskc that does not know a migration neither opens nor migrates, and says both numbers."""
    (folder / "9001_more.sql").write_text("CREATE TABLE more (x);")
    migrate(url, folder=folder)
    with pytest.raises(DeskcError, match=r"is at 9001, newer than this deskc, which knows 5"):
        migrate(url)
    with pytest.raises(DeskcError, match="newer") as caught, open_ledger(url):
        pass
    assert "install" in caught.value.help


def test_an_older_ledger_is_not_opened_as_it_is(path: Path, url: str) -> None:
    """Without leave to migrate, a ledger that lacks tables is an error that names the first migration it lacks."""
    path.touch()
    with pytest.raises(DeskcError, match=r"lacks 0001_builds\.sql"), open_ledger(url):
        pass
    with open_ledger(url, create=True) as ledger:
        assert ledger.builds() == ()


@pytest.fixture
def first(path: Path, folder: Path) -> Path:
    """Return a ledger as the first deskc left it: made by migration 1 alone, with a build in it."""
    for later in sorted(folder.glob("*.sql"))[1:]:
        later.unlink()
    migrate(f"sqlite:///{path}", folder=folder)
    one = frozen(SnapshotText([ScopeText(), ScopeText({"trading": {"leverage": 3}}, coin="ETH")]))
    digests = (digest(b"rules"), digest(b"schemas"), digest(b"markets"))
    build = Build(SHA, one.environment, one.bot, one.digest, *digests, "0.1.0")
    commit = Commit(SHA, (), "A. Trader", "trader@example.org", 1, 1, "begin")
    with closing(connect(path)) as connection:
        assert record(connection, commit, [(build, one)], recorded_at_ns=1)
    return path


def test_the_first_ledger_is_brought_up_to_date(first: Path, url: str) -> None:
    """Nothing opens it as it is; compiling does after a copy, and every row of before is still there."""
    with closing(sqlite3.connect(first)) as connection:
        before = [line for line in connection.iterdump() if line.startswith("INSERT") and "schema_migr" not in line]
    assert len(before) == 7
    with pytest.raises(DeskcError, match=r"lacks 0002_activations\.sql") as caught, open_ledger(url):
        pass
    assert "run deskc compile" in caught.value.help
    assert migrate(url) == (2, 3, 4, 5)
    assert tables(first.with_name("ledger.db.before-0002")) == {
        *("commits", "builds", "snapshots", "scope_params", "scope_changes", "schema_migrations"),
    }
    with closing(sqlite3.connect(first)) as connection:
        assert set(before) <= set(connection.iterdump())
    with open_ledger(url) as ledger:
        assert (len(ledger.builds()), len(ledger.scope_versions()), ledger.intervals()) == (1, 2, ())


def test_an_edited_migration_is_refused(url: str, folder: Path) -> None:
    """A ledger made with other SQL under the same number is not trusted, even if only a comment differs."""
    file = folder / "0001_builds.sql"
    file.write_text(file.read_text() + "-- harmless\n")
    migrate(url, folder=folder)
    with pytest.raises(DeskcError, match=r"0001_builds\.sql is not the file"):
        migrate(url)
    with pytest.raises(DeskcError, match="is not the file") as caught, open_ledger(url):
        pass
    assert "new number" in caught.value.help


def test_another_programs_database_is_left_alone(url: str, path: Path) -> None:
    """A database with foreign tables is refused and keeps its bytes."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (x)")
    before = path.read_bytes()
    with pytest.raises(DeskcError, match="no deskc ledger"):
        migrate(url)
    assert path.read_bytes() == before


def test_a_locked_ledger_is_not_migrated(url: str, path: Path, folder: Path) -> None:
    """While another process writes, a migration gives up after its time and nothing has changed."""
    migrate(url)
    (folder / "9001_more.sql").write_text("CREATE TABLE more (x);")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DeskcError, match="locked"):
            migrate(url, folder=folder, busy_timeout_s=0)
    assert "more" not in tables(path)


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "BEGIN; SELECT count(*) FROM sqlite_master"])
def test_a_new_file_that_another_process_holds_is_locked(url: str, path: Path, lock: str) -> None:
    """Be the other one about to write or just reading, we wait for it and in the end say what was wrong."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in lock.split("; "):
            other.execute(statement).fetchall()
        with pytest.raises(DeskcError, match="locked"):
            migrate(url, busy_timeout_s=0.05)


def test_a_damaged_ledger_is_not_migrated(url: str, path: Path, folder: Path) -> None:
    """Damage that opening would not meet stops a migration, before the copy."""
    migrate(url)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'builds'")
        connection.commit()
    (folder / "9001_more.sql").write_text("CREATE TABLE more (x);")
    with pytest.raises(DeskcError, match="is damaged"):
        migrate(url, folder=folder)
    assert not path.with_name("ledger.db.before-9001").exists()
