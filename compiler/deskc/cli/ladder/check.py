"""deskc ladder check."""

from typing import Annotated

import typer

from deskc.cli.options import Format, Output, choose, write
from deskc.core.errors import DeskcError


def command(
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="Judge the orders of this JSON or YAML file instead.")
    ] = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Shows orders, every bound with its margin, and the score; exits with 1 where an enforced constraint breaks."""
    fmt = choose(output_format, ("text", "json"))
    from deskc.ladder.verdict import verdict
    from deskc.report.ladder import ladder_json, ladder_text
    from deskc.tuning.files import orders_in, read_section

    if file is None:
        raise DeskcError("ladder check needs orders to judge", help="name a file of orders with --file")
    settings, ladder = orders_in(read_section(file), file, preset={})
    told = verdict(ladder, settings)
    write(ladder_json(told, name=file) if fmt == "json" else ladder_text(told, name=file), output)
    if told.failed:
        raise typer.Exit(1)
