"""The SQLite channel: a folder channel's files as rows of one table, in a database of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from deskc.core.errors import DeskcError
from deskc.publish.store import LOCK_TIMEOUT_S

__all__ = ["SqliteStore", "location"]

_SCHEME = "sqlite:///"
_TABLE = "CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, data BLOB NOT NULL)"
_READ = "SELECT data FROM files WHERE name = ?"
_WRITE = "INSERT INTO files VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data"


def location(url: str) -> Path:
    """Return the file that `sqlite:///relative` or `sqlite:////absolute` names; raise DeskcError for anything else."""
    name = url.removeprefix(_SCHEME)
    if name == url or not name or name == ":memory:":
        msg = f"{url} names no file for a channel"
        raise DeskcError(msg, help="write sqlite:///path/to/channel.db, with four slashes where the path is absolute")
    return Path(name)


class SqliteStore:
    """A channel in a database file, made where it is missing; all changes under one lock appear at once, or none."""

    def __init__(self, file: Path, *, lock_timeout_s: float = LOCK_TIMEOUT_S) -> None:
        self._file = file
        self._timeout_s = lock_timeout_s
        self._open: sqlite3.Connection | None = None

    def __str__(self) -> str:
        """Return the URL."""
        return f"{_SCHEME}{self._file}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Do what the block does in one transaction, as the only writer."""
        with self._explained():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(self._file, timeout=self._timeout_s, isolation_level=None)
        with closing(opened) as connection:
            with self._explained():
                _write_ahead(connection)
                connection.execute("PRAGMA synchronous = FULL")  # a pointer that was told survives a power cut
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(_TABLE)
            self._open = connection
            try:
                yield
                with self._explained():
                    connection.execute("COMMIT")
            finally:
                self._open = None  # closing takes back what was not committed

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None where there is none."""
        with self._explained():
            row = self._connection.execute(_READ, (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def write_once(self, name: str, data: bytes) -> None:
        """Write a file that never changes."""
        present = self.read(name)
        if present not in (None, data):
            msg = f"{name} in {self} does not hold what its name says"
            raise DeskcError(msg, help="remove the row and run this again; something other than deskc wrote it")
        if present is None:
            self.replace(name, data)

    def replace(self, name: str, data: bytes) -> None:
        """Put new bytes in a file's place."""
        with self._explained():
            self._connection.execute(_WRITE, (name, data))

    def append(self, name: str, line: bytes) -> None:
        """Append one line to a file."""
        self.replace(name, (self.read(name) or b"") + line)

    def notes(self) -> tuple[str, ...]:
        """Return nothing: there is nothing to know of a database."""
        return ()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            raise RuntimeError("a channel is read and written under its lock")
        return self._open

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                msg = f"the channel {self} is locked by another publish"
                raise DeskcError(msg, help="wait until that one has finished, then run this again") from error
            msg = f"the channel {self} cannot be written: {error}"
            raise DeskcError(msg, help="make the file and its folder writable, or publish to another one") from error
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            msg = f"the channel {self} cannot be written: {reason}"
            raise DeskcError(msg, help="name a file that is a channel, or none yet, in a folder of yours") from error


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Let bots read while one publishes, for the file's life, unless another process holds the file just now.

    SQLite does not wait to change the journal; the other one is as safe, and the next publish changes it.
    """
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
