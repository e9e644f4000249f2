"""What a compile made: a line a snapshot for people, one object for programs."""

from collections.abc import Iterator
from json import dumps
from typing import NamedTuple

from deskc.core.scopes import Target
from deskc.pipeline import Compilation
from deskc.report.json import record

__all__ = ["Compiled", "compiled_json", "compiled_text"]

_SHOWN = 3  # uncommitted files named one by one


class Compiled(NamedTuple):
    """A compilation whose snapshots are in their places, which targets changed, how many pointers moved of how many."""

    compilation: Compilation
    changed: frozenset[Target]
    moved: tuple[int, int]
    left_out: tuple[str, ...]
    seconds: float


def compiled_text(made: Compiled) -> str:
    """Write a line a snapshot, and what else a person should know."""
    return "\n".join((*_lines(made), *_notes(made), ""))


def _lines(made: Compiled) -> Iterator[str]:
    commit = made.compilation.prepared.commit
    targets = [Target(snapshot.environment, snapshot.bot) for snapshot in made.compilation.snapshots]
    width = max((len(str(target)) for target in targets), default=0)
    for target, snapshot in zip(targets, made.compilation.snapshots, strict=True):
        scopes = f"{len(snapshot.rows):,} scope{'s' if len(snapshot.rows) > 1 else ''}"
        state = "" if commit is None else "  changed" if target in made.changed else "  as before"
        yield f"{target!s:<{width}}  {snapshot.digest[:12]}  {scopes:>10}{state}"


def _notes(made: Compiled) -> Iterator[str]:
    commit = made.compilation.prepared.commit
    if commit is None:
        yield f"Uncommitted edits, frozen in {made.seconds:.2f} s; not recorded, and load wants allow_dirty=True."
        return
    yield f"Commit {commit.sha[:12]} compiled in {made.seconds:.2f} s."
    if made.moved[1]:
        yield f"Published: {made.moved[0]} of {made.moved[1]} pointers moved."
    if made.left_out:
        more = len(made.left_out) - _SHOWN
        yield f"Left out, not committed: {', '.join(made.left_out[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"


def compiled_json(made: Compiled) -> str:
    """Write ARCHITECTURE 7's object; where something was wrong nothing was written, so no snapshot is listed."""
    commit = made.compilation.prepared.commit
    snapshots = () if made.compilation.failed else made.compilation.snapshots
    told = {
        "commit": None if commit is None else commit.sha,
        "snapshots": [
            {
                "environment": snapshot.environment,
                "bot": snapshot.bot,
                "digest": snapshot.digest,
                "path": str(snapshot.body),
                "scopes": len(snapshot.rows),
                "changed": Target(snapshot.environment, snapshot.bot) in made.changed,
            }
            for snapshot in snapshots
        ],
        "findings": [record(finding) for finding in made.compilation.findings],
        "seconds": round(made.seconds, 6),
    }
    return dumps(told, ensure_ascii=False, indent=2) + "\n"
