"""Private keys as files: ed25519 in PEM, one a key, readable by their owner alone."""

import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner

from deskc.core.errors import DeskcError
from deskc.publish.open import PASSWORD

__all__ = ["ROOT_FILE", "Keys"]

ROOT_FILE = "root.json"
"""Beside the keys: the root metadata from which trust in a channel begins."""

_SHOWN = 12  # digits of a key's id in its file's name


class Keys:
    """The keys at hand: those in some folders, and those made just now, which `save` writes into the first folder."""

    def __init__(self, folders: Sequence[Path], *, password: str | None = None) -> None:
        self.folders = tuple(folders)
        self.written: tuple[Path, ...] = ()
        self._password = password.encode() if password else None
        self._made: dict[Path, bytes] = {}
        self._signers: dict[str, CryptoSigner | None] = {}

    def __str__(self) -> str:
        """Return the folders' paths."""
        return ", ".join(map(str, self.folders))

    def signer(self, key_id: str) -> CryptoSigner | None:
        """Return the key with this id, None where it is not at hand; raise DeskcError where its file cannot be read."""
        if key_id not in self._signers:
            self._signers[key_id] = next(filter(None, map(self._load, self._files(key_id))), None)
            found = self._signers[key_id]
            if found is not None and found.public_key.keyid != key_id:
                self._signers[key_id] = None
        return self._signers[key_id]

    def make(self, name: str) -> CryptoSigner:
        """Make a key for what `name` says; nothing is written before `save`."""
        private = Ed25519PrivateKey.generate()
        signer = CryptoSigner(private)
        key_id = signer.public_key.keyid
        lock = BestAvailableEncryption(self._password) if self._password else NoEncryption()
        path = self.folders[0] / f"{name}.{key_id[:_SHOWN]}.pem"
        self._made[path] = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
        self._signers[key_id] = signer
        return signer

    def save(self) -> None:
        """Write the keys that were made, mode 0600, durably; `written` lists their files."""
        for path, data in self._made.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                msg = f"the key {path} cannot be written: {error.strerror}"
                raise DeskcError(msg, help="name a folder of yours for keys") from error
            self.written = (*self.written, path)
        self._made.clear()

    def root(self) -> bytes:
        """Return the trusted root beside the keys; raise DeskcError where there is none."""
        for folder in self.folders:
            try:
                return (folder / ROOT_FILE).read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                msg = f"{folder / ROOT_FILE} cannot be read: {error.strerror}"
                raise DeskcError(msg, help="make it readable") from error
        msg = f"{self} holds no {ROOT_FILE}, by which the channel's metadata is checked before it is signed again"
        raise DeskcError(msg, help="copy the one that deskc keys init wrote there")

    def _files(self, key_id: str) -> list[Path]:
        return [path for folder in self.folders for path in sorted(folder.glob(f"*.{key_id[:_SHOWN]}.pem"))]

    def _load(self, path: Path) -> CryptoSigner | None:
        try:
            data = path.read_bytes()
            locked = b"ENCRYPTED" in data
            if locked and self._password is None:
                msg = f"the key {path} is locked by a password"
                raise DeskcError(msg, help=f"put it into the variable {PASSWORD}")
            private = load_pem_private_key(data, self._password if locked else None)
        except OSError as error:
            msg = f"the key {path} cannot be read: {error.strerror}"
            raise DeskcError(msg, help="make it readable for you alone") from error
        except ValueError as error:  # what the library says of the reason is for programmers
            msg = f"the key {path} cannot be opened: it is damaged, or its password is another one"
            raise DeskcError(msg, help=f"look at the file and at the variable {PASSWORD}") from error
        return CryptoSigner(private) if isinstance(private, Ed25519PrivateKey) else None
