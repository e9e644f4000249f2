"""What compile, publish and halt share on the way from a compiled commit to a channel."""

import os
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.pipeline import Compilation
    from deskc.publish.open import KeysAtHand
    from deskc.publish.publish import Force as Forced

__all__ = ["Force", "KeyFolders", "findings", "forced", "key_folders"]

Force = Annotated[str | None, typer.Option("--force", metavar="REASON", help="Publish what is no descendant; audited.")]
KeyFolders = Annotated[
    list[str] | None, typer.Option("--keys", metavar="DIR", help="Keys of a signed channel; repeatable.")
]


def forced(reason: str | None) -> "Forced | None":
    """Return why to publish what is no descendant; raise DeskcError where the reason says nothing."""
    if reason is None:
        return None
    from deskc.core.times import text
    from deskc.publish.publish import Force

    return Force(reason, text(time_ns()))


def key_folders(named: list[str] | None) -> "KeysAtHand":
    """Return where keys lie, and the password from the variable that holds it."""
    from deskc.publish.open import PASSWORD, KeysAtHand

    if "" in (named or ()):
        raise DeskcError("--keys names no folder", help="name one; an unset variable may stand there")
    return KeysAtHand(tuple(map(Path, named or ())), os.environ.get(PASSWORD))


def findings(compilation: "Compilation", *, color: bool, nothing: str) -> str:
    """Write what was found, and where that is an error, that nothing came of it; empty where only notes were."""
    if not any(compilation.hidden) and all(finding.severity == "note" for finding in compilation.findings):
        return ""
    from deskc.report.formats import render

    text = render(
        compilation.findings,
        fmt="text",
        sources=compilation.prepared.tree.files.get,
        titles=str,
        color=color,
        hidden=compilation.hidden,
        notes=False,
    )
    return f"{text}{nothing}\n" if compilation.failed else f"{text}\n"
