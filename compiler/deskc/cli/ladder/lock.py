"""deskc ladder lock."""

from typing import TYPE_CHECKING

import typer

from deskc.cli.ladder_numbers import extra
from deskc.cli.options import Color, Desk, Output, coloured, write
from deskc.cli.where import find_desk, now
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.findings import Finding
    from deskc.pipeline import Prepared


def command(desk: Desk = None, output: Output = None, color: Color = "auto") -> None:
    """Measures the working tree's ladders and presets, and the kernels, into the desk's ladders.lock.yaml.

    Seed, evaluations and tolerance stay as the file has them. What it changes there is to be reviewed like any change.
    """
    where = find_desk(desk)
    if where.bare and output is None:
        raise DeskcError("a lock is written into a working tree, and there is none", help="name a file with -o")
    with extra("ladder lock"):
        from deskc.core.decisions import LADDERS
        from deskc.pipeline import prepare
        from deskc.publish.files import replace
        from deskc.stages.read import WorktreeSource
        from deskc.tuning.lock import Budget, lock_of, lock_text
        from deskc.tuning.measure import measure, subjects

        prepared = prepare(WorktreeSource(where.root, now()), where.folder, with_rules=False)
        known, found = lock_of(prepared.tree, where.folder), subjects(prepared)
        if found.findings or known.findings:
            typer.echo(told(prepared, (*found.findings, *known.findings), color=coloured(color, None)), nl=False)
            raise typer.Exit(1)
        budget = known.value.budget if known.value else Budget()
        measured = measure(found.value, budget)
        if output is not None:
            write(lock_text(measured, budget), output)
            return
        replace(where.root / where.folder / LADDERS, lock_text(measured, budget).encode())
    counts = ", ".join(f"{len(entries)} {group}" for group, entries in measured.items())
    typer.echo(f"{where.folder}{LADDERS}: {counts}")


def told(prepared: "Prepared", findings: "tuple[Finding, ...]", *, color: bool) -> str:
    """Write findings as check does."""
    from deskc.core.findings import in_order
    from deskc.report.formats import render

    return render(in_order(findings), fmt="text", sources=prepared.tree.files.get, titles=str, color=color)
