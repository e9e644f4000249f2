"""What a renderer may ask about: a file's bytes at the judged tree, a code's title."""

import re
from typing import Protocol

__all__ = ["Sources", "Titles", "lines"]

_BREAK = re.compile(r"\r\n|\r|\n")  # YAML 1.2 section 5.4; neither NEL nor U+2028 ends a line


class Sources(Protocol):
    """The judged tree's files by path from the repository's root."""

    def __call__(self, path: str, /) -> bytes | None:
        """Return the file's bytes, None where the file is unknown."""


class Titles(Protocol):
    """The one-sentence titles of the codes."""

    def __call__(self, code: str, /) -> str:
        """Return the code's title."""


def lines(data: bytes | None) -> tuple[str, ...]:
    """Return a file's lines without their ends; an unknown file has none, and no line follows the last line's end."""
    found = _BREAK.split((data or b"").decode("utf-8", "replace"))
    return tuple(found if found[-1] else found[:-1])
