"""Brings a ledger's tables up to what this deskc needs: numbered SQL files, each applied once, never undone."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from deskc.core.canonical import digest
from deskc.core.errors import DeskcError
from deskc.core.times import text
from deskc.ledger.backup import copy
from deskc.ledger.quick_check import damage
from deskc.ledger.sqlite import BUSY_TIMEOUT_S, connect, explained, location, transaction, write_ahead

__all__ = ["MIGRATIONS", "Migration", "bring_up_to_date", "migrate", "pending", "shipped"]

MIGRATIONS = Path(__file__).with_name("migrations")

# Half of recording a fleet is writing its params, texts of one or two kilobytes: pages of 16 KiB take a third less
# processor time than the default 4 KiB, and less disk. A page size holds for a file's life.
_PAGE_BYTES = 16_384
_REGISTER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
)
"""
_CHECKSUMS = "SELECT number, checksum FROM schema_migrations ORDER BY number"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


class Migration(NamedTuple):
    """One numbered SQL file; the checksum is the sha256 of its bytes."""

    number: int
    name: str
    checksum: str
    sql: str


def migrate(url: str, *, folder: Path = MIGRATIONS, busy_timeout_s: float = BUSY_TIMEOUT_S) -> tuple[int, ...]:
    """Create the ledger where there is none, apply what it lacks and return the numbers applied.

    A ledger that holds data is checked and copied to `<ledger>.before-<number>` first. Raise DeskcError where the
    ledger is newer than this deskc, was made with an edited file, is damaged, locked or cannot be written.
    """
    path = location(url)
    with explained(path), closing(connect(path, create=True, busy_timeout_s=busy_timeout_s)) as connection:
        missing = bring_up_to_date(connection, path, shipped(folder))
        write_ahead(connection)
    return tuple(migration.number for migration in missing)


def bring_up_to_date(
    connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...]
) -> tuple[Migration, ...]:
    """Apply what an open ledger lacks, as migrate does, and return it; the journal stays what it is."""
    if not pending(connection, path, migrations):
        return ()
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of no effect but on a new file
    # The database's own write lock is the exclusive lock: beside other migrations it also holds off whoever
    # would write between the backup and the change, which a lock file could not.
    with transaction(connection):
        missing = pending(connection, path, migrations)
        if missing and missing[0] != migrations[0]:
            _keep(connection, path, missing[0])
        _apply(connection, missing)
    return missing


def shipped(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Read the numbered files `0001_name.sql` of a folder, in order."""
    return tuple(_read(path) for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")))


def pending(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """Return what the ledger lacks; raise DeskcError where it does not descend from these migrations."""
    applied = _applied(connection, path)
    known = {migration.number: migration for migration in migrations}
    for number, checksum in applied.items():
        if number not in known:
            msg = f"the ledger {path} is at {max(applied)}, newer than this deskc, which knows {max(known)}"
            raise DeskcError(msg, help="install the deskc that wrote it, or name another ledger with --ledger")
        if known[number].checksum != checksum:
            msg = f"{known[number].name} is not the file that the ledger {path} was made with"
            raise DeskcError(msg, help="reinstall deskc to get the file back; a change of tables is a new number")
    return tuple(migration for migration in migrations if migration.number not in applied)


def _applied(connection: sqlite3.Connection, path: Path) -> dict[int, str]:
    tables = {name for (name,) in connection.execute(_TABLES)}
    if "schema_migrations" in tables:
        return dict(connection.execute(_CHECKSUMS))
    if tables:
        msg = f"{path} is a database, but no deskc ledger"
        raise DeskcError(msg, help="name another file with --ledger")
    return {}


def _read(path: Path) -> Migration:
    data = path.read_bytes()
    return Migration(number=int(path.name[:4]), name=path.name, checksum=digest(data), sql=data.decode())


def _keep(connection: sqlite3.Connection, path: Path, first: Migration) -> None:
    """Copy a ledger that holds data before it changes, or refuse where it is damaged."""
    found = damage(connection)
    if found:
        msg = f"the ledger {path} is damaged: {found[0]}"
        raise DeskcError(msg, help="put a backup in its place before it is brought up to date")
    copy(path, path.with_name(f"{path.name}.before-{first.number:04d}"))


def _apply(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    connection.execute(_REGISTER)
    for migration in migrations:
        for statement in _statements(migration.sql):
            connection.execute(statement)
        row = (migration.number, migration.name, migration.checksum, text(time.time_ns()))
        connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?, ?)", row)


def _statements(sql: str) -> Iterator[str]:
    """Split a script at the lines that end a statement, because executescript would commit what we hold open."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
