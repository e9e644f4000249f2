"""Put new files on disk: all of them or none, and nothing that is there is touched."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from deskc.core.errors import DeskcError

__all__ = ["in_the_way", "placed"]


@contextmanager
def placed(folder: Path, files: Mapping[str, str]) -> Iterator[None]:
    """Write files below a folder; where that, or what is done inside the context, fails, take them away again.

    Raise DeskcError where a file cannot be written.
    """
    made: list[Path] = []
    try:
        for path, text in files.items():
            _put(folder / path, text, made)
        yield
    except OSError as error:
        _undo(made)
        msg = f"{error.filename} cannot be written: {error.strerror}"
        raise DeskcError(msg, help="name a folder where you may write") from error
    except BaseException:
        _undo(made)
        raise


def in_the_way(folder: Path, path: PurePosixPath) -> Iterator[str]:
    """Yield what stands where a file, or a folder above it, is to be; a link counts, since a build follows none."""
    if os.path.lexists(folder / path):
        yield str(path)
    for above in path.parents[:-1]:
        place = folder / above
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            yield str(above)


def _put(path: Path, text: str, made: list[Path]) -> None:
    """Make a file and the folders above it, and note what was made."""
    for above in reversed(path.parents):
        if not above.is_dir():
            above.mkdir()
            made.append(above)
    with path.open("x", encoding="utf-8", newline="\n") as file:  # x: what came here meanwhile is not ours to overwrite
        made.append(path)
        file.write(text)


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):  # the first failure is the one to tell
            path.rmdir() if path.is_dir() else path.unlink()
