"""What somebody can do to a signed channel who can write its folder, and holds some of its keys."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Targets, Timestamp

from deskc.publish.tuf.keys import Keys
from publishing import Place

__all__ = ["Attacker"]

_HASH = ["sha256"]


class Attacker:
    """Changes a channel's files, and signs by keys that were stolen."""

    def __init__(self, place: Place) -> None:
        self.folder = place.channel / "metadata"
        self.keys = Keys([place.folder / "keys"])

    def path(self, role: str) -> Path:
        """Return the newest file of a role."""
        if role == "timestamp":
            return self.folder / "timestamp.json"
        return max(self.folder.glob(f"*.{role}.json"), key=lambda path: int(path.name.split(".")[0]))

    def read(self, role: str, version: int | None = None) -> Metadata[Any]:
        """Return a role's metadata, the newest if no version is named."""
        path = self.path(role) if version is None else self.folder / f"{version}.{role}.json"
        return Metadata[Any].from_bytes(path.read_bytes())

    def signer(self, role: str, place: int = 0) -> CryptoSigner:
        """Steal one of the keys that a role has now."""
        found = (self.keys.signer(key_id) for key_id in self._ids(role))
        return [one for one in found if one is not None][place]

    def _ids(self, role: str) -> list[str]:
        parent, *rest = role.split(".")
        if parent == "bot":
            return list(self.read(f"environment.{rest[0]}").signed.delegations.roles[role].keyids)
        if parent == "environment":
            return list(self.read("targets").signed.delegations.roles[role].keyids)
        return list(self.read("root").signed.roles[role].keyids)

    def sign(self, md: Metadata[Any], signers: Iterable[CryptoSigner]) -> bytes:
        """Put these signatures in the place of those that are there."""
        md.signatures.clear()
        for signer in signers:
            md.sign(signer, append=True)
        return md.to_bytes()

    def change(
        self, role: str, change: Callable[[Targets], None], signers: Iterable[CryptoSigner], *, strip: int = 0
    ) -> None:
        """Write a new version of a role that signs targets, and name it by stolen online keys."""
        md = self.read(role)
        md.signed.version += 1
        change(md.signed)
        data = self.sign(md, signers)
        if strip:
            for key_id in list(md.signatures)[:strip]:
                del md.signatures[key_id]
            data = md.to_bytes()
        (self.folder / f"{md.signed.version}.{role}.json").write_bytes(data)
        info = MetaFile.from_data(md.signed.version, data, _HASH)
        self.change_snapshot(lambda snapshot: snapshot.meta.update({f"{role}.json": info}))

    def change_snapshot(self, change: Callable[[Snapshot], None], *, expires: datetime | None = None) -> None:
        """Write a new snapshot by the stolen online keys."""
        md = self.read("snapshot")
        md.signed.version += 1
        md.signed.expires = expires or md.signed.expires
        change(md.signed)
        data = self.sign(md, [self.signer("snapshot")])
        (self.folder / f"{md.signed.version}.snapshot.json").write_bytes(data)
        info = MetaFile.from_data(md.signed.version, data, _HASH)
        self.change_timestamp(lambda timestamp: setattr(timestamp, "snapshot_meta", info))

    def change_timestamp(self, change: Callable[[Timestamp], None]) -> None:
        """Write a new timestamp by the stolen online key."""
        md = self.read("timestamp")
        md.signed.version += 1
        change(md.signed)
        self.path("timestamp").write_bytes(self.sign(md, [self.signer("timestamp")]))

    def change_root(self, signers: Iterable[CryptoSigner]) -> None:
        """Write the next root, with the keys of the last, by these signatures."""
        md = deepcopy(self.read("root"))
        md.signed.version += 1
        (self.folder / f"{md.signed.version}.root.json").write_bytes(self.sign(md, signers))
