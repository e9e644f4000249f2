"""deskc ladder regress."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.check import Format
from deskc.cli.ladder_numbers import extra
from deskc.cli.options import At, Color, Desk, Output, choose, coloured, write
from deskc.cli.where import find_desk, now, objects

if TYPE_CHECKING:
    from deskc.tuning.lock import Measurements


def command(
    desk: Desk = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REV", help="Compare with this commit's lock; with the tree's own if left out."),
    ] = None,
    at: At = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Compares what ladders, presets and kernels are worth with ladders.lock.yaml; exits with 1 where they got worse.

    With --base a loss that the tree's own lock accepts is a warning, for whoever reviews the lock. Where the base has
    no lock yet, the tree's own counts.
    """
    where = find_desk(desk)
    with extra("ladder regress"), objects(where) as reading:
        from deskc.core.codes import CODES
        from deskc.core.decisions import LADDERS
        from deskc.core.findings import has_errors
        from deskc.pipeline import prepare
        from deskc.report.formats import FORMATS, render
        from deskc.stages.read import CommitSource, Folder, WorktreeSource, read
        from deskc.tuning.compared import compared

        fmt = choose(output_format, FORMATS)
        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder, with_rules=False)
        before = base and read(CommitSource(reading, base), (Folder(where.folder, (LADDERS,)),)).value
        told = compared(prepared, where.folder, before or None)
        files = {**prepared.tree.files, **(before.files if before else {})}  # findings point into the base's lock
        text = render(
            told.findings,
            fmt=fmt,
            sources=files.get,
            titles=lambda code: CODES[code].title if code in CODES else code,
            color=coloured(color, output),
        )
        if fmt == "text" and told.value is not None and not told.findings:
            text = _unchanged(told.value)
    write(text, output)
    if has_errors(told.findings):
        raise typer.Exit(1)


def _unchanged(measured: "Measurements") -> str:
    counts = [f"{len(entries)} {group}" for group, entries in measured.items()]
    return f"{', '.join(counts)}: nothing got worse.\n"
