"""deskc compile."""

from pathlib import Path
from time import perf_counter, time_ns
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import Bots, Color, Desk, Environments, Format, Ledger, Output, Quiet, choose, coloured, write
from deskc.cli.publishing import Force, findings, forced
from deskc.cli.where import Where, find_desk, keep_state, now, objects, own_ledger
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.scopes import Target
    from deskc.pipeline import Compilation

At = Annotated[str | None, typer.Option("--at", metavar="REV", help="The commit to compile; HEAD if left out.")]
Out = Annotated[str | None, typer.Option("--out", metavar="DIR", help="Where to; .deskc/snapshots if left out.")]
Publish = Annotated[str | None, typer.Option("--publish", metavar="DIR", help="A channel: write there, move pointers.")]
Worktree = Annotated[bool, typer.Option("--worktree", help="Freeze uncommitted edits instead; never recorded.")]


def command(
    desk: Desk = None,
    at: At = None,
    out: Out = None,
    publish: Publish = None,
    force: Force = None,
    ledger: Ledger = None,
    env: Environments = None,
    bot: Bots = None,
    worktree: Worktree = False,
    quiet: Quiet = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Writes <environment>/<bot>/<digest>.jsonl and build records. An error anywhere writes nothing."""
    started = perf_counter()
    fmt = choose(output_format, ("text", "json"))
    colour = coloured(color, output)
    _refuse_contradictions(at=at, out=out, publish=publish, force=force, ledger=ledger, worktree=worktree)
    forcing = forced(force)
    where = find_desk(desk)
    with objects(where) as reading:  # git works while the rest is imported
        from deskc.outputs import builds, mark_dirty, placed, published, record
        from deskc.pipeline import Selection, compile_desk, prepare
        from deskc.publish.files import Staging
        from deskc.stages.read import CommitSource, WorktreeSource

        source = WorktreeSource(where.root, now()) if worktree else CommitSource(reading, "HEAD" if at is None else at)
        prepared = prepare(source, where.folder)
        folder = Path(out or publish or where.state / "snapshots") / ("worktree" if worktree else "")
        changed: frozenset[Target] = frozenset()
        moved: tuple[int, int] = (0, 0)
        left_out: tuple[str, ...] = ()
        with Staging(folder) as staging:
            selection = Selection(tuple(env or ()), tuple(bot or ()))
            compilation = compile_desk(prepared, selection, keep=staging.keep)
            if not compilation.failed:
                if not (out or publish):
                    keep_state(where)
                compilation = placed(compilation, staging)
        if worktree and not compilation.failed:
            mark_dirty(compilation, folder)
        elif not compilation.failed:
            made = builds(compilation)
            changed = record(compilation, made, ledger or own_ledger(where), recorded_at_ns=time_ns())
            if publish:
                from deskc.publish.folder import FolderStore  # only a publish needs its lock

                store = FolderStore(Path(publish))
                publications = published(compilation, made, store, root=where.root, force=forcing)
                moved = sum(one.changed for one in publications), len(publications)
            left_out = () if at else _left_out(where, compilation)
    from deskc.report.compiled import Compiled, compiled_json, compiled_text

    result = Compiled(compilation, changed, moved, left_out, perf_counter() - started)
    if fmt == "json":
        text = compiled_json(result)
    else:
        text = findings(compilation, color=colour, nothing="Nothing was written.")
        text += "" if quiet or compilation.failed else compiled_text(result)
    write(text, output)
    if compilation.failed:
        raise typer.Exit(1)


def _refuse_contradictions(
    *, at: str | None, out: str | None, publish: str | None, force: str | None, ledger: str | None, worktree: bool
) -> None:
    """Raise DeskcError where options contradict each other or say nothing, before anything is read or written."""
    if worktree and (at, publish, ledger) != (None, None, None):
        way_out = "commit them, or leave --at, --publish and --ledger out"
        raise DeskcError("uncommitted edits have no commit, so they are never recorded or published", help=way_out)
    for option, folder in (("--out", out), ("--publish", publish)):
        if folder == "":
            raise DeskcError(f"{option} names no folder", help="name one; an unset variable may stand there")
    if force is not None and not publish:
        raise DeskcError("--force says how to publish, and --publish is missing", help="add --publish DIR")
    if ledger is not None:
        from deskc.ledger.sqlite import location

        location(ledger)


def _left_out(where: Where, compilation: "Compilation") -> tuple[str, ...]:
    """Return the uncommitted edits to what was compiled."""
    from deskc.gitio.repository import edited_since

    prepared = compilation.prepared
    if where.bare:
        return ()
    return edited_since(where.root, prepared.tree.files, prepared.folders)
