"""deskc parse."""

from pathlib import Path
from typing import Annotated

import typer

from deskc.cli.options import FORMAT, Color, Output, choose, coloured, write
from deskc.core.errors import DeskcError

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}

Format = Annotated[
    str | None,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        envvar=FORMAT,
        help="Write as text or json; values as json and findings as text if left out.",
    ),
]


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file.")],
    output_format: Format = None,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Prints one list: path, value, type, line and column of every value. What strict YAML refuses is a finding."""
    import json

    from deskc.report.formats import render
    from deskc.stages.parse import parse_file

    colour = coloured(color, output)
    fmt = output_format and choose(output_format, ("json", "text"))
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise DeskcError(
            f"{file} cannot be read: {error.strerror}", help="name a file that is there and readable"
        ) from error
    outcome = parse_file(file, data)
    if outcome.findings:
        sources = {file: data}.get
        write(render(outcome.findings, fmt=fmt or "text", sources=sources, titles=str, color=colour), output)
        raise typer.Exit(1)
    rows = [
        {
            "path": leaf.path,
            "value": leaf.value,
            "type": _TYPES.get(type(leaf.value), "null"),
            "line": leaf.line,
            "column": leaf.column,
        }
        for leaf in outcome.value.written()
    ]
    if fmt != "text":
        write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", output)
        return
    from deskc.report.table import table

    shown = [
        (row["path"], json.dumps(row["value"], ensure_ascii=False), row["type"], f"{row['line']}:{row['column']}")
        for row in rows
    ]
    write(table(shown, ("path", "value", "type", "line")), output)
