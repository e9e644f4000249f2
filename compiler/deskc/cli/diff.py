"""deskc diff."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import Bots, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.where import Where, find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.gitio.objects import Objects
    from deskc.pipeline import Prepared
    from deskc.plan.changes import Changes

_BETWEEN = ".."


def command(  # noqa: PLR0913 - one parameter an option
    base: Annotated[str | None, typer.Argument(metavar="[BASE]", help="The commit to compare with.")] = None,
    head: Annotated[
        str | None, typer.Argument(metavar="[HEAD]", help="The commit to compare; HEAD if left out.")
    ] = None,
    desk: Desk = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", metavar="ENV|A..B", help="Only this environment; A..B compares two, in BASE or HEAD."),
    ] = None,
    bot: Bots = None,
    worktree: Annotated[bool, typer.Option("--worktree", help="Compare the working tree.")] = False,  # noqa: FBT002
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where something differs.")] = False,  # noqa: FBT002
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Compares resolved scopes: a change that reaches many is one row. Comments and the order of keys change nothing."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.report.diff import diff_json, diff_text  # noqa: PLC0415 - git starts first

        fmt = choose(output_format, ("text", "json"))
        asked = _Asked(where, reading, tuple(env or ()), tuple(bot or ()))
        if asked.between is not None:
            if head is not None:
                raise DeskcError(
                    "two environments are compared at one commit, and two are named", help=f"leave out {head}"
                )
            told, names = asked.environments(base, worktree=worktree)
        else:
            told, names = asked.commits(base, head, worktree=worktree)
        if fmt == "json":
            text = diff_json(told, names=names, environments=asked.between)
        else:
            text = diff_text(told, names=names, color=coloured(color, output))
    write(text, output)
    for note in asked.notes:
        typer.echo(f"deskc: {note}", err=True)
    if exit_code and told.rows:
        raise typer.Exit(1)


class _Asked:
    """What is compared, and what a person should know about it beside the differences."""

    def __init__(self, where: Where, reading: "Objects", env: tuple[str, ...], bots: tuple[str, ...]) -> None:
        self.where = where
        self.reading = reading
        self.env = env
        self.bots = bots
        self.between = _between(env)
        self.notes: list[str] = []

    def commits(self, base: str | None, head: str | None, *, worktree: bool) -> "tuple[Changes, tuple[str, str]]":
        """Compare two commits, or a commit with the working tree."""
        from deskc.pipeline import Selection, wanted  # noqa: PLC0415
        from deskc.plan.changes import changes  # noqa: PLC0415

        if base is None:
            raise DeskcError("diff compares with a commit, and none is named", help="deskc diff HEAD~1, or --env A..B")
        if worktree and head is not None:
            raise DeskcError("the working tree is one side, and two commits are named", help=f"leave out {head}")
        old, new = self.prepared(base), self.prepared(None if worktree else head or "HEAD")
        selection = Selection(self.env, self.bots)
        if not {*self.env} <= _environments(old) or not {*self.bots} <= _bots(old):
            wanted(new, selection)  # refuses what neither side has
        told = changes(old, new, selection)
        if not worktree and head is None:
            self.note_uncommitted(new)
        return self.judged(told), (_name(old), _name(new))

    def environments(self, revision: str | None, *, worktree: bool) -> "tuple[Changes, tuple[str, str]]":
        """Compare two environments at one commit, or in the working tree."""
        from deskc.pipeline import Selection, wanted  # noqa: PLC0415
        from deskc.plan.changes import changes_between  # noqa: PLC0415

        if worktree and revision is not None:
            raise DeskcError("two environments are compared in one tree, and two are named", help="leave one out")
        if self.between is None:
            raise LookupError(self.env)
        prepared = self.prepared(None if worktree else revision or "HEAD")
        wanted(prepared, Selection(self.between, self.bots))  # refuses names that the desk does not have
        told = self.judged(changes_between(prepared, self.between, self.bots))
        if not worktree and revision is None:
            self.note_uncommitted(prepared)
        return told, self.between

    def prepared(self, revision: str | None) -> "Prepared":
        """Prepare a commit, or the working tree."""
        from deskc.pipeline import prepare  # noqa: PLC0415
        from deskc.stages.read import CommitSource, WorktreeSource  # noqa: PLC0415

        source = WorktreeSource(self.where.root, now()) if revision is None else CommitSource(self.reading, revision)
        return prepare(source, self.where.folder)

    def judged(self, told: "Changes | None") -> "Changes":
        """Refuse what cannot be compared, and note what could be compared only in part."""
        if told is None:
            raise DeskcError(
                f"{self.where.folder}desk.yaml has errors on one side", help="run deskc check --at REV on both"
            )
        if any(row.kind == "broken" for row in told.rows):
            self.notes.append(
                "some scopes have errors on one side and are not compared; deskc check --at REV shows them"
            )
        return told

    def note_uncommitted(self, prepared: "Prepared") -> None:
        """Note the uncommitted edits that a commit does not have."""
        from deskc.gitio.repository import edited_since  # noqa: PLC0415

        if prepared.layers is not None and (self.where.root / ".git").exists():
            edited = edited_since(self.where.root, prepared.tree.files, prepared.layers.desk.folders)
            if edited:
                shown = ", ".join(edited[:3]) + (f" and {len(edited) - 3} more" if len(edited) > 3 else "")  # noqa: PLR2004
                self.notes.append(f"left out, because not committed: {shown} (--worktree compares them)")


def _between(env: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the two environments of `A..B`; None where environments only limit what is compared."""
    pairs = [name for name in env if _BETWEEN in name]
    if not pairs:
        return None
    first, _, second = pairs[0].partition(_BETWEEN)
    if len(env) > 1 or not first or not second or first == second:
        raise DeskcError(
            f"--env {' --env '.join(env)} is no pair of environments", help="write --env staging..production"
        )
    return first, second


def _environments(prepared: "Prepared") -> frozenset[str]:
    return frozenset(prepared.layers.desk.environments if prepared.layers else ())


def _bots(prepared: "Prepared") -> frozenset[str]:
    return frozenset(prepared.layers.bots if prepared.layers else ())


def _name(prepared: "Prepared") -> str:
    return "the working tree" if prepared.commit is None else prepared.commit.sha[:12]
