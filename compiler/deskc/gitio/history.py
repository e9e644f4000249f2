"""Who changed what and when: first parents, the author of a line, the signer of a commit."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

from deskc.core.errors import DeskcError
from deskc.core.snapshots import Commit, Sha
from deskc.gitio import command
from deskc.gitio.objects import Objects

__all__ = ["LineAuthor", "blame_line", "first_parents", "signature"]

_AT_ONCE = 64


class LineAuthor(NamedTuple):
    """Who wrote a line: its commit, the author's name, the committer's unix seconds, the line's number back then."""

    sha: Sha
    author: str
    committed_at: int
    line: int


def first_parents(root: Path, sha: Sha, folders: Sequence[str]) -> Iterator[Commit]:
    """Yield the commits along first parents that touch folders ("" is the root), newest first, as git finds them.

    Parents are all that a commit names. In a shallow clone the oldest commit is still yielded, since its files are
    there, and what would follow raises DeskcError.
    """
    with Objects(root) as objects:
        sha = objects.commit(sha).sha  # so that only an id reaches the command line
        # Plumbing: unlike `git log` it obeys no log.* of the repository (follow, showSignature, mailmap, diffMerges).
        names = [PurePosixPath(folder).as_posix() for folder in folders]
        paths = [] if "." in names else names
        process = command.start(root, "rev-list", "--first-parent", sha, "--", *paths)
        try:
            lines = cast(IO[bytes], process.stdout)
            while some := [Sha(line.decode().strip()) for line in islice(lines, _AT_ONCE)]:
                yield from map(objects.commit, some)
            _finish(root, process)
        finally:
            _stop(process)
        (oldest,) = command.run(root, "rev-list", "--first-parent", "--max-parents=0", sha).stdout.decode().split()
        if objects.commit(oldest).parents:
            msg = f"{root} is a shallow clone whose history ends at {oldest}"
            raise DeskcError(msg, help=command.DEEPEN)
