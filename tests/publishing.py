"""Builds to publish, and a channel of each kind to publish them to, for tests of channels."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskc.core.canonical import digest
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Sha
from deskc.publish.folder import FolderStore
from deskc.publish.pointer import read_head, read_pointer
from deskc.publish.publish import Force, Publication, publish
from deskc.publish.sqlite import SqliteStore
from deskc.publish.store import LOCK_TIMEOUT_S, Store
from deskc.publish.tuf.keys import Keys
from deskc.publish.tuf.roles import Days
from deskc.publish.tuf.store import TufStore
from deskc.publish.tuf.trust import Policy, begin
from deskc.runtime.channel import open_channel

if TYPE_CHECKING:
    from deskc.runtime.channel import Channel

__all__ = ["BOTS", "KINDS", "Place", "build", "current", "descends", "head", "publish_values", "snapshot", "start"]

BOTS = ("mm", "tradeengine")
KINDS = ("folder", "sqlite", "tuf")


def snapshot(bot: str, values: str) -> bytes:
    """Return a snapshot file, for a channel no more than a header and lines."""
    return f'{{"bot":"{bot}","values":"{values}"}}\n{{}}\n'.encode()


def build(number: int, bot: str, values: str) -> Build:
    """Return the record that commit `number` gave a bot these values."""
    header = snapshot(bot, values).split(b"\n")[0]
    parts = (digest(b"rules"), digest(b"schemas"), digest(f"markets of {number}".encode()))
    return Build(Sha(f"{number:040x}"), "production", bot, digest(header), *parts, "0.1.0")


def descends(old: Sha, new: Sha) -> bool:
    """Let every commit descend from those with lower numbers."""
    return int(new, 16) > int(old, 16)


def publish_values(
    store: Store, number: int, values: str = "", *, bots: Iterable[str] = BOTS, force: Force | None = None
) -> tuple[Publication, ...]:
    """Publish commit `number`, by default with values that no other commit has."""
    values = values or f"values of {number}"
    files = {build(number, bot, values): snapshot(bot, values) for bot in bots}
    return publish(store, tuple(files), data=files.__getitem__, is_descendant=descends, force=force)


def current(store: Store, bot: str = "mm") -> tuple[int, int]:
    """Return the commit's number and the sequence that a bot's pointer shows, 0 and 0 for none."""
    with store.locked():
        pointer = read_pointer(store, Target("production", bot))
    return (int(pointer.build.commit, 16), pointer.sequence) if pointer else (0, 0)


def head(store: Store, bot: str = "mm") -> int:
    """Return the number of the commit that the channel has followed to, 0 for none."""
    with store.locked():
        return int(read_head(store, Target("production", bot)) or "0", 16)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test keeps a channel of one kind: the channel itself, and for a signed one its keys."""

    kind: str
    folder: Path

    def begin(self, days: Days | None = None, *, now: datetime | None = None) -> "Place":
        """Make what must be there before a first publish."""
        if self.kind == "tuf":
            policy = Policy(days=days or Days())
            environments = ("production", "development")
            begin(self.channel, self.keys(), environments, policy=policy, now=now or datetime.now(UTC))
        return self

    @property
    def channel(self) -> Path:
        """The channel's folder or file."""
        return self.folder / "channel"

    @property
    def url(self) -> str:
        """What a bot calls the channel."""
        if self.kind == "tuf":
            return f"tuf+file://{self.channel}#root={self.folder / 'keys/root.json'}"
        return {"folder": str(self.channel), "sqlite": f"sqlite:///{self.channel}"}[self.kind]

    def keys(self) -> Keys:
        """Return the keys of a signed channel."""
        return Keys([self.folder / "keys"])

    def store(self, *, lock_timeout_s: float = LOCK_TIMEOUT_S, now: datetime | None = None) -> Store:
        """Return the publisher's end."""
        if self.kind == "tuf":
            now = now or datetime.now(UTC)
            return TufStore(self.channel, self.keys(), now=now, lock_timeout_s=lock_timeout_s)
        if self.kind == "sqlite":
            return SqliteStore(self.channel, lock_timeout_s=lock_timeout_s)
        return FolderStore(self.channel, lock_timeout_s=lock_timeout_s)

    def bot_end(self, bot: str = "mm", environment: str = "production", state: str = "state") -> "Channel":
        """Return a bot's end."""
        folder = self.folder / state / environment / bot
        channel, _ = open_channel(self.url, environment=environment, bot=bot, state=str(folder))
        return channel


def start(file: str, function: str, *arguments: object) -> "subprocess.Popen[str]":
    """Call a function of a test's file in a process of its own."""
    code = (
        "import json, runpy, sys; sys.path.insert(0, sys.argv[3]); "
        f"runpy.run_path(sys.argv[1])['{function}'](*json.loads(sys.argv[2]))"
    )
    tests = str(Path(__file__).parent)
    command = [sys.executable, "-W", "error", "-c", code, file, json.dumps(arguments), tests]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
