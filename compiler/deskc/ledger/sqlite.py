"""SQLite as the ledger uses it: where it lies, how it is opened, and what its errors mean to a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskc.core.errors import DeskcError
from deskc.ledger.mounts import network_filesystem

__all__ = ["BUSY_TIMEOUT_S", "connect", "explained", "location", "transaction", "write_ahead"]

BUSY_TIMEOUT_S = 5.0

# Two MiB of a ledger's pages, SQLite's own measure. Left alone it counts 500 pages of 4 KiB before it reads that ours
# are of 16, and a first compile would fill all 8 MiB, which is slower too.
_CACHE_PAGES = 128

_SCHEME = "sqlite:///"
_WRITABLE = "make the file and its folder writable, or name another ledger with --ledger"
_ROOM = "make room on the disk, then run this again; nothing was half written"
_MEND = "put a backup in its place, or move it away and compile again: builds and snapshots come back from git"
_MEANINGS = {
    sqlite3.SQLITE_BUSY: ("is locked by another process", "wait until that one has finished, then run this again"),
    sqlite3.SQLITE_READONLY: ("cannot be written", _WRITABLE),
    sqlite3.SQLITE_PERM: ("cannot be written", _WRITABLE),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _WRITABLE),
    sqlite3.SQLITE_FULL: ("does not fit on its disk", _ROOM),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", _ROOM),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _MEND),
    sqlite3.SQLITE_NOTADB: ("is no SQLite database, or a damaged one", _MEND),
}


def location(url: str) -> Path:
    """Return the file that `sqlite:///relative` or `sqlite:////absolute` names; raise DeskcError for anything else."""
    name = url.removeprefix(_SCHEME)
    if name == url or not name or name == ":memory:":
        msg = f"{url} names no ledger that this deskc can open"
        raise DeskcError(msg, help="write sqlite:///path/to/ledger.db, with four slashes where the path is absolute")
    return Path(name)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the database's failures into DeskcError; what only a bug can cause stays what it is."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits only tell variants apart
        if primary not in _MEANINGS:
            raise
        meaning, way_out = _MEANINGS[primary]
        msg = f"the ledger {path} {meaning}"
        raise DeskcError(msg, help=way_out) from error


def connect(path: Path, *, create: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """Open the file with transactions left to us, with `create` making it and its folder where they are missing.

    Raise DeskcError on a network file system, and where the folder cannot be made.
    """
    kind = network_filesystem(path)
    if kind:
        msg = f"the ledger {path} lies on a network file system ({kind}), where SQLite's locks do not hold"
        raise DeskcError(msg, help="name a ledger on a local disk with --ledger")
    if create:
        _make_folder(path.parent)
    address = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    connection = sqlite3.connect(address, uri=True, timeout=busy_timeout_s, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # what record() acknowledged survives a power cut
        connection.execute(f"PRAGMA cache_size = {_CACHE_PAGES}")
    except BaseException:
        connection.close()  # a damaged file is met here
        raise
    return connection


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"the ledger's folder {folder} cannot be made: {error.strerror}"
        raise DeskcError(msg, help="make it yourself, or name another ledger with --ledger") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what the block does, or nothing of it, as the only writer."""
    connection.execute("BEGIN IMMEDIATE")  # a plain BEGIN fails as soon as two readers want to write
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let readers read while one writes, for the file's life, unless another process holds the file just now.

    That one is not waited for: the other journal is as safe, and whoever opens the ledger next to record changes it.
    """
    ((patience_ms,),) = connection.execute("PRAGMA busy_timeout")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience_ms}")
