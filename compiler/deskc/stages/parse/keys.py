"""What there is to know of a map's key."""

from functools import lru_cache
from typing import NamedTuple

from deskc.core.paths import child
from deskc.core.scalars import ScalarError, plain

__all__ = ["Key", "read_key"]


class Key(NamedTuple):
    """What there is to know of a key's text, however often a fleet repeats it."""

    is_text: bool
    is_doubtful: bool
    is_plain: bool
    step: str


@lru_cache(maxsize=1 << 12)
def read_key(text: str) -> Key:
    """Say whether a plain key reads as text, whether to look at it closer, and how a path writes it."""
    try:
        is_text = type(plain(text)[0]) is str
    except ScalarError:
        is_text = False
    step = child("", text)
    is_doubtful = not is_text or text.startswith(("$", "<"))
    return Key(is_text, is_doubtful, not step.startswith("["), step)
