"""Folders as wholes: those that came with deskc, and the digests of those that a tree holds."""

from hashlib import sha256
from pathlib import Path

from deskc.core import canonical
from deskc.core.canonical import Digest
from deskc.core.documents import Tree

__all__ = ["bundled", "digest_of"]


def bundled(name: str) -> Path:
    """Return the folder `schemas` or `validators` that came with deskc: inside the wheel, or beside its sources."""
    inside = Path(__file__).parents[1] / "_bundled" / name
    return inside if inside.is_dir() else Path(__file__).parents[3] / name


def digest_of(tree: Tree, folder: str) -> Digest:
    """Return the digest of a folder's files: their names inside it and their bytes."""
    inside = {path: data for path, data in tree.files.items() if path.startswith(folder)}
    listed = {path.removeprefix(folder): sha256(data).hexdigest() for path, data in inside.items()}
    return canonical.digest(canonical.encode(listed).encode())
