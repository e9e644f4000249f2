"""The folder channel: snapshots and pointers as plain files, for a disk or any static server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from deskc.core.errors import DeskcError
from deskc.publish.files import append_line, replace, write_once
from deskc.publish.store import LOCK_TIMEOUT_S

__all__ = ["FolderStore", "locked"]


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A channel in a folder, made where it is missing; each file appears on its own."""

    folder: Path
    lock_timeout_s: float = LOCK_TIMEOUT_S

    def __str__(self) -> str:
        """Return the folder's path."""
        return str(self.folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold off every other publisher; raise DeskcError where one of them stays for long."""
        with locked(self.folder, timeout_s=self.lock_timeout_s):
            yield

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None where there is none."""
        path = self.folder / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            msg = f"{path} cannot be read: {error.strerror}"
            raise DeskcError(msg, help="make it readable, or publish to another folder") from error

    def write_once(self, name: str, data: bytes) -> None:
        """Write a file that never changes, durably."""
        write_once(self.folder / name, data, durable=True)

    def replace(self, name: str, data: bytes) -> None:
        """Put new bytes in a file's place, durably."""
        replace(self.folder / name, data)

    def append(self, name: str, line: bytes) -> None:
        """Append one line to a file, durably."""
        append_line(self.folder / name, line)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: there is nothing to know of a folder."""
        return ()


@contextmanager
def locked(folder: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold a folder's lock, the folder made where it is missing; raise DeskcError where another publish holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".deskc.lock", timeout=timeout_s).acquire()
    except Timeout as error:
        msg = f"the channel {folder} is locked by another publish"
        raise DeskcError(msg, help="wait until that one has finished, then run this again") from error
    except OSError as error:
        msg = f"the channel {folder} cannot be written: {error.strerror}"
        raise DeskcError(msg, help="make the folder writable, or publish to another one") from error
    with lock:
        yield
