"""The grammar of setting paths: `a.b[0]`, odd keys as `a["b.c"]`."""

import json
import re
from functools import lru_cache
from posixpath import normpath

__all__ = ["child", "inside", "item", "join", "nested", "split", "within"]

_PLAIN = re.compile(r"[A-Za-z0-9_@$-]+")
_STEP = re.compile(r'(?:(?<!^)\.|^)([A-Za-z0-9_@$-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def child(path: str, key: str) -> str:
    """Append a mapping's key to a path."""
    plain, step = _written(key)
    return f"{path}.{step}" if plain and path else f"{path}{step}"


@lru_cache(maxsize=1 << 12)
def _written(key: str) -> tuple[bool, str]:
    """Return whether a key needs no quotes, and how it is written."""
    plain = _PLAIN.fullmatch(key) is not None
    return plain, key if plain else f"[{json.dumps(key, ensure_ascii=False)}]"


def item(path: str, index: int) -> str:
    """Append a list's index, from 0, to a path."""
    return f"{path}[{index}]"


def join(steps: tuple[str | int, ...]) -> str:
    """Write steps as a path."""
    path = ""
    for step in steps:
        path = item(path, step) if isinstance(step, int) else child(path, step)
    return path


def split(path: str) -> tuple[str | int, ...]:
    """Read a path as its steps; raise ValueError where it is no path."""
    steps: list[str | int] = []
    position = 0
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            msg = f"{path!r} is no setting path"
            raise ValueError(msg)
        name, index, quoted = step.groups()
        steps.append(int(index) if index else json.loads(quoted) if quoted else name)
        position = step.end()
    return tuple(steps)


def within(path: str, above: str) -> bool:
    """Say whether a path lies below another."""
    return path.startswith((f"{above}.", f"{above}["))


def nested(path: str, value: object) -> object:
    """Return a section's plain values where only the setting at a path has one."""
    for step in reversed(split(path)[1:]):
        value = {step: value}
    return value


def inside(folder: str, name: str) -> str | None:
    """Return the path of a file named inside a folder, or None where it leads out.

    The folder is relative and ends with a slash; the repository's root is the empty text.
    """
    path = normpath(folder + name)
    if name.startswith("/") or "\\" in name or path.startswith("../") or not path.startswith(folder):
        return None
    return path
