"""deskc check."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import FORMAT, At, Bots, Color, Desk, Environments, Output, choose, coloured, write
from deskc.cli.where import Where, find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskc.core.documents import Tree
    from deskc.gitio.objects import Objects
    from deskc.pipeline import Compilation, Prepared, Selection

Format = Annotated[
    str,
    typer.Option(
        "--output-format",
        metavar="FORMAT",
        envvar=FORMAT,
        help="Write findings as text, concise, json, github, gitlab, sarif or junit.",
    ),
]


def command(
    desk: Desk = None,
    at: At = None,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="REV", help="Compare with this commit, and let only its decisions count."),
    ] = None,
    env: Environments = None,
    bot: Bots = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Let pass from now on what rules find today.")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Write notes out too.")] = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Ends with one line a changed scope. Exits with 1 if something is wrong."""
    where = find_desk(desk)
    if write_baseline:
        _refuse_narrowed(at=at, base=base, narrowed=bool(env or bot))
    with objects(where) as reading:
        from deskc.pipeline import Selection, compile_desk, judged_by, judged_change, prepare  # git starts first
        from deskc.report.formats import FORMATS, render
        from deskc.stages.read import CommitSource, WorktreeSource

        fmt = choose(output_format, FORMATS)
        selection = Selection(tuple(env or ()), tuple(bot or ()))
        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder)
        if write_baseline:
            _write_baseline(where, compile_desk(prepared))
            prepared = prepare(source, where.folder)
        revision = "HEAD" if base is None and at is None else base
        before = _base(where, reading, revision, required=base is not None, known=prepared)
        if before is not None and base is not None:
            prepared = judged_by(prepared, before)
        compilation = compile_desk(prepared, selection)
        if before is not None:
            compilation = judged_change(before, compilation, selection)
        text = render(
            compilation.findings,
            fmt=fmt,
            sources=compilation.prepared.tree.files.get,
            titles=_titles(compilation),
            color=coloured(color, output),
            changed=_changed_lines(before.tree, compilation.prepared.tree)
            if before and fmt == "github"
            else frozenset(),
            hidden=compilation.hidden,
            notes=verbose,
        )
        if fmt == "text":
            text += _changes(before, compilation.prepared, selection)
    write(text, output)
    severities = {finding.severity for finding in compilation.findings}
    if "error" in severities or (strict and "warning" in severities):
        raise typer.Exit(1)


def _refuse_narrowed(*, at: str | None, base: str | None, narrowed: bool) -> None:
    """Raise DeskcError where a baseline would be written of something other than the whole working tree."""
    if at is not None or base is not None:
        raise DeskcError("a baseline is written of the working tree as it stands", help="leave --at and --base out")
    if narrowed:
        raise DeskcError("a baseline is written whole, for every bot and environment", help="leave --env and --bot out")


def _write_baseline(where: Where, compilation: "Compilation") -> None:
    """Write what rules find into the desk's baseline; raise DeskcError where that cannot be done."""
    from deskc.content.listed import baseline_text, is_baselined
    from deskc.core.decisions import BASELINE
    from deskc.publish.files import replace

    prepared = compilation.prepared
    if where.bare or prepared.layers is None:
        raise DeskcError("a baseline is written beside a desk.yaml that can be read", help="run deskc check first")
    adopted = [
        finding for finding in (*compilation.findings, *compilation.hidden.baselined) if is_baselined(finding.code)
    ]
    file = where.root / where.folder / BASELINE
    if adopted or file.exists():
        replace(file, baseline_text(adopted, prepared.decisions.baseline).encode())


def _base(
    where: Where, reading: "Objects", revision: str | None, *, required: bool, known: "Prepared"
) -> "Prepared | None":
    """Prepare what a change is compared with; None where there is nothing to compare with and nobody asked."""
    from deskc.pipeline import prepare
    from deskc.stages.read import CommitSource

    if revision is None:
        return None
    try:
        return prepare(CommitSource(reading, revision), where.folder, with_rules=False, known=known)
    except DeskcError:
        if required:
            raise
        return None  # a first commit is still to come


def _titles(compilation: "Compilation") -> "Callable[[str], str]":
    """Return what finds a code's title: the desk's own rules bring theirs, the compiler's stand in its catalogue."""
    own = {rule.code: rule.title for rule in compilation.prepared.rules}

    def title(code: str) -> str:
        from deskc.core.codes import CODES  # only some formats write titles

        return own.get(code) or (CODES[code].title if code in CODES else code)

    return title


def _changed_lines(before: "Tree", after: "Tree") -> frozenset[tuple[str, int]]:
    """Return the lines (path, number from 1) that are not as they were."""
    from difflib import SequenceMatcher  # only one format needs it

    changed: set[tuple[str, int]] = set()
    for path, data in after.files.items():
        old, new = before.files.get(path, b"").splitlines(), data.splitlines()
        if old != new:
            for kind, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
                changed.update((path, line + 1) for line in range(start, end) if kind != "equal")
    return frozenset(changed)


def _changes(before: "Prepared | None", after: "Prepared", selection: "Selection") -> str:
    """Return one line a scope that would trade differently than before."""
    if before is None or before.layers is after.layers:
        return ""
    from deskc.plan.changed_scopes import changed_scope_lines
    from deskc.plan.changes import changes

    found = changes(before, after, selection)
    return "".join(f"{line}\n" for line in changed_scope_lines(found)) if found is not None else ""
