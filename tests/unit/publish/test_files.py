"""Files written once, and files replaced whole."""

from pathlib import Path

import pytest

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.publish.files import append_line, replace, snapshot_path, write_once


def test_a_snapshot_lies_under_its_target(tmp_path: Path) -> None:
    """The layout is environment, bot, digest."""
    name = digest(b"")
    assert snapshot_path(tmp_path, Target("production", "mm"), name) == tmp_path / f"production/mm/{name}.jsonl"


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_written_once(tmp_path: Path, durable: bool) -> None:  # noqa: FBT001 - a parameter
    """The second time the same bytes are a success that touches nothing, not even the file's time."""
    path = tmp_path / "new/folder/file"
    assert write_once(path, b"data", durable=durable)
    before = (path.stat().st_ino, path.stat().st_mtime_ns)
    assert not write_once(path, b"data", durable=durable)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before
    assert [file.name for file in path.parent.iterdir()] == ["file"]


def test_other_bytes_are_never_overwritten(tmp_path: Path) -> None:
    """A file that does not hold what its name says is an error and stays for someone to look at."""
    path = tmp_path / "file"
    path.write_bytes(b"tampered")
    with pytest.raises(DeskcError, match="does not hold what its name says"):
        write_once(path, b"data")
    assert path.read_bytes() == b"tampered"


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    """A file where a folder should be, and a folder where a file should be, are errors with the path."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeskcError, match="file/new cannot be written"):
        write_once(tmp_path / "file/new", b"data")
    with pytest.raises(DeskcError, match="cannot be written"):
        write_once(tmp_path, b"data")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Whoever has the old file open goes on reading the old bytes."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        replace(path, b"new and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new and longer"
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_a_replacement_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where the last step fails, the unfinished file is gone."""
    (tmp_path / "folder/inside").mkdir(parents=True)
    with pytest.raises(DeskcError, match="folder cannot be written"):
        replace(tmp_path / "folder", b"data")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_lines_are_appended(tmp_path: Path) -> None:
    """An audit grows and never loses a line."""
    append_line(tmp_path / "audit", b"one\n")
    append_line(tmp_path / "audit", b"two\n")
    assert (tmp_path / "audit").read_bytes() == b"one\ntwo\n"
    with pytest.raises(DeskcError, match="cannot be written"):
        append_line(tmp_path / "nowhere/audit", b"one\n")
