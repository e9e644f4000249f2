"""Where a repository is, what its working tree holds, and how its commits are related."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Sha
from deskc.gitio import command
from deskc.gitio.objects import Entry, Objects

__all__ = ["dirty_files", "edited_since", "find_root", "head_exists", "is_ancestor", "is_shallow", "worktree_files"]

_SUBMODULE = "160000"
_SHA1_DIGITS = 40
_LARGEST_BYTES = 32 << 20  # a larger file is not compared and counts as edited; no desk reads any over 1 MiB


class _Listed(NamedTuple):
    path: str
    mode: str  # "" and no oid: not in the index
    oid: str


def find_root(start: Path) -> Path:
    """Return the top of the working tree around `start`, or the folder of a bare repository.

    Raise DeskcError where there is none, where git is not installed or where it distrusts the repository's owner.
    """
    folder = start.resolve()
    folder = folder.parent if folder.is_file() else folder
    return _checkout(folder) or _asked(folder, start)


def _checkout(folder: Path) -> Path | None:
    """Return the nearest folder upward that holds a repository's `.git`, as git finds it, without a process of its own.

    What git alone can judge (bare repositories, fences of discovery, a stray `.git`) is left to git: None.
    """
    if any(name in os.environ for name in command.FENCES):
        return None
    for place in (folder, *folder.parents):
        if (place / ".git" / "HEAD").is_file():
            return place
        if os.path.lexists(place / ".git") or (place / "HEAD").is_file():
            return None
    return None


def _asked(folder: Path, start: Path) -> Path:
    answer = command.run(folder, "rev-parse", "--is-inside-work-tree", "--show-cdup", "--absolute-git-dir").stdout
    inside, _, rest = os.fsdecode(answer).partition("\n")
    if inside != "true":
        return Path(rest.removesuffix("\n"))
    root = (folder / rest.partition("\n")[0]).resolve()
    if not os.path.lexists(root / ".git"):
        # core.worktree, a line of the repository's own configuration, may call any folder the working tree.
        msg = f"the repository around {start} says that its working tree is {root}, which holds no .git"
        raise DeskcError(msg, help="run `git config --unset core.worktree` there")
    return root


def head_exists(root: Path) -> bool:
    """Say whether HEAD names a commit; a fresh repository's does not."""
    return not command.run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", accept=(0, 1)).returncode


def is_shallow(root: Path) -> bool:
    """Say whether the history was cut off when this repository was cloned."""
    return command.run(root, "rev-parse", "--is-shallow-repository").stdout == b"true\n"


def worktree_files(root: Path, folders: Sequence[str]) -> tuple[Entry, ...]:
    """Return the files now on disk below folders ("" is the root), tracked or not but not ignored, sorted by path.

    Modes come from the disk: 120000 for a link, 160000 for a repository inside; `oid` is empty.
    """
    return tuple(_on_disk(root, _listed(root, folders)))


def dirty_files(root: Path, folders: Sequence[str]) -> tuple[str, ...]:
    """Return the paths below folders where the disk or the index differs from HEAD, sorted.

    A permission bit alone is no edit, nor is CRLF where HEAD has LF. `git status` cannot be asked: comparing a file,
    it runs the clean filter that the repository's configuration names. Hashing by ourselves runs nothing.
    """
    listed = _listed(root, folders)
    disk = {entry.path: entry for entry in _on_disk(root, listed)}
    index = {path: (_kind(mode), oid) for path, mode, oid in listed if mode}
    head = {entry.path: (_kind(entry.mode), entry.oid) for entry in _at_head(root, folders)}
    dirty = {path for path in disk.keys() | index.keys() | head.keys() if index.get(path) != head.get(path)}
    for path in (disk.keys() | head.keys()) - dirty:
        if path not in disk or path not in head or not _same(root, disk[path], *head[path]):
            dirty.add(path)
    return tuple(sorted(dirty, key=os.fsencode))


def is_ancestor(root: Path, old: Sha, new: Sha) -> bool:
    """Say whether `old` is `new` or stands in its history.

    Raise DeskcError for a commit that is not there, and where a shallow clone lacks the history that would tell.
    """
    with Objects(root) as objects:  # so that only ids reach a command line
        old, new = objects.commit(old).sha, objects.commit(new).sha
    if _reaches(root, old, new):
        return True
    # What is cut off cannot matter where `new` itself stands in the history of `old`: histories have no circles.
    if is_shallow(root) and not _reaches(root, new, old) and _is_cut_off(root, new):
        msg = f"{root} is a shallow clone without the commits that tell whether {new} descends from {old}"
        raise DeskcError(msg, help=command.DEEPEN)
    return False


def _reaches(root: Path, old: Sha, new: Sha) -> bool:
    return not command.run(root, "merge-base", "--is-ancestor", old, new, accept=(0, 1)).returncode


def _is_cut_off(root: Path, sha: Sha) -> bool:
    """Say whether some end of this history has parents that the clone lacks."""
    ends = command.run(root, "rev-list", "--max-parents=0", sha).stdout.decode().split()
    with Objects(root) as objects:
        return any(objects.commit(end).parents for end in ends)


def _pathspecs(folders: Sequence[str]) -> tuple[str, ...]:
    """Return what to write after `--`: nothing for the root, which git does not take as an empty path."""
    names = [PurePosixPath(folder).as_posix() for folder in folders]
    return () if "." in names else tuple(names)


def _listed(root: Path, folders: Sequence[str]) -> list[_Listed]:
    """Return what the index holds and what is neither there nor ignored, without looking into any file."""
    if not folders:
        return []
    arguments = ("ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard", "--full-name")
    answer = command.run(root, *arguments, "--", *_pathspecs(folders)).stdout
    return [_row(row) for row in answer.decode("utf-8", "surrogateescape").split("\0")[:-1]]


def _row(row: str) -> _Listed:
    """Read `? path` (untracked; a repository inside ends with a slash) or `H mode oid stage<TAB>path`."""
    if row.startswith("? "):
        return _Listed(row[2:].removesuffix("/"), "", "")
    facts, _, path = row.partition("\t")
    _, mode, oid, _ = facts.split(" ")
    return _Listed(path, mode, oid)


def _on_disk(root: Path, listed: Iterable[_Listed]) -> Iterator[Entry]:
    """Yield what is really there: git lists tracked files that are gone, or that a linked folder now hides."""
    top, real = os.fspath(root), {"": True}
    for path in sorted({row.path for row in listed}, key=lambda path: path.encode("utf-8", "surrogateescape")):
        mode = _disk_mode(f"{top}/{path}") if _is_real_folder(top, path.rpartition("/")[0], known=real) else ""
        if mode:
            yield Entry(path, mode, "")


def _is_real_folder(top: str, folder: str, *, known: dict[str, bool]) -> bool:
    if folder not in known:
        parent = _is_real_folder(top, folder.rpartition("/")[0], known=known)
        known[folder] = parent and not os.path.islink(f"{top}/{folder}")  # noqa: PTH114 - a thousand paths: text is cheap
    return known[folder]


def _disk_mode(path: str) -> str:
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISREG(mode):
        return "100755" if mode & stat.S_IXUSR else "100644"
    return "120000" if stat.S_ISLNK(mode) else _SUBMODULE if stat.S_ISDIR(mode) else ""


def _at_head(root: Path, folders: Sequence[str]) -> Iterator[Entry]:
    if not head_exists(root):
        return
    with Objects(root) as objects:
        sha = objects.commit("HEAD").sha
        for folder in folders:
            entry = objects.entry(sha, folder)
            yield from objects.walk(sha, folder) if entry is None or entry.mode == "040000" else (entry,)


def _kind(mode: str) -> str:
    """Return the mode without its permission bits."""
    return mode[:3]


def _same(root: Path, entry: Entry, kind: str, oid: str) -> bool:
    if _kind(entry.mode) != kind:
        return False
    if entry.mode == _SUBMODULE:  # its commits are its own affair, and a desk reads none of it
        return True
    path = f"{os.fspath(root)}/{entry.path}"
    if entry.mode == "120000":
        return _oid(os.fsencode(os.readlink(path)), like=oid) == oid  # noqa: PTH115 - a thousand paths: text is cheap
    data = _content(path)
    if data is None or _oid(data, like=oid) == oid:
        return data is not None
    return b"\r\n" in data and _oid(data.replace(b"\r\n", b"\n"), like=oid) == oid


def _content(path: str) -> bytes | None:
    """Return a file's bytes, None when it is too large to compare."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
        return file.read() if os.fstat(file.fileno()).st_size <= _LARGEST_BYTES else None


def _oid(data: bytes, *, like: str) -> str:
    """Return the id of a blob, by the hash that gave the id `like`."""
    name = hashlib.sha256 if len(like) > _SHA1_DIGITS else hashlib.sha1
    return name(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def edited_since(
    root: Path, files: Mapping[str, bytes], folders: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[str, ...]:
    """Return which of a commit's files stand otherwise on disk, and which are new there; sorted.

    `files` are all that was read of the commit: the files with these endings below these folders. Files that git
    ignores are not new, CRLF where the commit has LF is no edit. Comparing bytes asks nothing of git unless something
    is new: a fifth of what `dirty_files` costs.
    """
    found = {path for folder, endings in folders for path in _files_below(root, folder, endings)}
    edited = {path for path, data in files.items() if path not in found or not _holds(f"{root}/{path}", data)}
    fresh = found - files.keys()
    if fresh:
        fresh &= {entry.path for entry in worktree_files(root, [folder.rstrip("/") for folder, _ in folders])}
    return tuple(sorted(edited | fresh))


def _files_below(root: Path, folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    waiting = [folder.rstrip("/")]
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(os.scandir(f"{root}/{inside}"))
        except OSError:
            continue  # a folder that is gone: its files are missing, which is said of each
        prefix = f"{inside}/" if inside else ""
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(prefix + name)
            elif name.endswith(endings):
                yield prefix + name


def _holds(place: str, data: bytes) -> bool:
    """Say whether a file has these bytes; what replaced one (a link, a pipe) is not followed and never blocks."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        found = os.read(handle, len(data) * 2 + 2)
    except OSError:
        return False
    finally:
        os.close(handle)
    return found == data or found.replace(b"\r\n", b"\n") == data
