"""Options that verbs share, and how their values become what the library takes."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deskc.core.errors import DeskcError

__all__ = [
    "At",
    "Bots",
    "Color",
    "Desk",
    "Environments",
    "Format",
    "Ledger",
    "Output",
    "Quiet",
    "choose",
    "coloured",
    "write",
]

Desk = Annotated[
    str | None, typer.Argument(metavar="[DESK]", help="Folder of desk.yaml; found from here upward if left out.")
]
At = Annotated[str | None, typer.Option("--at", metavar="REV", help="A commit, instead of the working tree.")]
Environments = Annotated[
    list[str] | None, typer.Option("--env", metavar="ENV", help="Only this environment; repeatable.")
]
Bots = Annotated[list[str] | None, typer.Option("--bot", metavar="BOT", help="Only this bot; repeatable.")]
Ledger = Annotated[
    str | None, typer.Option("--ledger", metavar="URL", help="The ledger; .deskc/ledger.db if left out.")
]
Format = Annotated[
    str, typer.Option("--output-format", metavar="FORMAT", envvar="DESKC_OUTPUT_FORMAT", help="How to write results.")
]
Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file instead of the screen.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but results.")]
Color = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]


def choose(name: str, known: tuple[str, ...]) -> str:
    """Return a format's name; raise DeskcError where this verb does not write it."""
    if name not in known:
        from deskc.core.violations import close_to  # only a mistake needs it

        guess = close_to(name, known)
        way_out = f"did you mean {guess}?" if guess else f"choose one of {', '.join(known)}"
        raise DeskcError(f"{name} is no output format of this command", help=way_out)
    return name


def coloured(when: str, output: str | None) -> bool:
    """Say whether to colour: `--color` decides, then NO_COLOR and FORCE_COLOR, then whether a person is looking."""
    if when not in ("auto", "always", "never"):
        raise DeskcError(f"{when} is no value of --color", help="choose one of auto, always, never")
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (output is None and sys.stdout.isatty())


def write(text: str, output: str | None = None) -> None:
    """Write results to standard output, or to a file."""
    if output is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise typer.Exit(2) from None  # what read us has gone; typer alone would say 1, which means findings
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DeskcError(f"{output} cannot be written: {error.strerror}", help="name another file with -o") from error
