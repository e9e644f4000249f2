"""deskc compile."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import Bots, Color, Desk, Environments, Format, Ledger, Output, Quiet, choose, coloured, write
from deskc.cli.where import Where, find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deskc.core.scopes import Target
    from deskc.core.snapshots import Build
    from deskc.pipeline import Compilation, Prepared
    from deskc.publish.folder import Publication


def command(  # noqa: PLR0913 - one parameter an option
    desk: Desk = None,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="The commit to compile; HEAD if left out.")] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR", help="Folder for snapshots; .deskc/snapshots if left out.")] = None,
    publish: Annotated[str | None, typer.Option("--publish", metavar="DIR", help="Write into this channel and move its pointers.")] = None,
    force: Annotated[str, typer.Option("--force", metavar="REASON", help="Publish a commit that is no descendant; audited.")] = "",
    ledger: Ledger = None,
    env: Environments = None,
    bot: Bots = None,
    worktree: Annotated[bool, typer.Option("--worktree", help="Freeze uncommitted edits, into worktree/, never recorded.")] = False,  # noqa: FBT002
    quiet: Quiet = False,  # noqa: FBT002
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Writes <environment>/<bot>/<digest>.jsonl and build records. An error anywhere writes nothing."""
    started = time.perf_counter()
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.pipeline import Selection, builds, compile_desk, prepare, record, write_files, write_worktree  # noqa: PLC0415
        from deskc.stages.read import CommitSource, WorktreeSource  # noqa: PLC0415

        fmt = choose(output_format, ("text", "json"))
        if worktree and (at or publish):
            raise DeskcError("uncommitted edits have no commit and are never published", help="commit them, or leave --at and --publish out")
        source = WorktreeSource(where.root, now()) if worktree else CommitSource(reading, at or "HEAD")
        prepared = prepare(source, where.folder)
        compilation = compile_desk(prepared, Selection(tuple(env or ()), tuple(bot or ())))
        report = _Report(where, compilation, fmt, color=coloured(color, output), quiet=quiet)
        if compilation.failed:
            write(report.failed(time.perf_counter() - started), output)
            raise typer.Exit(1)
        folder = Path(publish or out or where.state / "snapshots")
        if worktree:
            report.paths = write_worktree(compilation, folder / "worktree")
        else:
            made = builds(compilation)
            report.paths = write_files(compilation, folder)
            url = ledger or where.ledger
            report.changed = record(compilation, made, url, recorded_at_ns=time.time_ns())
            if publish is not None:
                report.published = _publish(where, Path(publish), compilation, made, force)
            if not at:
                report.left_out = _left_out(where, prepared)
        text = report.done(time.perf_counter() - started)
    write(text, output)


def _publish(where: Where, channel: Path, compilation: "Compilation", made: "Sequence[Build]", reason: str) -> "tuple[Publication, ...]":
    from deskc.core.times import text  # noqa: PLC0415
    from deskc.gitio.repository import is_ancestor  # noqa: PLC0415
    from deskc.publish.folder import Force, publish  # noqa: PLC0415

    by_digest = {snapshot.digest: snapshot for snapshot in compilation.snapshots}
    return publish(
        channel,
        made,
        data=lambda build: by_digest[build.digest].data(),
        is_descendant=lambda old, new: is_ancestor(where.root, old, new),
        force=Force(reason, text(time.time_ns())) if reason else None,
    )


def _left_out(where: Where, prepared: "Prepared") -> tuple[str, ...]:
    """Return the uncommitted edits to what was compiled."""
    from deskc.gitio.repository import edited_since  # noqa: PLC0415

    if prepared.layers is None or not (where.root / ".git").exists():
        return ()  # a bare repository has no working tree
    return edited_since(where.root, prepared.tree.files, prepared.layers.desk.folders)


class _Report:
    """What compile tells: a line a snapshot for people, one object for programs."""

    def __init__(self, where: Where, compilation: "Compilation", fmt: str, *, color: bool, quiet: bool) -> None:
        self.where = where
        self.compilation = compilation
        self.fmt = fmt
        self.color = color
        self.quiet = quiet
        self.paths: Mapping[Target, Path] = {}
        self.changed: frozenset[Target] = frozenset()
        self.published: tuple[Publication, ...] = ()
        self.left_out: tuple[str, ...] = ()

    def findings(self) -> str:
        """Write the findings as check does."""
        from deskc.report.formats import render  # noqa: PLC0415

        sources = self.compilation.prepared.tree.files.get
        return render(self.compilation.findings, fmt="text", sources=sources, titles=str, color=self.color)

    def failed(self, seconds: float) -> str:
        """Say what is wrong and that nothing was written."""
        if self.fmt == "json":
            return self.json(seconds)
        return f"{self.findings()}Nothing was written.\n"

    def done(self, seconds: float) -> str:
        """Say what was written."""
        if self.fmt == "json":
            return self.json(seconds)
        if self.quiet:
            return ""
        found = self.findings() + "\n" if self.compilation.findings else ""
        return found + "\n".join((*self.lines(), *self.notes(seconds), ""))

    def lines(self) -> "Iterator[str]":
        """Yield a line a snapshot."""
        names = [f"{target.environment}/{target.bot}" for target in self.paths]
        width = max(map(len, names), default=0)
        for name, target, snapshot in zip(names, self.paths, self.compilation.snapshots, strict=True):
            scopes = f"{len(snapshot.rows):,} scope{'s' if len(snapshot.rows) > 1 else ''}"
            yield f"{name:<{width}}  {snapshot.digest[:12]}  {scopes:>10}  {'changed' if target in self.changed else 'as before'}"

    def notes(self, seconds: float) -> "Iterator[str]":
        """Yield what else a person should know."""
        commit = self.compilation.prepared.commit
        if commit is None:
            yield f"Uncommitted edits frozen in {seconds:.2f} s. They are not recorded, and load needs allow_dirty=True."
            return
        yield f"Commit {commit.sha[:12]} compiled in {seconds:.2f} s."
        moved = [publication for publication in self.published if publication.changed]
        if self.published:
            yield f"Published: {len(moved)} of {len(self.published)} pointers moved."
        if self.left_out:
            shown = ", ".join(self.left_out[:3]) + (f" and {len(self.left_out) - 3} more" if len(self.left_out) > 3 else "")
            yield f"Left out, because not committed: {shown}"

    def json(self, seconds: float) -> str:
        """Write ARCHITECTURE 7's object."""
        import json  # noqa: PLC0415

        from deskc.report.json import record  # noqa: PLC0415

        commit = self.compilation.prepared.commit
        rows = [
            {
                "environment": target.environment,
                "bot": target.bot,
                "digest": snapshot.digest,
                "path": str(path),
                "scopes": len(snapshot.rows),
                "changed": target in self.changed,
            }
            for (target, path), snapshot in zip(self.paths.items(), self.compilation.snapshots, strict=True)
        ] if self.paths else []
        told = {
            "commit": commit and commit.sha,
            "snapshots": rows,
            "findings": [record(finding) for finding in self.compilation.findings],
            "seconds": round(seconds, 6),
        }
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
