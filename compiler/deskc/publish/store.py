"""What a channel's publisher needs of the place where the channel lies; each kind of place is one of these."""

from contextlib import AbstractContextManager
from typing import Protocol

from deskc.core.canonical import Digest
from deskc.core.scopes import Target

__all__ = ["AUDIT", "LOCK_TIMEOUT_S", "Store", "current_name", "head_name", "snapshot_name"]

LOCK_TIMEOUT_S = 10.0
"""How long one publish waits for another."""
AUDIT = "audit.jsonl"


class Store(Protocol):
    """Small files by name, `<environment>/<bot>/<file>`; its text, by `str`, names the channel in errors.

    Everything but `locked` and `notes` is called under the lock. Every method raises DeskcError where the place cannot
    be read or written, or is damaged.
    """

    def locked(self) -> AbstractContextManager[None]:
        """Hold off every other publisher; a store may let all changes of the block appear at its end, or none."""

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, None where there is none."""

    def write_once(self, name: str, data: bytes) -> None:
        """Write a file that never changes, durably; raise DeskcError where it is there with other bytes."""

    def replace(self, name: str, data: bytes) -> None:
        """Put new bytes in a file's place, durably; a reader sees the old or the new ones whole."""

    def append(self, name: str, line: bytes) -> None:
        """Append one line to a file, durably."""

    def notes(self) -> tuple[str, ...]:
        """Return what the publisher should know of the channel, a sentence each."""


def current_name(target: Target) -> str:
    """Return where a channel says which snapshot a bot shall run."""
    return f"{target.environment}/{target.bot}/current.json"


def head_name(target: Target) -> str:
    """Return where a channel says how far it has followed git for a bot."""
    return f"{target.environment}/{target.bot}/head.json"


def snapshot_name(target: Target, digest: Digest) -> str:
    """Return where a channel keeps a snapshot."""
    return f"{target.environment}/{target.bot}/{digest}.jsonl"
