"""Opening a ledger: what is missing, locked, damaged, read-only or foreign is told in one sentence."""

import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Commit, ScopeRow, Sha, Snapshot, frame
from deskc.ledger.ledger import Ledger
from deskc.ledger.open import SqliteLedger, open_ledger
from deskc.ledger.quick_check import quick_check

SHA = Sha("c" * 40)
OTHER_SHA = Sha("d" * 40)


def record(ledger: Ledger, *, sha: Sha = SHA, recorded_at_ns: int = 1) -> frozenset[Target]:
    """Record one build of one coin."""
    text, header = b"{}", b'{"scopes":[]}'
    line = text.join(frame("ETH", None, None, "1.0.0"))
    row = ScopeRow("ETH", None, None, "1.0.0", digest(text), digest(line), len(line))
    frozen = Snapshot("production", "mm", digest(header), header, (row,), b"{}", line + b"\n")
    build = Build(sha, "production", "mm", frozen.digest, digest(b"r"), digest(b"s"), digest(b"m"), "0.1.0")
    commit = Commit(sha, (), "A. Trader", "trader@example.org", 1, 1, "begin")
    return ledger.record(commit, [(build, frozen)], recorded_at_ns=recorded_at_ns)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a ledger with one build in it."""
    path = tmp_path / "ledger.db"
    with open_ledger(f"sqlite:///{path}", create=True) as ledger:
        record(ledger)
    return path


def dump(path: Path) -> list[str]:
    """Return all rows of all tables as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_recording_twice_leaves_every_row_as_it_was(path: Path) -> None:
    """The whole database reads the same afterwards, times included."""
    before = dump(path)
    with open_ledger(f"sqlite:///{path}", create=True) as ledger:
        assert not record(ledger, recorded_at_ns=2)
    assert dump(path) == before


def journal(path: Path) -> str:
    """Return the kind of journal that a database keeps."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


@pytest.mark.parametrize("mistake", [None, ValueError])
def test_readers_never_wait_once_a_ledger_was_made(tmp_path: Path, mistake: type[ValueError] | None) -> None:
    """However the first use ends, the file it leaves is alone in its folder and lets one write while others read."""
    path = tmp_path / "ledger.db"
    with suppress(ValueError), open_ledger(f"sqlite:///{path}", create=True) as ledger:
        record(ledger)
        if mistake:
            raise mistake
    assert list(tmp_path.iterdir()) == [path]
    assert journal(path) == "wal"


def test_a_ledger_in_use_when_it_was_made_changes_its_journal_later(tmp_path: Path) -> None:
    """Whoever reads while the maker closes keeps the first journal in place; the next one to record changes it."""
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        with open_ledger(f"sqlite:///{path}", create=True) as ledger:
            record(ledger)
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM builds").fetchone() == (1,)
        with open_ledger(f"sqlite:///{path}", create=True) as ledger:
            assert not record(ledger)
        assert journal(path) == "delete"
    with open_ledger(f"sqlite:///{path}", create=True) as ledger:
        assert len(ledger.builds()) == 1
    assert journal(path) == "wal"


def test_times_stand_as_text_and_as_nanoseconds(path: Path) -> None:
    """Text for people has six digits after the second and a Z; the integers beside it are exact."""
    with closing(sqlite3.connect(path)) as connection:
        times = connection.execute("SELECT recorded_at, recorded_at_ns FROM builds").fetchone()
        assert times == ("1970-01-01T00:00:00.000000Z", 1)
        times = connection.execute("SELECT first_committed_at, first_committed_at_ns FROM scope_versions").fetchone()
        assert times == ("1970-01-01T00:00:01.000000Z", 10**9)


def test_a_missing_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    """Without leave to create, nothing is created."""
    with pytest.raises(DeskcError, match="no ledger") as caught, open_ledger(f"sqlite:///{tmp_path}/ledger.db"):
        pass
    assert "compile" in caught.value.help
    assert list(tmp_path.iterdir()) == []


def test_a_relative_ledger_lies_where_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes name a path from here, and its folder is made."""
    monkeypatch.chdir(tmp_path)
    with open_ledger("sqlite:///.deskc/ledger.db", create=True) as ledger:
        assert ledger.builds() == ()
    assert (tmp_path / ".deskc/ledger.db").is_file()


@pytest.mark.parametrize("name", ["ledger #1?.db", "ledger%20.db", "lédger.db"])
def test_any_file_name_names_a_ledger(tmp_path: Path, name: str) -> None:
    """What means something in a URL means nothing in a ledger's path."""
    with open_ledger(f"sqlite:///{tmp_path}/{name}", create=True) as ledger:
        assert record(ledger)
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "url", ["ledger.db", "sqlite://ledger.db", "sqlite:///", "sqlite:///:memory:", "postgresql:///x"]
)
def test_another_address_is_refused(url: str) -> None:
    """The error shows the form that works."""
    with pytest.raises(DeskcError, match="names no ledger") as caught, open_ledger(url, create=True):
        pass
    assert "sqlite:///path" in caught.value.help


def test_a_locked_ledger_is_read_but_not_written(path: Path) -> None:
    """While another process writes, reading goes on and writing gives up after its time."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_ledger(f"sqlite:///{path}", create=True, busy_timeout_s=0) as ledger:
            assert len(ledger.builds()) == 1
            with pytest.raises(DeskcError, match=r"ledger\.db is locked by another process"):
                record(ledger, sha=OTHER_SHA)
            other.execute("ROLLBACK")
            record(ledger, sha=OTHER_SHA)
            assert len(ledger.builds()) == 2


def test_a_ledger_that_cannot_be_written_says_so(path: Path) -> None:
    """Reading goes on; recording is an error with the way out."""
    with open_ledger(f"sqlite:///{path}") as ledger:
        assert isinstance(ledger, SqliteLedger)
        ledger.connection.execute("PRAGMA query_only = ON")
        assert len(ledger.builds()) == 1
        with pytest.raises(DeskcError, match=r"ledger\.db cannot be written") as caught:
            record(ledger, sha=OTHER_SHA)
        assert "--ledger" in caught.value.help


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    """A path that holds something else cannot be opened."""
    with pytest.raises(DeskcError, match="cannot be opened"), open_ledger(f"sqlite:///{tmp_path}", create=True):
        pass


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    """A folder that cannot be made is an error that names it."""
    (tmp_path / "file").write_text("")
    url = f"sqlite:///{tmp_path}/file/ledger.db"
    with pytest.raises(DeskcError, match="file cannot be made"), open_ledger(url, create=True):
        pass


def damage_builds(path: Path) -> None:
    """Overwrite the page where the table of builds begins."""
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'builds'")
        ((size,),) = connection.execute("PRAGMA page_size")
    data = path.read_bytes()
    noise = random.Random(1).randbytes(size)  # noqa: S311 - noise, not a secret
    path.write_bytes(data[: (page - 1) * size] + noise + data[page * size :])


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("noise", [0, 1, 2], ids=["cut short", "other bytes", "no header"])
def test_a_damaged_ledger_is_refused_and_left_alone(path: Path, noise: int, create: bool) -> None:  # noqa: FBT001 - a table
    """A file cut in half, overwritten, or without its first bytes is named with the way out, and not touched."""
    whole = path.read_bytes()
    other = random.Random(1).randbytes(len(whole))  # noqa: S311 - noise, not a secret
    path.write_bytes((whole[: len(whole) // 2], other, bytes(100) + whole[100:])[noise])
    before = path.read_bytes()
    with pytest.raises(DeskcError, match="damaged") as caught, open_ledger(f"sqlite:///{path}", create=create):
        pass
    assert "backup" in caught.value.help
    assert path.read_bytes() == before


def test_damage_further_in_is_found_when_it_is_met(path: Path) -> None:
    """Opening reads little, so a damaged page speaks when it is read; quick_check reads them all."""
    assert quick_check(f"sqlite:///{path}") == ()
    damage_builds(path)
    with pytest.raises(DeskcError, match="damaged"), open_ledger(f"sqlite:///{path}") as ledger:
        ledger.builds()
    assert quick_check(f"sqlite:///{path}") != ()


def test_the_scope_list_is_a_table_to_those_who_ask_in_sql(path: Path) -> None:
    """The view snapshot_scopes has a row for each scope in a snapshot's header."""
    header = '{"scopes":[{"coin":"ETH","side":null,"arm":null,"config_version":"1","params_digest":"p","length":9}]}'
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO snapshots VALUES ('d', 'staging', 'mm', ?)", (header,))
        found = connection.execute("SELECT coin, side, config_version, length FROM snapshot_scopes").fetchall()
    assert found == [("ETH", None, "1", 9)]


def test_foreign_keys_hold(path: Path) -> None:
    """A build of an unknown commit cannot be written through an open ledger."""
    with open_ledger(f"sqlite:///{path}") as ledger:
        assert isinstance(ledger, SqliteLedger)
        with pytest.raises(sqlite3.IntegrityError):
            ledger.connection.execute("UPDATE builds SET commit_sha = 'nobody'")
