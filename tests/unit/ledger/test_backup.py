"""Backups of a ledger in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deskc.core.errors import DeskcError
from deskc.ledger.backup import backup, copy
from deskc.ledger.migrate import migrate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return an empty ledger."""
    migrate(f"sqlite:///{tmp_path}/ledger.db")
    return tmp_path / "ledger.db"


def test_a_backup_is_one_moment_while_others_write(path: Path) -> None:
    """What a writer has not committed is not in the copy; what it has is, though it lies in the journal."""
    to = path.with_name("copy.db")
    row = "INSERT INTO scope_params VALUES (?, '{}')"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute(row, ("committed",))
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(row, ("open",))
        backup(f"sqlite:///{path}", to)
    with closing(sqlite3.connect(to)) as copy:
        assert copy.execute("SELECT params_digest FROM scope_params").fetchall() == [("committed",)]
    assert {file.name for file in path.parent.iterdir()} == {"ledger.db", "copy.db"}


def test_a_backup_never_overwrites(path: Path) -> None:
    """A file that is there stays what it is."""
    to = path.with_name("notes.txt")
    to.write_text("mine")
    with pytest.raises(DeskcError, match="is there already"):
        backup(f"sqlite:///{path}", to)
    assert to.read_text() == "mine"


def test_a_backup_needs_a_folder(path: Path) -> None:
    """A folder that does not exist is an error and leaves nothing behind."""
    with pytest.raises(DeskcError, match=r"nowhere/copy\.db cannot be opened"):
        backup(f"sqlite:///{path}", path.parent / "nowhere" / "copy.db")
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]


def test_a_copy_that_cannot_take_its_place_leaves_nothing(path: Path) -> None:
    """Where a folder stands in the way, the error names both and the unfinished file is gone."""
    to = path.with_name("copy.db")
    to.mkdir()
    with pytest.raises(DeskcError, match=r"ledger\.db cannot be copied to .*copy\.db"):
        copy(path, to)
    assert {file.name for file in path.parent.iterdir()} == {"ledger.db", "copy.db"}


def test_a_missing_ledger_has_no_backup(tmp_path: Path) -> None:
    """Nothing is created where nothing was."""
    with pytest.raises(DeskcError, match="cannot be opened"):
        backup(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
