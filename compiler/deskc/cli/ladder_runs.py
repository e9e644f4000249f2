"""What the ladder's verbs share that run searches or read what runs left: ledger, workers, progress, limits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.ladder.settings import Settings
    from deskc.ledger.runs import Counts, Runs
    from deskc.tuning.optimize import Workers
    from deskc.tuning.run import Watch

__all__ = [
    "Cluster",
    "LadderLedger",
    "MaxTime",
    "NoProgress",
    "Threads",
    "deadline",
    "ledger_url",
    "open_runs",
    "save_settings",
    "span",
    "watching",
    "workers_of",
]

Threads = Annotated[int, typer.Option("--workers", metavar="N", help="Threads; 0 for one a core.")]
Cluster = Annotated[
    str | None, typer.Option("--cluster", metavar="URL", help="Work on this Dask cluster: tcp://HOST:PORT.")
]
MaxTime = Annotated[float | None, typer.Option("--max-time-sec", metavar="S", help="Stop after so many seconds.")]
LadderLedger = Annotated[
    str | None,
    typer.Option("--ledger", metavar="URL", help="The ledger, as a URL or a file; .deskc/ledger.db if left out."),
]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress.")]

_MOST_CELLS = 10_000


@contextmanager
def open_runs(named: str | None, *, create: bool = False) -> Iterator["Runs"]:
    """Open the ledger that was named by URL or file, else the desk's; outside a repository that of this folder."""
    from deskc.ledger.open import open_ledger
    from deskc.ledger.sqlite import location

    url = ledger_url(named, create=create)
    if not create and not location(url).exists():
        raise DeskcError(
            f"there is no ledger at {location(url)} yet",
            help="deskc ladder optimize makes one, or name yours with --ledger",
        )
    with open_ledger(url, create=create) as ledger:
        yield ledger.runs


def ledger_url(named: str | None, *, create: bool = False) -> str:
    """Return the URL of the ledger that was named, else of the desk's or this folder's, whose folder `create` makes."""
    from deskc.cli.where import Where, find_desk, own_ledger

    if named is not None:
        if not named:
            raise DeskcError("--ledger names nothing", help="name one; an unset variable may stand there")
        return named if "://" in named else f"sqlite:///{named}"
    try:
        where = find_desk(None)
    except DeskcError:
        where = Where(Path.cwd(), "")
    return own_ledger(where) if create else where.ledger


def workers_of(count: int, cluster: str | None) -> "Workers":
    """Return who works: so many threads, 0 for one a core, or a Dask cluster."""
    from deskc.tuning import workers

    if count < 0:
        raise DeskcError(f"--workers is {count}", help="give 0 for one thread a core, or how many")
    return partial(workers.threads, count=count) if cluster is None else partial(workers.cluster, address=cluster)


def deadline(seconds: float | None) -> float | None:
    """Return when so many seconds from now are over; raise DeskcError where that is no time."""
    if seconds is None:
        return None
    if not 0 < seconds < 1e9:  # noqa: PLR2004 - thirty years; no number is neither
        raise DeskcError(f"--max-time-sec is {seconds:g}", help="give seconds above 0")
    return time.monotonic() + seconds


@contextmanager
def watching(batches: int, *, shown: bool) -> Iterator["Watch"]:
    """Show progress on standard error where a person looks at it, and nothing anywhere else."""
    if not (shown and sys.stderr.isatty()):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("batch"), MofNCompleteColumn(), BarColumn(), TextColumn("{task.fields[best]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=batches, best="")

        def watch(counts: "Counts") -> None:
            best = "no ladder yet" if counts.best_score is None else f"J {counts.best_score:.6f}"
            progress.update(task, completed=counts.batches, best=f"{best}, {counts.evaluations} evaluations")

        yield watch


def save_settings(settings: "Settings", file: str) -> None:
    """Write the seven groups to a file that --config reads."""
    from json import dumps

    from deskc.cli.options import write
    from deskc.ladder.settings import to_mapping

    write(dumps(to_mapping(settings), ensure_ascii=True, indent=2, allow_nan=False) + "\n", file)


def span(option: str, text: str) -> tuple[float, ...]:
    """Read numbers as `10,20,30`, or from first to last as `10:30` or `10:30:5`; raise DeskcError for neither."""
    help_ = "write 10,20,30 or, from first to last by a step, 10:30:5"
    try:
        numbers = [float(part) for part in text.replace(":", ",").split(",")]
    except ValueError as error:
        raise DeskcError(f"{option} {text} is no range of numbers", help=help_) from error
    if ":" not in text:
        found = numbers
    else:
        first, last, step = (*numbers, 1.0)[:3] if len(numbers) in (2, 3) and "," not in text else (0.0, -1.0, 0.0)
        whole = step > 0 and last >= first and (last - first) / step < _MOST_CELLS
        found = [first + place * step for place in range(int((last - first) / step + 1e-9) + 1)] if whole else []
    if not found or not all(abs(number) < 1e9 for number in found):  # noqa: PLR2004 - no percent, no count; nor is NaN
        raise DeskcError(f"{option} {text} is no range of numbers", help=help_)
    return tuple(found)
