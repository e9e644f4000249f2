"""Commits in the ledger and the one order they stand in."""

import sqlite3

from deskc.core.snapshots import Commit
from deskc.core.times import nanoseconds, text

__all__ = ["keep_commit"]

# An ordinal is the committer's second and, in the low bits, a place in that second. The first commit recorded of a
# second takes the middle place, so that both a later child and a parent that comes late find room.
_PLACES = 2**20
_MIDDLE = _PLACES // 2

_KNOWN = "SELECT ordinal FROM commits WHERE sha = ?"
_ENDS = "SELECT min(ordinal), max(ordinal) FROM commits WHERE ordinal BETWEEN ? AND ?"
_CHILD = "SELECT 1 FROM commits WHERE ordinal BETWEEN ? AND ? AND instr(parents, ?)"
_INSERT = "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def keep_commit(connection: sqlite3.Connection, commit: Commit) -> int:
    """Insert the commit where it is new and return its ordinal: by committer time, in one second parents first.

    Inside one second a commit goes before all others where one of them is its child, otherwise behind them: right for
    whatever is recorded parents first or children first. Raise DeskcError for times that no clock shows.
    """
    known: tuple[int] | None = connection.execute(_KNOWN, (commit.sha,)).fetchone()
    if known:
        return known[0]
    ordinal = _ordinal(connection, commit)
    authored = nanoseconds(commit.authored_at, of=f"commit {commit.sha}")
    committed = nanoseconds(commit.committed_at, of=f"commit {commit.sha}")
    people = (_storable(commit.author), _storable(commit.author_email))
    times = (text(authored), authored, text(committed), committed)
    row = (commit.sha, " ".join(commit.parents), *people, *times, _storable(commit.subject), ordinal)
    connection.execute(_INSERT, row)
    return ordinal


def _ordinal(connection: sqlite3.Connection, commit: Commit) -> int:
    second = commit.committed_at * _PLACES
    span = (second, second + _PLACES - 1)
    first, last = connection.execute(_ENDS, span).fetchone()
    if first is None:
        return second + _MIDDLE
    has_child = connection.execute(_CHILD, (*span, commit.sha)).fetchone()
    return int(first - 1 if has_child else last + 1)


def _storable(words: str) -> str:
    """Replace what is no text: git keeps names and subjects in whatever bytes they came."""
    return words.encode("utf-8", "replace").decode()
