"""A code of a finding, explained: what it means, why it matters, what to do, and a bad and a good example."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Code", "Files", "Link", "data_of"]

Files = Mapping[str, str]
"""Files by path from the repository's root; a text's lone surrogates stand for bytes that are no UTF-8."""


class Link(str):
    """A file that is a symbolic link; the text is where it leads, as git keeps it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One code that the compiler itself can give; codes are never used twice.

    `title` is one sentence, `why` says what would go wrong, `fix` what to do. `bad` and `good` are laid over the tiny
    desk: the bad one then yields this code, the good one no finding at all. Where `init --from` gives the code, each is
    the file to migrate; where only a commit can have the fault, both are committed without a signature; where only a
    change can, the tiny desk is the base of both; a lock of ladders is compared with the very files beside it; a
    lock of market facts is compared with a venue that says what the good example does.
    """

    code: str
    title: str
    why: str
    fix: str
    bad: Files
    good: Files
    given_by: Literal["check", "compile", "check --base", "init --from", "ladder regress", "markets verify"] = "check"


def data_of(text: str) -> bytes:
    """Return the bytes of an example's file."""
    return text.encode("utf-8", "surrogateescape")
