"""Adding to a desk from the command line: judge, write, and say what comes next."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from deskc.cli.options import write
from deskc.cli.where import Where, now
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deskc.edit.addition import Addition
    from deskc.edit.present import Present

__all__ = ["adding"]


def adding(
    where: Where, made: "Callable[[Present], Addition]", subject: str, *, say: "Callable[[str], None]" = write
) -> None:
    """Judge an addition, write it, and say what comes next; where it would bring errors, show them and exit with 1."""
    from deskc.edit.addition import add, introduced, with_addition
    from deskc.edit.present import Present
    from deskc.pipeline import prepare
    from deskc.stages.read import WorktreeSource

    if where.bare:
        msg = f"{where.root} is a bare repository, which has no working tree to add to"
        raise DeskcError(msg, help="add it in a clone, and push that")
    source = WorktreeSource(where.root, now())
    before = prepare(source, where.folder)
    addition = made(Present(where.root, before))
    after = with_addition(source, where.folder, addition)
    found = introduced(before, after)
    if found:
        from deskc.report.formats import render

        shown = render(found, fmt="text", sources=after.prepared.tree.files.get, titles=str)
        typer.echo(f"{shown}Nothing was written.", err=True)
        raise typer.Exit(1)
    add(where.root, addition)
    say("\n".join((*_written(addition), "", *_next(where, addition, subject), "")))


def _written(addition: "Addition") -> "Iterator[str]":
    """Yield what was written and what was changed, a line for each file."""
    for path in addition.files:
        yield f"  wrote    {path}"
    for path in addition.edits:
        yield f"  changed  {path}"


def _next(where: Where, addition: "Addition", subject: str) -> "Iterator[str]":
    """Yield the commands that lead to a snapshot of what was added."""
    git = "git" if Path.cwd() == where.root.resolve() else f"git -C {shlex.quote(str(where.root))}"
    paths = " ".join(shlex.quote(path) for path in (*addition.files, *addition.edits))
    yield "Nothing is committed yet. Next:"
    yield "  deskc check"
    yield f"  {git} add {paths} && {git} commit -m {shlex.quote(subject)}"
    yield "  deskc compile"
