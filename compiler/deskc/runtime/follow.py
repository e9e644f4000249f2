"""Follows a channel one look at a time: what a bot last had that was good, and why nothing newer came."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from deskc.runtime.errors import ChannelError, DirtyError, SnapshotError, StaleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskc.runtime.channel import Channel
    from deskc.runtime.last_good import LastGood
    from deskc.runtime.locate import Found

__all__ = ["Follower"]


class _Opened(Protocol):
    """What is made of a snapshot's bytes once they are checked."""

    @property
    def digest(self) -> str:
        """The snapshot's digest."""


Opened = TypeVar("Opened", bound=_Opened)


class Follower(Generic[Opened]):
    """A bot's snapshot over time. Whatever goes wrong, `snapshot` stays what it was, and `failure` says why.

    `opens` makes it of what was found and of the one before, None at the start; it raises a SnapshotError for what the
    bot cannot go over to. Only one thread polls; any thread may read. `confirmed_at` is when the channel last said
    that `snapshot` is current, on the clock of `time.monotonic`.
    """

    def __init__(
        self,
        channel: Channel,
        last_good: LastGood,
        *,
        opens: Callable[[Found, Opened | None], Opened],
        allow_dirty: bool = False,
    ) -> None:
        self._channel = channel
        self._last_good = last_good
        self._opens = opens
        self._allow_dirty = allow_dirty
        self.failure: SnapshotError | None = None
        self.unkept: OSError | None = None
        self.confirmed_at = time.monotonic()
        self.snapshot = self._start()

    @property
    def is_stale(self) -> bool:
        """Say whether the channel's last word was too old to be trusted."""
        return isinstance(self.failure, StaleError)

    def poll(self) -> Opened | None:
        """Look once; return the snapshot that the bot goes over to, None where it stays with the one it has."""
        try:
            found = self._channel.fetch(self.snapshot.digest)
            snap = None if found is None else self._open(found, after=self.snapshot)
        except SnapshotError as error:
            self.failure = error
            return None
        except Exception as error:  # noqa: BLE001 - a bug must not end the following, nor pass unsaid
            self.failure = ChannelError(f"this is a bug in deskc: {type(error).__name__}: {error}")
            return None
        self.failure, self.confirmed_at = None, time.monotonic()
        if snap is not None:
            self.snapshot = snap
        self._keep(found)
        return snap

    def _start(self) -> Opened:
        """Return the channel's snapshot, or the last good one where the channel fails; raise its error without one."""
        try:
            found = self._channel.fetch(None)
            if found is None:
                raise AssertionError("a channel has nothing newer than nothing")
            snap = self._open(found, after=None)
        except SnapshotError as error:
            kept = self._last_good.find()
            if kept is None:
                raise
            last, confirmed_at = kept
            self.failure = error
            self.confirmed_at -= max(0.0, time.time() - confirmed_at)
            return self._open(last, after=None)
        self._keep(found)
        return snap

    def _open(self, found: Found, *, after: Opened | None) -> Opened:
        if found.dirty and not self._allow_dirty:
            msg = f"{found.source} was compiled from uncommitted edits"
            raise DirtyError(msg, path=found.source, help="commit and compile again, or follow with allow_dirty=True")
        return self._opens(found, after)

    def _keep(self, found: Found | None) -> None:
        """Write down what is current, or that it still is; a bot goes on where its state folder cannot be written."""
        try:
            if found is None and self.unkept is None:
                self._last_good.confirm()
            elif found is not None:
                self._last_good.keep(found)
                self.unkept = None
        except OSError as error:
            self.unkept = error
