"""Whether a ledger's file is sound."""

import sqlite3
from contextlib import closing

from deskc.ledger.sqlite import connect, explained, location

__all__ = ["damage", "quick_check"]


def quick_check(url: str) -> tuple[str, ...]:
    """Return what SQLite finds wrong in the file, nothing where it is sound; raise DeskcError where it is unreadable.

    It reads the whole file: `doctor` and migrations ask, opening does not (there, SQLite itself refuses a file that is
    cut short or is no database, and any page it reads is judged when it is read).
    """
    path = location(url)
    with explained(path), closing(connect(path)) as connection:
        return damage(connection)


def damage(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return what SQLite finds wrong in an open database."""
    try:
        found = tuple(line for (line,) in connection.execute("PRAGMA quick_check(5)"))
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return (str(error),)  # it gives up on some damage
    return () if found == ("ok",) else found
