"""Watch a channel: a bot's snapshot as it changes, by iteration, with asyncio, or by callbacks."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from deskc.runtime.changes import changes
from deskc.runtime.channel import open_channel
from deskc.runtime.follow import Follower
from deskc.runtime.halt import halted
from deskc.runtime.last_good import LastGood
from deskc.runtime.late import Variables, open_sources
from deskc.runtime.snapshot import follow_snapshot
from deskc.runtime.state import state_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from deskc.runtime.changes import Setting
    from deskc.runtime.channel import Channel
    from deskc.runtime.locate import Found
    from deskc.runtime.secrets import Secrets
    from deskc.runtime.snapshot import Snapshot

    Callback = Callable[[Setting, object, object], object]

__all__ = ["Watch", "watch"]

_log = logging.getLogger("deskc.watch")


class Watch:
    """A channel that one thread of its own follows, until `close` or the end of the `with` block.

    `snapshot` is the newest good one: an order reads it once and takes all its settings from there. Iterating yields
    it, then each one that follows; a reader that is slow gets the newest and misses those between. Whatever fails,
    `snapshot` stays, `reason` says why, and `age_s` how long ago the channel last confirmed it.
    """

    def __init__(  # noqa: PLR0913 - made by `watch`, by keyword alone
        self,
        channel: Channel,
        follower: Follower[Snapshot],
        *,
        state: Path,
        every_s: float,
        expires_after_s: float | None,
        callbacks: tuple[tuple[Callback, str | None], ...],
    ) -> None:
        self.state = state
        self._channel = channel
        self._follower = follower
        self._every_s = every_s
        self._expires_after_s = expires_after_s
        self._callbacks = [*callbacks]
        self._wakers: set[Callable[[], object]] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._said = ""
        self._tell()
        self._thread = threading.Thread(target=self._run, name="deskc-watch", daemon=True)
        self._thread.start()

    @property
    def snapshot(self) -> Snapshot:
        """The newest good snapshot."""
        return self._follower.snapshot

    @property
    def reason(self) -> str | None:
        """Why the channel gives nothing at present, None where all is well."""
        failure = self._follower.failure
        return None if failure is None else str(failure)

    @property
    def age_s(self) -> float:
        """Seconds since the channel last said that `snapshot` is current, also over restarts."""
        return time.monotonic() - self._follower.confirmed_at

    @property
    def reduce_only(self) -> bool:
        """Whether the settings are too old to open positions by: signed too long ago, or unconfirmed for too long."""
        limit = self._expires_after_s
        return self._follower.is_stale or (limit is not None and self.age_s > limit)

    def halted(self, coin: str | None = None) -> str | None:
        """Return why a HALT file on this machine stops the bot, or this coin; None where none does."""
        return halted(self.state, coin)

    def on_change(self, callback: Callback, *, section: str | None = None) -> None:
        """Call back, in the watching thread, with (setting, old value, new value) of each setting that changes.

        `section` asks for one section's alone. A callback that raises is logged and changes nothing.
        """
        self._callbacks.append((callback, section))

    def close(self) -> None:
        """Stop following and end every iteration; the snapshots that were handed out stay good."""
        with self._changed:
            self._closed = True
        self._channel.close()
        self._wake()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def __iter__(self) -> Iterator[Snapshot]:
        """Yield the snapshot, then each newer one, until the watch is closed."""
        seen = None
        while not self._closed:
            with self._changed:
                while self.snapshot is seen and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                seen = self.snapshot
            yield seen

    async def __aiter__(self) -> AsyncIterator[Snapshot]:
        """Yield as iteration does, without holding up the event loop."""
        import asyncio  # noqa: PLC0415 - who iterates so has it

        loop, news, seen = asyncio.get_running_loop(), asyncio.Event(), None

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(news.set)

        self._wakers.add(wake)
        try:
            while not self._closed:
                news.clear()
                if self.snapshot is seen:
                    await news.wait()
                else:
                    seen = self.snapshot
                    yield seen
        finally:
            self._wakers.discard(wake)

    def _run(self) -> None:
        while not self._closed:
            self._channel.wait(self._every_s)
            if not self._closed:
                self._look()

    def _look(self) -> None:
        before = self.snapshot
        after = self._follower.poll()
        self._tell()
        if after is not None:
            self._wake()
            self._call_back(before, after)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
        for wake in tuple(self._wakers):
            wake()

    def _call_back(self, before: Snapshot, after: Snapshot) -> None:
        for callback, section in tuple(self._callbacks):
            for setting, old, new in changes(before, after, section=section):
                try:
                    callback(setting, old, new)
                except Exception:  # noqa: BLE001 - a bot's own code may raise anything
                    _log.exception("a callback raised on %s; nothing changes by that", setting)

    def _tell(self) -> None:
        """Log what is wrong, once for as long as it stays the same."""
        unkept = self._follower.unkept
        wrong = (
            self.reason or "",
            f"{self.state} cannot be written, {unkept.strerror}: a restart needs the channel" if unkept else "",
            "the settings are too old to open positions by" if self.reduce_only else "",
        )
        said = "; ".join(filter(None, wrong))
        if said and said != self._said:
            snap = self.snapshot
            _log.warning("%s/%s stays with snapshot %s: %s", snap.environment, snap.bot_id, snap.digest[:8], said)
        self._said = said


def watch(  # noqa: PLR0913 - the bot's face, by keyword past the first
    channel: str | os.PathLike[str],
    *,
    environment: str,
    bot: str,
    callback: Callback | None = None,
    section: str | None = None,
    allow_dirty: bool = False,
    env: Mapping[str, str] | None = None,
    secrets: Secrets | None = None,
    state: str | os.PathLike[str] | None = None,
    every_s: float | None = None,
    expires_after_s: float | None = None,
) -> Watch:
    """Follow a channel from now on; raise a SnapshotError where neither it nor an earlier run has a good snapshot.

    `channel` is a folder, or a URL: file://, http(s)://, sqlite:///, tuf+file:// or tuf+http(s)://. `callback` with
    `section` is Watch.on_change. `state` is the folder for what outlives the process, `every_s` the seconds between
    two looks, `expires_after_s` after how long without word from the channel `reduce_only` becomes true; `env` and
    `secrets` are what load takes.
    """
    env = Variables(env)
    url = os.fspath(channel)
    folder = state_folder(state, environment=environment, bot=bot)
    opened, usual_s = open_channel(url, environment=environment, bot=bot, state=os.fspath(folder))
    sources = open_sources(env=env, secrets=secrets)

    def opens(found: Found, after: Snapshot | None) -> Snapshot:
        return follow_snapshot(found, environment=environment, bot=bot, sources=sources, after=after)

    last_good = LastGood(folder, channel=url, environment=environment, bot=bot)
    follower = Follower(opened, last_good, opens=opens, allow_dirty=allow_dirty)
    return Watch(
        opened,
        follower,
        state=folder,
        every_s=usual_s if every_s is None else every_s,
        expires_after_s=expires_after_s,
        callbacks=() if callback is None else ((callback, section),),
    )
