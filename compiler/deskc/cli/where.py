"""Which desk a command means, and where its tree comes from."""

import os
from pathlib import Path
from time import time
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.gitio.objects import Objects
from deskc.gitio.repository import find_root

__all__ = ["Where", "find_desk"]

_FALLBACK = "config-repo"


class Where(NamedTuple):
    """A repository's root, and the desk's folder in it: relative, a slash at its end, empty for the root itself."""

    root: Path
    folder: str

    @property
    def bare(self) -> bool:
        """Say whether the repository has no working tree."""
        return not os.path.lexists(self.root / ".git")

    @property
    def state(self) -> Path:
        """Return the folder where deskc keeps what it makes."""
        return self.root / ".deskc"

    @property
    def ledger(self) -> str:
        """Return the URL of the ledger that a command reads unless it is told another."""
        return f"sqlite:///{self.state / 'ledger.db'}"


def keep_state(where: Where) -> Path:
    """Return the folder where deskc keeps what it makes, made so that git never takes it into a commit."""
    try:
        where.state.mkdir(exist_ok=True)
        ignore = where.state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise DeskcError(
            f"{where.state} cannot be written: {error.strerror}", help="name other places with --out and --ledger"
        ) from error
    return where.state


def own_ledger(where: Where) -> str:
    """Return the URL of the ledger that a command writes unless it is told another."""
    keep_state(where)
    return where.ledger


def find_desk(desk: str | None) -> Where:
    """Find the desk that a command means: the one named, else the nearest upward, else config-repo/.

    Raise DeskcError where there is no repository. Whether the folder holds a desk is for its tree to say, which need
    not be the working tree.
    """
    if desk is not None:
        return _named(Path(desk))
    here = Path.cwd()
    root = find_root(here)
    for folder in (here, *here.parents):
        if (folder / "desk.yaml").is_file():
            return Where(root, _inside(root, folder))
        if folder == root:
            break
    near = here if (here / _FALLBACK / "desk.yaml").is_file() else root
    return Where(root, _inside(root, near / _FALLBACK))


def _named(path: Path) -> Where:
    folder = path.parent if path.name == "desk.yaml" else path
    if folder.is_dir():
        root = find_root(folder)
        return Where(root, _inside(root, folder.resolve()))
    root = find_root(Path.cwd())  # a folder of another commit, or of a repository without a working tree
    return Where(root, _inside(root, (Path.cwd() / folder)))


def _inside(root: Path, folder: Path) -> str:
    try:
        inside = folder.resolve().relative_to(root.resolve()).as_posix()
    except ValueError as error:
        raise DeskcError(
            f"{folder} does not lie in the repository {root}", help="name a folder of the repository you stand in"
        ) from error
    return "" if inside == "." else f"{inside}/"


def now() -> int:
    """Return the time at which a working tree is judged, in unix seconds."""
    return int(time())


def objects(where: Where) -> Objects:
    """Start reading a repository's objects; git works while the rest of a command is imported."""
    return Objects(where.root)
