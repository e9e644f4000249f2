"""Options that verbs share, and how their values become what the library takes."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deskc.core.errors import DeskcError

__all__ = [
    "FORMAT",
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

FORMAT = "DESKC_OUTPUT_FORMAT"
"""The variable that chooses a format for every command."""

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
    str, typer.Option("--output-format", metavar="FORMAT", envvar=FORMAT, help="Write results as text or json.")
]
Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file instead of the screen.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but results.")]
Color = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]


def choose(name: str, known: tuple[str, ...]) -> str:
    """Return a format's name; raise DeskcError where this verb does not write it.

    The variable speaks to every verb: where it names a format of findings alone, the other verbs write their first.
    """
    if name not in known:
        from deskc.core.violations import close_to  # only a mistake needs it
        from deskc.report.formats import FORMATS

        if name in FORMATS and name == os.environ.get(FORMAT):
            return known[0]
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
    """Write results to standard output, or to a file; raise DeskcError where it cannot be written."""
    if output == "":
        raise DeskcError("-o names no file, so nothing can be written", help="name one after -o")
    try:
        if output is None:
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            Path(output).write_text(text, encoding="utf-8", errors="backslashreplace")
    except BrokenPipeError:
        raise  # what read us has gone, which is no matter for a sentence
    except OSError as error:
        name, way_out = (output, "name another file with -o") if output else ("standard output", "")
        raise DeskcError(f"{name} cannot be written: {error.strerror}", help=way_out) from error
