"""Where a channel points after a publish: a line a bot for people, one object for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from json import dumps
from typing import NamedTuple

from deskc.core.findings import Finding
from deskc.core.snapshots import Sha
from deskc.publish.publish import Publication
from deskc.report.json import record
from deskc.report.table import table

__all__ = ["Published", "published_json", "published_text"]


class Published(NamedTuple):
    """A channel, the commit that was published to it, each pointer, and what the publisher should know."""

    channel: str
    commit: Sha
    publications: Sequence[Publication]
    notes: Sequence[str]


def published_text(done: Published) -> str:
    """Write a line a pointer, how many moved, and each note."""
    rows = [
        (f"{one.environment}/{one.bot}", one.digest[:12], one.sequence, "moved" if one.changed else "as before")
        for one in done.publications
    ]
    moved = sum(one.changed for one in done.publications)
    said = f"Published commit {done.commit[:12]} to {done.channel}: {moved} of {len(rows)} pointers moved."
    return table(rows, ("bot", "snapshot", "sequence", "")) + "\n".join((said, *map(_sentence, done.notes), ""))


def published_json(done: Published, findings: Sequence[Finding]) -> str:
    """Write channel, commit, pointers, notes and findings; nothing was published where one of these is an error."""
    told = {
        "channel": done.channel,
        "commit": done.commit,
        "published": [asdict(one) for one in done.publications],
        "notes": list(done.notes),
        "findings": [record(finding) for finding in findings],
    }
    return dumps(told, ensure_ascii=False, indent=2) + "\n"


def _sentence(note: str) -> str:
    return f"Note: {note}"
