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
_SHOWN = 3  # uncommitted files that a note names


def command(
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
    worktree: Annotated[bool, typer.Option("--worktree", help="Compare the working tree.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where something differs.")] = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Compares resolved scopes; a change that reaches many is one row. Comments and order of keys change nothing."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.report.diff import diff_json, diff_text

        fmt = choose(output_format, ("text", "json"))
        asked = _Asked(where, reading, tuple(env or ()), tuple(bot or ()))
        if asked.between is None:
            sides = asked.commits(base, head, worktree=worktree)
            told = asked.judged(asked.changes(*sides))
            names = (_name(sides[0]), _name(sides[1]))
        else:
            sides = asked.trees(base, head, worktree=worktree)
            told = asked.judged(asked.changes_between(sides[0], asked.between))
            names = asked.between
        if not worktree and head is None:
            asked.note_uncommitted(sides[1], base)
        if fmt == "json":
            commits = (_sha(sides[0]), _sha(sides[1]))
            text = diff_json(told, commits=commits, environments=asked.between)
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

    def commits(self, base: str | None, head: str | None, *, worktree: bool) -> "tuple[Prepared, Prepared]":
        """Prepare two commits, or a commit and the working tree."""
        if base is None:
            msg = "diff compares with a commit, and none is named"
            raise DeskcError(msg, help="deskc diff HEAD~1, or --env A..B")
        if worktree and head is not None:
            msg = "the working tree is one side, and two commits are named"
            raise DeskcError(msg, help=f"leave out {head}")
        return self.prepared(base), self.prepared(None if worktree else head or "HEAD")

    def trees(self, revision: str | None, head: str | None, *, worktree: bool) -> "tuple[Prepared, Prepared]":
        """Prepare the one commit, or the working tree, whose environments are compared."""
        if head is not None or (worktree and revision is not None):
            msg = "two environments are compared in one tree, and two are named"
            raise DeskcError(msg, help=f"leave out {head or '--worktree'}")
        prepared = self.prepared(None if worktree else revision or "HEAD")
        return prepared, prepared

    def changes(self, old: "Prepared", new: "Prepared") -> "Changes | None":
        """Compare two trees; refuse names that neither has."""
        from deskc.pipeline import Selection, wanted
        from deskc.plan.changes import changes

        selection = Selection(self.env, self.bots)
        if not ({*self.env} <= _environments(old) and {*self.bots} <= _bots(old)):
            wanted(new, selection)
        return changes(old, new, selection)

    def changes_between(self, prepared: "Prepared", environments: tuple[str, str]) -> "Changes | None":
        """Compare two environments; refuse names that the desk does not have."""
        from deskc.pipeline import Selection, wanted
        from deskc.plan.changes import changes_between

        wanted(prepared, Selection(environments, self.bots))
        return changes_between(prepared, environments, self.bots)

    def prepared(self, revision: str | None) -> "Prepared":
        """Prepare a commit, or the working tree."""
        from deskc.pipeline import prepare
        from deskc.stages.read import CommitSource, WorktreeSource

        source = WorktreeSource(self.where.root, now()) if revision is None else CommitSource(self.reading, revision)
        return prepare(source, self.where.folder)

    def judged(self, told: "Changes | None") -> "Changes":
        """Refuse what cannot be compared, and note what could be compared only in part."""
        if told is None:
            msg = f"{self.where.folder}desk.yaml has errors on one side"
            raise DeskcError(msg, help="run deskc check --at REV on both")
        if any(row.kind == "broken" for row in told.rows):
            self.notes.append(
                "some scopes have errors on one side and are not compared; deskc check --at REV shows them"
            )
        return told

    def note_uncommitted(self, prepared: "Prepared", base: str | None) -> None:
        """Note the uncommitted edits that HEAD does not have, where HEAD was compared without being named."""
        from deskc.gitio.repository import edited_since

        if self.between is not None and base is not None:
            return
        if (self.where.root / ".git").exists():  # a bare repository has no working tree
            edited = edited_since(self.where.root, prepared.tree.files, prepared.folders)
            if edited:
                more = f" and {len(edited) - _SHOWN} more" if len(edited) > _SHOWN else ""
                shown = ", ".join(edited[:_SHOWN]) + more
                self.notes.append(f"left out, because not committed: {shown} (--worktree compares them)")


def _between(env: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the two environments of `A..B`; None where environments only limit what is compared."""
    pairs = [name for name in env if _BETWEEN in name]
    if not pairs:
        return None
    first, _, second = pairs[0].partition(_BETWEEN)
    if len(env) > 1 or not first or not second or first == second:
        msg = f"--env {' --env '.join(env)} is no pair of environments"
        raise DeskcError(msg, help="write --env staging..production")
    return first, second


def _environments(prepared: "Prepared") -> frozenset[str]:
    return frozenset(prepared.layers.desk.environments if prepared.layers else ())


def _bots(prepared: "Prepared") -> frozenset[str]:
    return frozenset(prepared.layers.bots if prepared.layers else ())


def _name(prepared: "Prepared") -> str:
    return "the working tree" if prepared.commit is None else prepared.commit.sha[:12]


def _sha(prepared: "Prepared") -> str | None:
    return None if prepared.commit is None else prepared.commit.sha
