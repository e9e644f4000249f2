"""An append-only spool: what it has acknowledged survives a killed process and a power cut.

A process owns the spools that it opens: their names hold its id and the time, and a lock says that it lives. What a
process leaves behind is drained by another one (`leftovers`).
"""

import os
import weakref
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import time_ns
from typing import NamedTuple, Self

from deskc.runtime.durable import make_folder, sync_folder
from deskc.runtime.errors import SpoolError
from deskc.runtime.frames import first_line, frame

__all__ = ["SEGMENT_BYTES", "Segment", "Spool", "discard", "lock_path", "segment_name"]

SEGMENT_BYTES = 1 << 20
"""A segment that has reached this size is closed, and deleted once everything in it is in the ledger."""


class Segment(NamedTuple):
    """A file of a spool, as far as it may be read.

    `closed` says that nothing will be added; `whole` that its last record was acknowledged, so none is cut off.
    """

    path: Path
    size: int
    closed: bool = False
    whole: bool = True


class _Group:
    """Records that one write and one sync acknowledge together."""

    __slots__ = ("done", "error", "frames", "last")

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.last = 0
        self.done = False
        self.error: BaseException | None = None


class Spool:
    """One process's spool in a folder, for any number of its threads; a context manager.

    `acknowledged` is the sequence of the last record on the disk. Raises SpoolError where the folder cannot be made or
    written.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.folder = folder
        self.id = f"{os.getpid()}-{time_ns()}-{token_hex(4)}"
        self._segment_bytes = segment_bytes
        self._owner = os.getpid()
        self._gathering, self._writing = Lock(), Lock()
        self._group = _Group()
        self._ended = False
        self._next = 1
        self.acknowledged = 0
        self._files = Lock()
        self._closed: list[Segment] = []
        self._current: Segment | None = None
        self._number = 0
        self._descriptor = -1
        self._torn = False
        self._lock = self._take_lock()
        _living.add(self)

    def append(self, payloads: Sequence[bytes]) -> int:
        """Write records and return the last one's sequence once all of them are on the disk: the acknowledgement.

        Threads that append at once share a write. Raises SpoolError where the disk is full, the file cannot be written
        or the spool is closed: then none of these records is kept.
        """
        self._require_ours()
        with self._gathering:
            self._require_open()
            group = self._group
            for payload in payloads:
                group.frames.append(frame(self._next, payload))
                self._next += 1
            group.last = last = self._next - 1
        with self._writing:  # whoever comes first writes for all who wait here
            if group.frames and not group.done:
                self._lead(group)
        if group.error is not None and payloads:
            raise self._refusal(group.error) from group.error
        return last

    def segments(self) -> tuple[Segment, ...]:
        """Return the files as far as they hold what was acknowledged, the oldest first."""
        with self._files:
            return (*self._closed, *([self._current] if self._current else ()))

    def discard(self, segment: Segment, *, keep: bool) -> None:
        """Delete a closed segment, or keep it aside under another name, for a person to look at."""
        discard(segment, keep=keep)
        with self._files:
            self._closed.remove(segment)

    def close(self) -> None:
        """End the spool; files that hold something stay, for whoever drains them next."""
        with self._writing:
            with self._gathering:
                self._ended, group = True, self._group
            if group.frames and not group.done:
                self._lead(group)
            with suppress(OSError):  # a tail that cannot be cut off now is cut off by whoever reads it
                self._end_segment()

    def release(self) -> None:
        """Give up the lock: another process may drain what is left, and where nothing is, no file stays."""
        with self._files:
            if self._lock < 0:
                return
            if not self._closed and self._current is None:
                lock_path(self.folder, self.id).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        """Return the spool."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the spool and let others have what it holds."""
        self.close()
        self.release()

    def forget(self) -> None:
        """Let go of everything in a forked child: the parent writes on, and only its own life shall hold the lock."""
        for descriptor in (self._descriptor, self._lock):
            if descriptor >= 0:
                with suppress(OSError):
                    os.close(descriptor)
        self._descriptor = self._lock = -1

    def _take_lock(self) -> int:
        """Make the lock file and hold it; somebody who looks for dead spools may take it in between, then once more."""
        path = lock_path(self.folder, self.id)
        try:
            make_folder(self.folder)
            while True:
                lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
                flock(lock, LOCK_EX)
                if path.exists() and path.stat().st_ino == os.fstat(lock).st_ino:
                    return lock
                os.close(lock)
        except OSError as error:
            msg = f"the spool {self.folder} cannot be written: {error.strerror}"
            raise SpoolError(msg, help="make the folder writable, or name another one with spool=") from error

    def _require_ours(self) -> None:
        if self._owner != os.getpid():
            msg = "this spool belongs to the process that this one was forked from, so nothing was recorded"
            raise SpoolError(msg, help="make a Recorder in each process, after the fork")

    def _require_open(self) -> None:
        if self._ended:
            msg = f"the spool {self.id} is closed, so nothing was recorded"
            raise SpoolError(msg, help="record before close()")

    def _lead(self, group: _Group) -> None:
        """Write a group for all its threads; the next one gathers meanwhile."""
        with self._gathering:
            self._group = _Group()
        try:
            self._write(b"".join(group.frames))
            self.acknowledged = group.last
        except BaseException as error:
            group.error = error
            if not isinstance(error, OSError):
                raise
        finally:
            group.done = True

    def _write(self, data: bytes) -> None:
        current = self._current
        if current is None or current.size >= self._segment_bytes:
            self._end_segment()
            current = self._begin_segment()
        if self._torn:
            self._cut(current)
        try:
            _write_at(self._descriptor, data, current.size)
            self._torn = True
            _sync(self._descriptor)
        except BaseException:
            self._torn = True
            with suppress(OSError):
                self._cut(current)
            raise
        self._torn = False
        with self._files:
            self._current = current._replace(size=current.size + len(data))

    def _cut(self, current: Segment) -> None:
        """Take away what a write left that failed."""
        os.ftruncate(self._descriptor, current.size)
        _sync(self._descriptor)
        self._torn = False

    def _begin_segment(self) -> Segment:
        path = self.folder / segment_name(self.id, self._number + 1)
        line = first_line(self.id)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            _write_at(descriptor, line, 0)
            _sync(descriptor)
            sync_folder(self.folder)
        except BaseException:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            raise
        self._descriptor, self._number, self._torn = descriptor, self._number + 1, False
        with self._files:
            self._current = Segment(path, len(line))
            return self._current

    def _end_segment(self) -> None:
        if self._current is None:
            return
        if self._torn:
            self._cut(self._current)
        os.close(self._descriptor)
        self._descriptor = -1
        with self._files:
            self._closed.append(self._current._replace(closed=True))
            self._current = None

    def _refusal(self, error: BaseException) -> SpoolError:
        reason = getattr(error, "strerror", None) or type(error).__name__
        msg = f"the spool in {self.folder} cannot be written: {reason}, so nothing was recorded"
        return SpoolError(msg, help="make room on its disk or make it writable, then record again")


def segment_name(spool: str, number: int) -> str:
    """Return the file name of a spool's segment; numbers begin at 1."""
    return f"{spool}.{number:06d}.spool"


def lock_path(folder: Path, spool: str) -> Path:
    """Return the file whose lock says that a spool's process lives."""
    return folder / f"{spool}.lock"


def discard(segment: Segment, *, keep: bool) -> None:
    """Delete a segment's file, or rename it to `….damaged`, which nobody drains."""
    if keep:
        segment.path.replace(segment.path.with_suffix(".damaged"))
    else:
        segment.path.unlink(missing_ok=True)


def _write_at(descriptor: int, data: bytes, place: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, place)
        view, place = view[written:], place + written


def _sync(descriptor: int) -> None:
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)  # macOS


_living: "weakref.WeakSet[Spool]" = weakref.WeakSet()


def _forget_all(spools: Iterable[Spool]) -> None:
    for spool in spools:
        spool.forget()


os.register_at_fork(after_in_child=lambda: _forget_all(tuple(_living)))
