"""Moves records from spools to the ledger: a process's own, and those that dead processes left behind."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import time_ns
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.ledger.ledger import Ledger
from deskc.ledger.open import open_ledger
from deskc.ledger.sqlite import BUSY_TIMEOUT_S, location
from deskc.runtime.frames import Record
from deskc.runtime.leftovers import Leftover, adopt, read
from deskc.runtime.spool import Segment, Spool

__all__ = ["Drain", "Status"]

# A transaction of so many rows takes some ten milliseconds, of the 100 for which a writer may hold the lock; the bytes
# bound it where each row is large.
_ROWS = 500
_BYTES = 1 << 18
_REPORTS = 100  # so many are remembered; the log has them all

_log = logging.getLogger("deskc.recorder")


class Status(NamedTuple):
    """How a process's records fare: `waiting` are acknowledged and not yet in the ledger.

    `problem` says why none can go there just now, None where nothing is wrong; `reports` are sentences on what was
    damaged or refused, whose files are kept under `….damaged`.
    """

    waiting: int
    problem: str | None
    reports: tuple[str, ...]


class Drain:
    """What one process moves into a ledger; one thread at a time uses it."""

    def __init__(self, url: str, spool: Spool, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._url = url
        self._busy_timeout_s = busy_timeout_s
        self._path = location(url)
        self._spool = spool
        self._file: tuple[int, int] | None = None  # the ledger's, as it was opened
        self._leftovers: list[Leftover] = []
        self._places: dict[Path, int] = {}
        self._received: dict[str, int] = {}
        self._flawed: set[Path] = set()
        self._reports: dict[str, None] = {}
        self._problem: str | None = None

    @property
    def status(self) -> Status:
        """How the records fare, as of the last step."""
        waiting = self._spool.acknowledged - self.received
        return Status(waiting, self._problem, tuple(self._reports))

    @property
    def received(self) -> int:
        """Up to which sequence the process's own records are in the ledger, as far as is known here."""
        return self._received.get(self._spool.id, 0)

    def step(self) -> bool:
        """Move all there is and say whether that went well; what stood in the way is in `status` and in the log."""
        try:
            self._leftovers += adopt(self._spool.folder, {self._spool.id, *(one.id for one in self._leftovers)})
            if self._leftovers or self._has_news():
                self._file = _identity(self._path)
                with open_ledger(self._url, busy_timeout_s=self._busy_timeout_s) as ledger:
                    for source in self._sources():
                        self._move(source, ledger)
        except (DeskcError, OSError) as error:
            self._tell(error)
            return False
        self._tell(None)
        return True

    def release(self) -> None:
        """Let other processes drain what could not be moved."""
        for source in self._sources():
            source.release()

    def _sources(self) -> list[Spool | Leftover]:
        """Return the spools in the order in which what they hold happened."""
        return [*self._leftovers, self._spool]

    def _has_news(self) -> bool:
        segments = self._spool.segments()
        return any(one.closed or self._places.get(one.path, 0) < one.size for one in segments)

    def _move(self, source: Spool | Leftover, ledger: Ledger) -> None:
        known = ledger.received(source.id)
        if known < self._received.get(source.id, 0):  # a ledger that was put back from a copy: once more from the start
            self._places.clear()
        self._received[source.id] = known
        for segment in source.segments():
            self._move_segment(source, segment, ledger)
        if isinstance(source, Leftover) and not source.segments():
            source.release()
            self._leftovers.remove(source)
            del self._received[source.id]

    def _move_segment(self, source: Spool | Leftover, segment: Segment, ledger: Ledger) -> None:
        try:
            found = read(source.id, segment, self._places.get(segment.path, 0))
        except (OSError, ValueError) as error:
            self._report(f"{segment.path.name} cannot be read: {error}")
            return
        for damage in found.damages:
            self._report(damage, segment)
        for batch in _batches(found.records, self._received[source.id]):
            for _, reason in ledger.receive(source.id, batch, at_ns=time_ns()):
                self._report(f"a record of {segment.path.name} was refused: {reason}", segment)
            self._received[source.id] = batch[-1].sequence
        if _identity(self._path) != self._file:
            msg = f"the ledger {self._path} was replaced while records were moved"
            raise DeskcError(msg, help="nothing needs to be done: they are moved again")
        self._places[segment.path] = found.end
        if segment.closed:
            source.discard(segment, keep=segment.path in self._flawed)
            self._places.pop(segment.path)

    def _report(self, sentence: str, segment: Segment | None = None) -> None:
        if segment is not None:
            self._flawed.add(segment.path)
        if sentence not in self._reports:
            self._reports = dict.fromkeys([*self._reports, sentence][-_REPORTS:])
            _log.error("%s", sentence)

    def _tell(self, error: DeskcError | OSError | None) -> None:
        """Keep what stands in the way, and log it when it comes and when it goes."""
        problem = None if error is None else str(error)
        if problem != self._problem and problem is not None:
            _log.warning("records wait in the spool: %s", problem)
        elif problem != self._problem:
            _log.warning("records go to the ledger again")
        self._problem = problem


def _batches(records: Sequence[Record], known: int) -> Iterator[list[Record]]:
    """Yield the records behind a sequence, so many at a time that a transaction stays short."""
    batch: list[Record] = []
    size = 0
    for record in records:
        if record.sequence > known:
            batch.append(record)
            size += len(record.payload)
            if len(batch) == _ROWS or size >= _BYTES:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one under its name, None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
