"""deskc ladder import."""  # noqa: N999 - a verb's module is named as the verb, and is imported by that name

from typing import Annotated

import typer

from deskc.cli.options import Format, Output, choose, write


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON with the parameters side by side.")],
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Writes the seven groups as JSON, which --config reads, and lists beside them the keys that are no settings."""
    fmt = choose(output_format, ("text", "json"))
    from deskc.report.searches import imported_json, imported_text
    from deskc.tuning.files import read_section
    from deskc.tuning.flat import grouped

    told = grouped(read_section(file))
    write(imported_json(told) if fmt == "json" else imported_text(told), output)
    if told.unknown:
        from deskc.report.cells import escape

        names = ", ".join(map(escape, told.unknown))
        typer.echo(f"deskc: {len(told.unknown)} of the keys are no settings: {names}", err=True)
