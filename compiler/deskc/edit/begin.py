"""Put a new desk's files on disk: all of them or none, and nothing that is there is touched."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from deskc.core.errors import DeskcError
from deskc.edit.place import in_the_way, placed
from deskc.gitio import write
from deskc.gitio.repository import find_root, worktree_files

__all__ = ["begin"]

_ANOTHER = "name a new folder for the desk; what is there stays as it is"
_YAML = (".yaml", ".yml")


def begin(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files below a folder and return the root of the repository around it: a new one where there was none.

    Raise DeskcError, with nothing written, where something is in the way, the folder cannot be written or git fails.
    Nothing is committed.
    """
    around = _repository(folder.resolve())
    _refuse_what_is_in_the_way(folder, files)
    _refuse_another_desk(folder, around)
    _refuse_what_would_be_read(folder, around)
    with placed(folder, files):
        if around is None:
            write.init(folder)
    return around or folder.resolve()


def _repository(folder: Path) -> Path | None:
    """Return the root of the repository that a folder, there or not, lies in."""
    for near in (folder, *folder.parents):
        if os.path.lexists(near / ".git"):
            return find_root(near)
    return None


def _refuse_what_is_in_the_way(folder: Path, files: Mapping[str, str]) -> None:
    if os.path.lexists(folder) and not folder.is_dir():
        msg = f"{folder} is a file, where a desk needs a folder"
        raise DeskcError(msg, help=_ANOTHER)
    if os.path.lexists(folder / "desk.yaml"):
        msg = f"{folder} is a desk already"
        raise DeskcError(msg, help="judge it with deskc check, or name a new folder")
    found = sorted({name for path in files for name in in_the_way(folder, PurePosixPath(path))})
    if found:
        others = f", and {len(found) - 1} more" if len(found) > 1 else ""
        msg = f"{folder / found[0]} is in the way{others}"
        raise DeskcError(msg, help=_ANOTHER)


def _refuse_another_desk(folder: Path, around: Path | None) -> None:
    """Refuse a desk inside a desk: the outer one would report each of its files."""
    for above in folder.resolve().parents if around else ():
        if (above / "desk.yaml").is_file():
            msg = f"{folder} lies inside the desk {above}"
            raise DeskcError(msg, help="name a folder beside that desk")
        if above == around:
            return


def _refuse_what_would_be_read(folder: Path, around: Path | None) -> None:
    """Refuse YAML that is there: it would become a layer nobody meant, or a finding."""
    if not folder.is_dir():
        return
    if around is None:
        inside: Iterator[str] = _on_disk(folder)
    else:
        own = folder.resolve().relative_to(around).as_posix().removeprefix(".")
        inside = (entry.path.removeprefix(own).lstrip("/") for entry in worktree_files(around, (own,)))
    for path in inside:
        if path.lower().endswith(_YAML) and not any(part.startswith(".") for part in PurePosixPath(path).parts):
            msg = f"{folder / path} is in the way: each YAML file below a desk is read as a layer of it"
            raise DeskcError(msg, help=_ANOTHER)


def _on_disk(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield (Path(place) / name).relative_to(folder).as_posix()
