"""Which keys were made and replaced: sentences for people, one object for programs."""

from collections.abc import Sequence
from json import dumps
from pathlib import Path
from typing import NamedTuple

__all__ = ["Made", "Rotated", "made_json", "made_text", "rotated_json", "rotated_text"]

_SHOWN = 12  # digits of a key's id


class Made(NamedTuple):
    """A signed channel's environments that were new, the keys that were made, and the root to trust."""

    channel: str
    environments: Sequence[str]
    files: Sequence[Path]
    root: Path


class Rotated(NamedTuple):
    """Which key took whose place, and the file that it lies in."""

    channel: str
    role: str
    old: str
    new: str
    files: Sequence[Path]


def made_text(made: Made) -> str:
    """Write a line a key's file, and what comes next."""
    if not made.files:
        return f"{made.channel} has these environments already; nothing was written.\n"
    lines = (
        *map(str, made.files),
        f"{made.channel} delegates to {', '.join(made.environments)}.",
        f"Give {made.root} to every bot as its trusted root; keep the keys of root and targets off this machine.",
    )
    return "\n".join((*lines, ""))


def made_json(made: Made) -> str:
    """Write channel, environments, files of keys and the root's file."""
    told = {
        "channel": made.channel,
        "environments": list(made.environments),
        "keys": list(map(str, made.files)),
        "root": str(made.root),
    }
    return dumps(told, ensure_ascii=False, indent=2) + "\n"


def rotated_text(done: Rotated) -> str:
    """Write which key counts now, and which no more."""
    (file,) = done.files
    said = f"{done.role} of {done.channel} is signed by key {done.new[:_SHOWN]} in place of {done.old[:_SHOWN]}."
    return f"{file}\n{said}\nThe old key counts no more; remove its file.\n"


def rotated_json(done: Rotated) -> str:
    """Write channel, role, both keys' ids and the new one's file."""
    told = {"channel": done.channel, "role": done.role, "old": done.old, "new": done.new}
    return dumps({**told, "keys": list(map(str, done.files))}, ensure_ascii=False, indent=2) + "\n"
