"""What a bot's end of a channel does, and which kinds of channels there are."""

from __future__ import annotations

import os

from deskc.runtime.errors import ChannelError

__all__ = ["Channel", "look_up", "open_channel"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from deskc.runtime.locate import Found

    class Channel(Protocol):
        """Where one bot's snapshots come from, followed by one thread."""

        def fetch(self, known: str | None) -> Found | None:
            """Return what is current, None where that is the snapshot of the digest `known`.

            The bytes are unchecked but for what this kind of channel promises. Raises a SnapshotError, StaleError
            among them where what the channel says is too old to be trusted; a failure leaves the channel usable.
            """

        def wait(self, timeout_s: float) -> None:
            """Return once something may have changed, or after so many seconds; at once where `close` was called."""

        def close(self) -> None:
            """Let go of what is held, and end a wait in another thread."""


# By name, as plug-ins are: a bot that reads a file loads none of them. Each has `open_channel` with this signature.
# Beside it, how often a bot looks where nobody tells it of a change: a signed channel takes 9 ms of work a look.
_KINDS = {
    "file": ("folder", 1.0),
    "http": ("http", 1.0),
    "https": ("http", 1.0),
    "sqlite": ("sqlite", 1.0),
    "tuf+file": ("tuf", 10.0),
    "tuf+http": ("tuf", 10.0),
    "tuf+https": ("tuf", 10.0),
}


def open_channel(url: str, *, environment: str, bot: str, state: str) -> tuple[Channel, float]:
    """Open the channel that a URL or a folder's path names; return it with the seconds between two looks at it.

    `state` is a folder for what must outlive the process. Raises ChannelError for a kind that does not exist. Nothing
    is fetched yet.
    """
    scheme, separator, _ = url.partition("://")
    kind, every_s = _KINDS.get(scheme if separator else "file", ("", 0.0))
    if not kind:
        msg = f"{url} is no channel that this deskc reads: {', '.join(f'{known}://' for known in _KINDS)} or a folder"
        raise ChannelError(msg, path=url)
    from importlib import import_module  # noqa: PLC0415 - only who follows a channel pays for it

    opens: Callable[..., Channel] = import_module(f"deskc.publish.channels.{kind}").open_channel
    return opens(url, environment=environment, bot=bot, state=state), every_s


def look_up(url: str, *, environment: str, bot: str, state: str | os.PathLike[str] | None) -> Found:
    """Return what a channel has for a bot now, its bytes unchecked; `state` is as for deskc.watch."""
    from deskc.runtime.state import state_folder  # noqa: PLC0415 - as above

    folder = state_folder(state, environment=environment, bot=bot)
    channel, _ = open_channel(url, environment=environment, bot=bot, state=os.fspath(folder))
    try:
        found = channel.fetch(None)
    finally:
        channel.close()
    if found is None:
        raise AssertionError("a channel has nothing newer than nothing")
    return found
