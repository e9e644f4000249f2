"""The SQLite channel's end at a bot: the rows that `deskc.publish.sqlite` writes, read as one file's at one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, RLock
from time import monotonic

from deskc.core.canonical import Digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.publish.sqlite import location
from deskc.publish.store import current_name, snapshot_name
from deskc.runtime.errors import ChannelError, NotFoundError, UnreadableError
from deskc.runtime.locate import Found, read_record

__all__ = ["open_channel"]

_EVERY_S = 0.2  # between two looks at whether the file changed: a page of it, 10 µs
_BUSY_S = 2.0
_READ = "SELECT data FROM files WHERE name = ?"


class _Sqlite:
    """A database file, followed through one connection, whose `data_version` tells of other processes' commits."""

    def __init__(self, url: str, *, environment: str, bot: str) -> None:
        self._url = url
        self._target = Target(environment, bot)
        self._closed = Event()
        self._open: tuple[sqlite3.Connection, tuple[int, int]] | None = None
        self._version: int | None = None
        self._using = RLock()
        try:
            self._file = location(url)
        except DeskcError as error:
            raise ChannelError(error.message, path=url, help=error.help) from error

    def fetch(self, known: str | None) -> Found | None:
        """Return what the pointer names; see Channel."""
        with self._reading() as connection:
            self._version = _version(connection)
            with _moment(connection):
                return self._found(connection, known)

    def wait(self, timeout_s: float) -> None:
        """Return when another process has written; see Channel."""
        until = monotonic() + timeout_s
        while (left := until - monotonic()) > 0 and not self._closed.wait(min(_EVERY_S, left)):
            with self._using:
                if self._closed.is_set() or self._changed():
                    return

    def close(self) -> None:
        """End a wait and let go of the file; see Channel."""
        self._closed.set()
        with self._using:
            self._let_go()

    def _changed(self) -> bool:
        """Say whether the file is another one or has been written; what is wrong with it is for `fetch` to say."""
        if self._version is None:
            return False
        try:
            with self._reading() as connection:
                return _version(connection) != self._version
        except (ChannelError, NotFoundError, UnreadableError):
            self._version = None
            return True

    def _found(self, connection: sqlite3.Connection, known: str | None) -> Found | None:
        source = f"{self._url}/{current_name(self._target)}"
        pointer = _row(connection, current_name(self._target))
        if pointer is None:
            msg = f"{self._url} has nothing published for {self._target}"
            raise NotFoundError(msg, path=source, help="publish there with deskc publish --channel")
        record = read_record(pointer, source=source, environment=self._target.environment, bot=self._target.bot)
        if record["digest"] == known:
            return None
        name = snapshot_name(self._target, Digest(record["digest"]))
        data = _row(connection, name)
        if data is None:
            msg = f"{self._url} names a snapshot that it does not hold, {name}"
            raise NotFoundError(msg, path=source, help="publish again")
        commit = record["commit"]
        dirty = commit is None or bool(record.get("dirty"))
        return Found(data=data, digest=record["digest"], source=f"{self._url}/{name}", git_sha=commit, dirty=dirty)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Hand out the connection, a new one where the file has been put in another's place."""
        try:
            with self._using:
                yield self._connected()
        except FileNotFoundError as error:
            msg = f"{self._file} does not exist"
            raise NotFoundError(msg, path=self._url, help="publish there, or name another channel") from error
        except sqlite3.OperationalError as error:
            self._let_go()
            msg = f"{self._url} cannot be read: {error}"
            raise UnreadableError(msg, path=self._url) from error
        except sqlite3.Error as error:
            self._let_go()
            msg = f"{self._url} is no channel, or damaged: {error}"
            raise ChannelError(msg, path=self._url) from error
        except OSError as error:
            msg = f"{self._file} cannot be read: {error.strerror}"
            raise UnreadableError(msg, path=self._url) from error

    def _connected(self) -> sqlite3.Connection:
        status = self._file.stat()
        file = (status.st_dev, status.st_ino)
        if self._open is not None and self._open[1] != file:
            self._let_go()
        if self._open is None:
            # watch waits in a thread of its own, after a first fetch in the caller's
            address = f"{Path(self._file).absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(
                address, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._open = connection, file
        return self._open[0]

    def _let_go(self) -> None:
        if self._open is not None:
            with suppress(sqlite3.Error):
                self._open[0].close()
            self._open = None


@contextmanager
def _moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Read all rows of the block as they were at one moment."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    ((version,),) = connection.execute("PRAGMA data_version")
    return int(version)


def _row(connection: sqlite3.Connection, name: str) -> bytes | None:
    row = connection.execute(_READ, (name,)).fetchone()
    if row is None:
        return None
    if not isinstance(row[0], bytes):
        raise sqlite3.DatabaseError(f"the row {name} holds no bytes")
    return row[0]


def open_channel(url: str, *, environment: str, bot: str, state: str) -> _Sqlite:  # noqa: ARG001 - as every channel's
    """Follow a database file; it needs no state."""
    return _Sqlite(url, environment=environment, bot=bot)
