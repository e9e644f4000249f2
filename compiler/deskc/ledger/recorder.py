"""The recorder: what a bot calls to have its trading on record, and never waits for a database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import time_ns
from typing import Any, Self

from deskc.ledger.drain import Status
from deskc.ledger.ledger import Run
from deskc.ledger.outbox import join, leave
from deskc.ledger.recording import Recording
from deskc.ledger.rows import Row, encoded, payload, ran, times
from deskc.ledger.sqlite import location
from deskc.runtime.errors import RecordError, SpoolError
from deskc.runtime.snapshot import Snapshot

__all__ = ["Recorder"]

_CLOSE_S = 5.0


class Recorder(Recording):
    """Records what a bot does by the snapshot it runs; safe to share between threads.

    A call returns when its row is on the disk, in a spool beside the ledger (or in the folder `spool`): it then
    survives a killed process and a power cut. A thread moves rows to the ledger, now or when it can be reached again.

    >>> with Recorder("sqlite:///.deskc/ledger.db", snap, account="main") as recorder:  # doctest: +SKIP
    ...     eth = snap["ETH"]
    ...     order = eth.stamp.order_id()
    ...     recorder.order_event(eth, "placed", client_order_id=order, side="buy", px="2500.1", sz="0.02")
    ...     recorder.fill(eth, side="buy", px="2500.1", sz="0.02", fee="0.0125", client_order_id=order)
    ...     with recorder.batch() as rows:  # one acknowledgement for all
    ...         rows.market_snapshot(eth, bids=[("2500.1", "3")], asks=[("2500.6", "1.5")])

    `ledger` is a URL, sqlite:///path. The snapshot is activated at once. Raise RecordError where no commit is known for
    it, SpoolError where the spool cannot be written, DeskcError for another URL. A ledger that is missing, locked,
    older or newer is none of these: `status` tells of it.
    """

    def __init__(
        self,
        ledger: str,
        snapshot: Snapshot,
        *,
        account: str | None = None,
        instance: str | None = None,
        spool: Path | str | None = None,
    ) -> None:
        path = location(ledger).absolute()
        run = Run(snapshot.environment, snapshot.bot_id, _name(account, "account"), _name(instance, "instance"))
        _require_commit(snapshot)
        venue = next(iter(snapshot.exchanges), "")
        super().__init__(run, venue=venue, running={}, take=lambda one: self._append([one]))
        self._activating = Lock()
        self._activated_ns = 0
        self._closed = False
        folder = path.with_name(f"{path.name}.spool") if spool is None else Path(spool).absolute()
        self._outbox = join(f"sqlite:///{path}", folder)
        try:
            self.activate(snapshot)
        except BaseException:
            self.close(timeout_s=0)
            raise

    @property
    def status(self) -> Status:
        """How the records of this process fare: how many wait, and why."""
        return self._outbox.status

    def activate(self, snapshot: Snapshot) -> None:
        """Record that the bot runs this snapshot from now on; call it where the bot goes over to a new one.

        Raise RecordError where it is another bot's or no commit is known for it.
        """
        _require_commit(snapshot)
        if (snapshot.environment, snapshot.bot_id) != self._run[:2]:
            msg = f"{snapshot!r} is not of {self._run}"
            raise RecordError(msg, help="make a Recorder for each bot")
        running: Row = {"git_sha": snapshot.git_sha, "snapshot_digest": snapshot.digest}
        with self._activating:
            self._activated_ns = max(time_ns(), self._activated_ns + 1)
            row = {**ran(self._run), **running, "ts_ns": self._activated_ns, "kept": list(snapshot.kept) or None}
            self._take(payload("activation", row, snapshot.data))
            self._running.update(running)

    def heartbeat(self, details: Mapping[str, Any] | None = None, *, ts_ns: int | None = None) -> None:
        """Record that the run lives; the ledger keeps its last one. `details` are anything that JSON can hold."""
        said = None if details is None else encoded(details, "heartbeat")
        self._take(
            payload("heartbeat", {**ran(self._run), **self._running, "ts_ns": times(ts_ns), "details_json": said})
        )

    @contextmanager
    def batch(self) -> Iterator[Recording]:
        """Gather rows that are acknowledged together when the block ends, also by an exception; none of them before.

        Use its value in one thread; other threads may record meanwhile.
        """
        rows: list[bytes] = []
        try:
            yield Recording(self._run, venue=self._venue, running=self._running, take=rows.append)
        finally:
            self._append(rows)

    def flush(self, *, timeout_s: float = _CLOSE_S) -> bool:
        """Wait until all that is acknowledged is in the ledger, at most so long, and say whether it is."""
        return self._outbox.flush(timeout_s)

    def close(self, *, timeout_s: float = _CLOSE_S) -> bool:
        """Stop recording and flush; what is not in the ledger by then stays in the spool, for the next process."""
        if self._closed:
            return True
        self._closed = True
        return leave(self._outbox, timeout_s)

    def _append(self, rows: Sequence[bytes]) -> None:
        if self._closed:
            msg = f"this recorder of {self._run} is closed, so nothing was recorded"
            raise SpoolError(msg, help="record before close()")
        self._outbox.append(rows)

    def __enter__(self) -> Self:
        """Return the recorder."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def _require_commit(snapshot: Snapshot) -> None:
    if snapshot.dirty or snapshot.git_sha is None:
        msg = f"{snapshot!r} is of no commit that is known here, and what it trades would be on record without one"
        raise RecordError(
            msg, help="load it from a channel, whose pointer names the commit; uncommitted edits have none"
        )


def _name(value: str | None, what: str) -> str | None:
    if value is not None and not (value.strip() and value.isprintable()):
        msg = f"{what} is {value!r}, which names nothing that can be shown"
        raise RecordError(msg, help=f"name the {what}, or leave it out where the bot has only one")
    return value
