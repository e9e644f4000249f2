"""deskc verify."""

from pathlib import Path
from typing import Annotated

import typer

from deskc.cli.options import Bots, Environments, Format, Output, choose, write
from deskc.core.errors import DeskcError

What = Annotated[str, typer.Argument(metavar="FILE|CHANNEL", help="A snapshot's file, a folder, or a channel's URL.")]
Root = Annotated[
    str | None, typer.Option("--root", metavar="FILE", help="The trusted root of a signed channel: its root.json.")
]


def command(
    what: What,
    env: Environments = None,
    bot: Bots = None,
    root: Root = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Says what that proves: integrity, or of a signed channel that it was reviewed. A refusal exits with 1."""
    fmt = choose(output_format, ("text", "json"))
    for name, given in (("what to check", what), ("--root", root)):
        if given == "":
            raise DeskcError(f"{name} names nothing", help="name one; an unset variable may stand there")
    from deskc.publish.verify import verify
    from deskc.report.verified import verified_json, verified_text

    verdict = verify(what, environments=env or (), bots=bot or (), root=None if root is None else Path(root))
    write(verified_json(verdict) if fmt == "json" else verified_text(verdict), output)
    if any(one.error for one in verdict.snapshots):
        raise typer.Exit(1)
