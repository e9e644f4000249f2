"""The newest snapshot that a bot went over to, kept for a start at which its channel is out of reach.

It is a folder channel of one bot, so that `deskc.load` and bots that only read files can read it too.
"""

from __future__ import annotations

import os
from pathlib import Path

from deskc.core.canonical import encode
from deskc.runtime.decode import decode
from deskc.runtime.durable import replace
from deskc.runtime.errors import SnapshotError
from deskc.runtime.locate import bot_folder, locate

__all__ = ["LastGood"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from deskc.runtime.locate import Found


class LastGood:
    """What a bot's state folder holds of its channel; the pointer's time says when the channel last confirmed it."""

    __slots__ = ("_channel", "_pointer", "_target", "folder")

    def __init__(self, state: Path, *, channel: str, environment: str, bot: str) -> None:
        self.folder = state / "last"
        self._channel = channel if "://" in channel else os.path.abspath(channel)  # noqa: PTH100 - no link is followed
        self._target = {"environment": environment, "bot": bot}
        self._pointer = Path(bot_folder(str(self.folder), environment=environment, bot=bot)) / "current.json"

    def path(self, digest: str) -> Path:
        """Return where the snapshot of a digest lies."""
        return self._pointer.with_name(f"{digest}.jsonl")

    def find(self) -> tuple[Found, float] | None:
        """Return the snapshot and when it was confirmed, in unix seconds; None where there is none of this channel."""
        try:
            record = decode(self._pointer.read_bytes())
            if not isinstance(record, dict) or record.get("channel") != self._channel:
                return None
            return locate(self.folder, **self._target), self._pointer.stat().st_mtime
        except (OSError, ValueError, SnapshotError):
            return None

    def keep(self, found: Found) -> None:
        """Put a snapshot in the place of the one before; raise OSError where that fails, the old one then stands."""
        path = self.path(found.digest)
        replace(path, found.data)
        known = {"channel": self._channel, "commit": found.git_sha, "digest": found.digest, "dirty": found.dirty}
        replace(self._pointer, f"{encode({**self._target, **known})}\n".encode())
        for other in path.parent.glob("*.jsonl"):
            if other != path:
                other.unlink(missing_ok=True)

    def confirm(self) -> None:
        """Note that the channel still says this, now."""
        os.utime(self._pointer)
