"""Files that are written once and never changed, and small ones that are replaced whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from deskc.core.canonical import Digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Snapshot
from deskc.runtime import durable as durable_files

__all__ = ["Staging", "append_line", "replace", "snapshot_path", "write_once"]


def snapshot_path(folder: Path, target: Target, digest: Digest) -> Path:
    """Return where a folder keeps a snapshot: `<environment>/<bot>/<digest>.jsonl`."""
    return folder / target.environment / target.bot / f"{digest}.jsonl"


def write_once(path: Path, data: bytes, *, durable: bool = False) -> bool:
    """Write an immutable file, all of it or nothing, and say whether it was absent.

    `durable` says that a pointer will name the file, so it must survive a power cut before the pointer does. Twelve
    files of 700 KB took 2 ms without and 10 ms with it (ext4): compile, whose output can be made again, does without.

    Raise DeskcError where the file is there with other bytes, and where it cannot be written.
    """
    with _explained(path):
        present = _read(path)
        if present is None:
            durable_files.replace(path, data, durable=durable)
        elif durable:
            durable_files.sync_folder(path)  # whoever wrote it may have done so without
    if present not in (None, data):
        msg = f"{path} does not hold what its name says"
        raise DeskcError(msg, help="remove the file and run this again; something other than deskc wrote it")
    return present is None


class Staging:
    """Snapshots on their way to a folder: each is written aside when it is frozen, all are put in their places at once.

    As a context manager it takes away what was not put in its place, so that an error leaves no file and no folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        above = folder.absolute()
        while not above.is_dir():
            above = above.parent
        self._aside = above / f".deskc-{os.getpid()}.part"

    def __enter__(self) -> Self:
        """Begin; nothing is written before the first snapshot."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take away what still stands aside."""
        if self._aside.is_dir():
            for part in self._aside.iterdir():
                part.unlink(missing_ok=True)
            self._aside.rmdir()

    def keep(self, snapshot: Snapshot) -> Snapshot:
        """Write a snapshot aside; the one returned reads its lines from there. Raise DeskcError where that fails."""
        part = self._aside / f"{snapshot.digest}.jsonl"
        with _explained(part):
            self._aside.mkdir(exist_ok=True)
            part.write_bytes(snapshot.data())
        return snapshot._replace(body=part)

    def place(self, snapshot: Snapshot) -> Snapshot:
        """Put a kept snapshot in its place; raise DeskcError where a file with other bytes is there."""
        path = snapshot_path(self._folder, Target(snapshot.environment, snapshot.bot), snapshot.digest)
        part = self._aside / f"{snapshot.digest}.jsonl"
        if path.exists():
            write_once(path, snapshot.data())
            return snapshot._replace(body=path)
        with _explained(path):
            durable_files.make_folder(path.parent, durable=False)
            part.replace(path)
        return snapshot._replace(body=path)


def replace(path: Path, data: bytes) -> None:
    """Put new bytes in a file's place, durably; a reader sees the old or the new ones whole, so does a power cut.

    Raise DeskcError where it cannot be written; the old file then stands.
    """
    with _explained(path):
        durable_files.replace(path, data)


def append_line(path: Path, data: bytes) -> None:
    """Append one line to a file in a folder that exists, durably; raise DeskcError where it cannot be written."""
    with _explained(path), path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise DeskcError(msg, help="make its folder writable, or name another one") from error
