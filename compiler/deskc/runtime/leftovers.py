"""Spools whose processes have ended: found by their locks, drained by whoever finds them."""

import os
import re
from collections.abc import Collection
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import NamedTuple

from deskc.runtime.frames import Record, first_line, scan
from deskc.runtime.spool import Segment, discard, lock_path

__all__ = ["Found", "Leftover", "adopt", "read"]

_LOCK = re.compile(r"(\d+-(\d+)-[0-9a-f]+)\.lock")
_FORMAT = b"deskc-spool/"


class Found(NamedTuple):
    """What a segment holds behind a place: records, how far they reach, and a sentence for each damaged part."""

    records: tuple[Record, ...]
    end: int
    damages: tuple[str, ...]


class Leftover:
    """A spool that a dead process left behind; this one holds its lock now."""

    def __init__(self, folder: Path, spool: str, lock: int) -> None:
        self.folder = folder
        self.id = spool
        self._lock = lock

    def segments(self) -> tuple[Segment, ...]:
        """Return its files, the oldest first."""
        files = sorted(self.folder.glob(f"{self.id}.*.spool"))
        return tuple(Segment(path, path.stat().st_size, closed=True, whole=path != files[-1]) for path in files)

    def discard(self, segment: Segment, *, keep: bool) -> None:
        """Delete a segment, or keep it aside under another name, for a person to look at."""
        discard(segment, keep=keep)

    def release(self) -> None:
        """Give up the lock; where no file is left, the lock's goes too."""
        if self._lock >= 0:
            if not self.segments():
                lock_path(self.folder, self.id).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1


def adopt(folder: Path, known: Collection[str]) -> tuple[Leftover, ...]:
    """Take over the spools of processes that have ended, the oldest first, but for those whose ids are `known`."""
    names = (_LOCK.fullmatch(path.name) for path in folder.glob("*.lock"))
    born = sorted((int(name[2]), name[1]) for name in names if name and name[1] not in known)
    taken = ((spool, _take(lock_path(folder, spool))) for _, spool in born)
    return tuple(Leftover(folder, spool, lock) for spool, lock in taken if lock is not None)


def read(spool: str, segment: Segment, start: int) -> Found:
    """Read a segment from a place on, 0 for all of it; raise OSError, and ValueError where its format is newer."""
    with segment.path.open("rb") as file:
        file.seek(start)
        data = file.read(segment.size - start)
    expected, damages = first_line(spool), []
    begin = 0 if start else min(len(expected), len(data))
    if not data.startswith(expected[:begin]):
        _require_known_format(data, segment.path)
        damages.append(f"{segment.path.name} does not begin with the line that names its spool")
        begin = 0
    found = scan(data, begin)
    damages += [f"{segment.path.name} is damaged from byte {start + a} to {start + b}" for a, b in found.damaged]
    end = start + found.end
    if segment.whole and end < segment.size:
        damages.append(f"{segment.path.name} is damaged from byte {end} to {segment.size}")
    return Found(found.records, end, tuple(damages))


def _require_known_format(data: bytes, path: Path) -> None:
    line, newline, _ = data.partition(b"\n")
    if newline and line.startswith(_FORMAT) and not line.startswith(_FORMAT + b"1 "):
        msg = f"{path} has a format that this deskc does not read"
        raise ValueError(msg)


def _take(path: Path) -> int | None:
    """Return the lock of a spool whose process has ended, None where it lives or somebody else takes it over."""
    try:
        lock = os.open(path, os.O_RDWR)
    except OSError:  # gone, or another user's
        return None
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
