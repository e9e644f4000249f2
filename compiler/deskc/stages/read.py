"""Read the files of one build: from a commit's objects, or from the working tree as it stands."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.core.findings import Finding, Place
from deskc.core.outcome import Outcome
from deskc.core.snapshots import Commit, Sha
from deskc.gitio.objects import Entry, Objects
from deskc.gitio.repository import worktree_files

__all__ = ["MAX_BYTES", "CommitSource", "Folder", "Source", "WorktreeSource", "read"]

MAX_BYTES = 1 << 20
_SYMLINK, _SUBMODULE, _FOLDER = "120000", "160000", "040000"


class Folder(NamedTuple):
    """A folder to read, relative to the repository's root with a slash at its end; and which endings count there."""

    path: str
    endings: tuple[str, ...]


class Source(Protocol):
    """Where a tree's files come from, as CommitSource says of each member. `commit` is None for the working tree."""

    @property
    def commit(self) -> Commit | None: ...  # noqa: D102 - the class says what each is
    @property
    def now(self) -> int: ...  # noqa: D102 - the class says what each is
    def entries(self, folders: Sequence[str]) -> Sequence[Entry]: ...  # noqa: D102 - the class says what each is
    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | None]: ...  # noqa: D102 - the class says what each is
    def signer(self, allowed_signers: bytes) -> str | None: ...  # noqa: D102 - the class says what each is


class CommitSource:
    """A commit's objects."""

    def __init__(self, objects: Objects, revision: str) -> None:
        self._objects = objects
        self._commit = objects.commit(revision)

    @property
    def commit(self) -> Commit:
        """Return the commit."""
        return self._commit

    @property
    def now(self) -> int:
        """Return the committer time in unix seconds: expiries are judged at it."""
        return self._commit.committed_at

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """Return what lies below folders."""
        sha = Sha(self._commit.sha)
        return [entry for folder in folders for entry in self._objects.walk(sha, folder.rstrip("/"))]

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | None]:
        """Return each file's bytes, None for one over the limit."""
        return self._objects.blobs([entry.oid for entry in entries], limit=MAX_BYTES)

    def signer(self, allowed_signers: bytes) -> str | None:
        """Return who signed the commit, of those listed (ssh-keygen's ALLOWED SIGNERS); None for nobody."""
        from deskc.gitio.history import signature  # noqa: PLC0415 - only for desks that demand signatures

        return signature(self._objects.root, self._commit.sha, allowed_signers)


class WorktreeSource:
    """The working tree: tracked files and new ones that git does not ignore, as they are on disk."""

    def __init__(self, root: Path, now: int) -> None:
        self._root = root
        self.now = now
        self.commit = None

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """Return what lies below folders; git is asked once for all of them."""
        return worktree_files(self._root, [folder.rstrip("/") for folder in folders])

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | None]:
        """Return each file's bytes, None for one over the limit."""
        for entry in entries:
            path = self._root / entry.path
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
            except OSError as error:
                msg = f"{entry.path} cannot be read: {error.strerror}"
                raise DeskcError(msg, help="make it a readable file") from error
            yield data if len(data) <= MAX_BYTES else None

    def signer(self, allowed_signers: bytes) -> str | None:  # noqa: ARG002 - what is not committed is signed by nobody
        """Return None."""
        return None


def read(source: Source, folders: Sequence[Folder]) -> Outcome[Tree]:
    """Read the files with the wanted endings below some folders; hidden ones are left out.

    Links and repositories inside are findings, as are files of over a mebibyte.
    """
    wanted: dict[str, Entry] = {}
    findings: list[Finding] = []
    listed = source.entries([folder.path for folder in folders])
    for folder in folders:
        for entry in (one for one in listed if f"{one.path}/".startswith(folder.path)):
            inside = entry.path.removeprefix(folder.path)
            if entry.mode == _FOLDER or entry.path in wanted or inside.startswith(".") or "/." in inside:
                continue
            if entry.mode in (_SYMLINK, _SUBMODULE):
                findings.append(_link(entry))
            elif inside.lower().endswith(folder.endings):
                wanted[entry.path] = entry
    files: dict[str, bytes] = {}
    chosen = sorted(wanted.values())
    for entry, data in zip(chosen, source.contents(chosen), strict=True):
        if data is None:
            message = f"{entry.path} is larger than {MAX_BYTES:,} bytes"
            findings.append(Finding("YAML001", "error", message, "split the file", (Place(entry.path),)))
        else:
            files[entry.path] = data
    commit = source.commit
    return Outcome(Tree(None if commit is None else commit.sha, source.now, files), tuple(findings))


def _link(entry: Entry) -> Finding:
    kind = "a symbolic link" if entry.mode == _SYMLINK else "another repository"
    message = f"{entry.path} is {kind}, and a build reads only files of its own tree"
    return Finding("READ002", "error", message, "put a copy of the file there", (Place(entry.path),))
