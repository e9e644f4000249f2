"""A process's spool and the thread that drains it, shared by all its recorders of one ledger."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import Final

from deskc.ledger.drain import Drain, Status
from deskc.runtime.spool import Spool

__all__ = ["Outbox", "join", "leave"]

_GATHER_S: Final = 0.2
"""How long records wait for others to share a transaction with."""
_LOOK_S: Final = 30.0
"""How often a process without records looks for what others left behind."""
_RETRY_S: Final = (0.5, 10.0)
"""How long to wait after a failure: first, and at most."""
_GRACE_S: Final = 0.5
"""How long a thread may take to come to its end though time is up; it takes a moment unless the ledger holds it."""


_log = logging.getLogger("deskc.recorder")


class Outbox:
    """A spool that drains itself; `join` makes or shares one, and `leave` ends it with the last who joined."""

    def __init__(self, url: str, folder: Path) -> None:
        self._spool = Spool(folder)
        self._drain = Drain(url, self._spool)
        self._owner = os.getpid()
        self._members = 0
        self._wake, self._hurry, self._stop = Event(), Event(), Event()
        self._stepped = Condition()
        self._wake.set()  # a spool that somebody left behind does not wait for our first record
        self._thread = Thread(target=self._run, name="deskc-recorder", daemon=True)
        self._thread.start()

    @property
    def status(self) -> Status:
        """How the records fare."""
        return self._drain.status

    @property
    def is_ours(self) -> bool:
        """Say whether this process made it; one that was forked since has the object and not the thread."""
        return self._owner == os.getpid()

    def append(self, payloads: Sequence[bytes]) -> None:
        """Return once all of these are on the disk; raise SpoolError where they are not, none of them."""
        self._spool.append(payloads)
        if not self._wake.is_set():
            self._wake.set()

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that is acknowledged by now is in the ledger and say whether it is, after so many seconds."""
        if not self.is_ours:
            return False
        target, deadline = self._spool.acknowledged, monotonic() + timeout_s
        self._wake.set()
        self._hurry.set()
        with self._stepped:
            while self._drain.received < target:
                left = deadline - monotonic()
                if left <= 0 or not self._stepped.wait(left):
                    break
            return self._drain.received >= target

    def join(self) -> None:
        """Count one who uses this."""
        self._members += 1

    def leave(self) -> bool:
        """Count one less and say whether that was the last."""
        self._members -= 1
        return not self._members

    def end(self, timeout_s: float) -> None:
        """Take no more records, let the thread come to its end, and leave what is not drained to the next process."""
        self._spool.close()
        self._stop.set()
        self._wake.set()
        self._hurry.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        retry_s = _RETRY_S[0]
        while not self._stop.is_set():
            self._wake.wait(_LOOK_S)
            self._hurry.wait(_GATHER_S)
            self._hurry.clear()
            self._wake.clear()
            if self._step():
                retry_s = _RETRY_S[0]
            elif not self._stop.is_set():
                self._hurry.wait(retry_s)
                self._wake.set()
                retry_s = min(2 * retry_s, _RETRY_S[1])
        self._step()
        self._drain.release()

    def _step(self) -> bool:
        try:
            done = self._drain.step()
        except Exception:  # noqa: BLE001 - a bug must not end the thread in silence: what waits is tried again
            _log.exception("records wait in the spool: this is a bug in deskc")
            done = False
        with self._stepped:
            self._stepped.notify_all()
        return done


class _Outboxes:
    """Those of this process, by ledger and spool folder."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin with none, as a forked child does: its parent's threads are not in it, and one may hold the lock."""
        self.lock = Lock()
        self.open: dict[tuple[str, Path], Outbox] = {}


_outboxes = _Outboxes()
os.register_at_fork(after_in_child=_outboxes.begin)


def join(url: str, folder: Path) -> Outbox:
    """Return this process's outbox for a ledger and a spool folder; raise SpoolError where the folder is of no use."""
    with _outboxes.lock:
        outbox = _outboxes.open.get((url, folder))
        if outbox is None:
            outbox = _outboxes.open[url, folder] = Outbox(url, folder)
        outbox.join()
        return outbox


def leave(outbox: Outbox, timeout_s: float) -> bool:
    """Give an outbox back once its records are in the ledger, or time is up; say whether they are."""
    deadline = monotonic() + timeout_s
    done = outbox.flush(timeout_s)
    with _outboxes.lock:
        if outbox.is_ours and outbox.leave():
            _outboxes.open = {key: one for key, one in _outboxes.open.items() if one is not outbox}
            outbox.end(max(_GRACE_S, deadline - monotonic()))
    return done
