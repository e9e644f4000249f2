"""deskc affects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import At, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.where import Where, find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Collection


def command(
    line: Annotated[str, typer.Argument(metavar="PATH:LINE", help="A line of a layer, a template or a schema.")],
    desk: Desk = None,
    at: At = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Shows for each setting of the line the scopes in which it wins, and what overrides it in the others."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.pipeline import prepare
        from deskc.plan.affects import affects
        from deskc.report.affects import affects_json, affects_text
        from deskc.stages.read import CommitSource, WorktreeSource

        fmt = choose(output_format, ("text", "json"))
        name, number = _spot(line)
        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder)
        told = affects(prepared, _from_root(name, where, prepared.tree.files), number)
        if told is None:
            msg = f"{where.folder}desk.yaml has errors"
            raise DeskcError(msg, help="run deskc check")
        text = affects_json(told) if fmt == "json" else affects_text(told, color=coloured(color, output))
    write(text, output)


def _spot(text: str) -> tuple[str, int]:
    """Split `PATH:LINE`; a column after the line is let pass, since findings print one."""
    name, *numbers = text.split(":")
    if not name or len(numbers) not in (1, 2) or not all(number.isascii() and number.isdigit() for number in numbers):
        msg = f"{text} is no line of a file"
        raise DeskcError(msg, help="write it such as coins/ETH.yaml:14")
    return name, int(numbers[0])


def _from_root(name: str, where: Where, files: "Collection[str]") -> str:
    """Return a file's path from the repository's root; it may be named from here, from the root or from the desk."""
    path = (Path.cwd() / name).resolve()
    named = [path.relative_to(where.root.resolve()).as_posix()] if path.is_relative_to(where.root.resolve()) else []
    named += [Path(name).as_posix(), f"{where.folder}{Path(name).as_posix()}"]
    return next((candidate for candidate in named if candidate in files), named[-1])
