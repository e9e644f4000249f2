"""Copies of a ledger that is in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from deskc.core.errors import DeskcError
from deskc.ledger.sqlite import connect, explained, location

__all__ = ["backup", "copy"]


def backup(url: str, to: Path) -> None:
    """Copy the ledger into a new file while others write; the copy is one moment's whole state.

    Raise DeskcError where `to` exists, and where either cannot be read or written.
    """
    path = location(url)
    if to.exists():
        msg = f"{to} is there already"
        raise DeskcError(msg, help="name a file that does not exist yet")
    copy(path, to)


def copy(path: Path, to: Path) -> None:
    """Copy the ledger at `path` over `to`, which is at every moment absent, the old file or the whole copy."""
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with explained(path), closing(connect(path)) as source:
            _copy(source, part, to)
        part.replace(to)
    except OSError as error:
        msg = f"the ledger {path} cannot be copied to {to}: {error.strerror}"
        raise DeskcError(msg, help="choose a folder that exists and can be written") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, part: Path, to: Path) -> None:
    with explained(to):
        target = sqlite3.connect(part)
    with closing(target):
        source.backup(target)  # SQLite flushes the copy to the disk before it returns
