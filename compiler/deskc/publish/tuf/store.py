"""The signed channel as the rules of publishing see it: a pointer is the target of its bot's role, with the record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tuf.api.metadata import DelegatedRole, TargetFile, Targets

from deskc.core.canonical import encode
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Sha
from deskc.publish.files import write_once
from deskc.publish.folder import FolderStore
from deskc.publish.pointer import head_data
from deskc.publish.store import AUDIT, LOCK_TIMEOUT_S
from deskc.publish.tuf.keys import Keys
from deskc.publish.tuf.metadata import SignedFolder, existing
from deskc.publish.tuf.roles import bot_role, environment_role, target_path

__all__ = ["TufStore"]


class TufStore:
    """A signed channel in a folder: all changes under one lock are signed and appear at its end, or none do."""

    def __init__(self, folder: Path, keys: Keys, *, now: datetime, lock_timeout_s: float = LOCK_TIMEOUT_S) -> None:
        self._folder = folder
        self._keys = keys
        self._now = now
        self._timeout_s = lock_timeout_s
        self._metadata = SignedFolder(folder, keys, now=now)
        self._frozen: dict[str, TargetFile] = {}
        self._heads: dict[Target, Sha] = {}

    def __str__(self) -> str:
        """Return the URL."""
        return f"tuf+file://{self._folder}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold off every other publisher; sign and write what the block changed."""
        with existing(self._folder, timeout_s=self._timeout_s):
            self._metadata = SignedFolder(self._folder, self._keys, now=self._now)
            self._frozen.clear()
            self._heads.clear()
            yield
            if self._heads:
                self._metadata.set_heads(self._heads)
            self._metadata.commit()

    def renew(self) -> datetime:
        """Sign the timestamp anew, and whatever else has less than half of its time left; return its new expiry."""
        with existing(self._folder, timeout_s=self._timeout_s):
            self._metadata = SignedFolder(self._folder, self._keys, now=self._now)
            self._metadata.commit(every=True)
            return self._metadata.timestamp().expires

    def read(self, name: str) -> bytes | None:
        """Return what a folder channel's file of that name would hold, None where there is none."""
        if name == AUDIT:
            return FolderStore(self._folder).read(name)
        target, file = _parts(name)
        delegated = self._delegated(target)
        if file == "head.json":
            head = self._metadata.head(target)
            return None if head is None else head_data(head)
        found = self._metadata.targets(bot_role(target)).targets.get(target_path(target)) if delegated else None
        return None if found is None else f"{encode(found.custom)}\n".encode()

    def write_once(self, name: str, data: bytes) -> None:
        """Write a snapshot where clients look for it, by its hash; nothing names it before the metadata does."""
        target, file = _parts(name)
        found = TargetFile.from_data(target_path(target), data, ["sha256"])
        (path,) = found.get_prefixed_paths()
        write_once(self._folder / "targets" / path, data, durable=True)
        self._frozen[file.removesuffix(".jsonl")] = found

    def replace(self, name: str, data: bytes) -> None:
        """Change a bot's head, or the pointer that its role signs; a bot that is new gets a role and a key."""
        target, file = _parts(name)
        record = json.loads(data)
        if file == "head.json":
            self._heads[target] = Sha(record["commit"])
            return
        self._delegate(target)
        with self._metadata.edit_targets(bot_role(target)) as signed:
            found = self._frozen[record["digest"]]
            found.unrecognized_fields["custom"] = record
            signed.targets = {found.path: found}

    def append(self, name: str, line: bytes) -> None:
        """Append one line to a file beside the metadata, which nobody signs: it is for people."""
        FolderStore(self._folder).append(name, line)

    def notes(self) -> tuple[str, ...]:
        """Return a sentence for each role that should be signed again soon, and by which keys."""
        return self._metadata.notes()

    def _delegated(self, target: Target) -> bool:
        """Say whether a bot has a role; raise DeskcError where its environment has none."""
        environment = environment_role(target.environment)
        if environment not in self._metadata.delegated(Targets.type):
            msg = f"{self} has no environment {target.environment}"
            way_out = f"add it with deskc keys init DIR --channel URL --env {target.environment}"
            raise DeskcError(msg, help=way_out)
        return bot_role(target) in self._metadata.delegated(environment)

    def _delegate(self, target: Target) -> None:
        if self._delegated(target):
            return
        role, environment = bot_role(target), environment_role(target.environment)
        key = self._keys.make(role).public_key
        with self._metadata.edit_targets(environment) as signed:
            paths = [f"{target.environment}/{target.bot}/*"]
            self._metadata.delegated(environment)[role] = DelegatedRole(role, [], 1, terminating=True, paths=paths)
            signed.add_key(key, role)


def _parts(name: str) -> tuple[Target, str]:
    environment, bot, file = name.split("/")
    return Target(environment, bot), file
