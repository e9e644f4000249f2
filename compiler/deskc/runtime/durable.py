"""Files and folders that survive a power cut, for whoever has to say that something is on the disk."""

import os
from _thread import get_ident
from pathlib import Path

__all__ = ["make_folder", "replace", "sync_folder"]


def replace(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put new bytes in a file's place, its folders made; a reader sees the old or the new ones whole.

    Durably, so does a power cut. Raise OSError where it fails; the old file then stands.
    """
    make_folder(path.parent, durable=durable)
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)  # the rename itself


def make_folder(folder: Path, *, durable: bool = True) -> None:
    """Make a folder and those above it."""
    if folder.is_dir():
        return
    make_folder(folder.parent, durable=durable)
    folder.mkdir(exist_ok=True)
    if durable:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk; of a file, its bytes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
