"""Add to a desk that is there: judged before anything is written, then written whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from deskc.core.errors import DeskcError
from deskc.core.findings import Finding
from deskc.edit.place import in_the_way, placed
from deskc.gitio.objects import Entry
from deskc.pipeline import Compilation, Prepared, compile_desk, prepare
from deskc.publish.files import replace
from deskc.stages.read import Source

__all__ = ["Addition", "add", "introduced", "overlaid", "with_addition"]


class Addition(NamedTuple):
    """New files, and the whole new text of files that are there; both by path from the repository's root."""

    files: Mapping[str, str]
    edits: Mapping[str, str] = {}


class _With:
    """A tree as it will be once an addition is written."""

    commit = None

    def __init__(self, source: Source, texts: Mapping[str, str]) -> None:
        self.source = source
        self.texts = texts
        self.now = source.now

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """Return what lies below folders, added files too."""
        own = [Entry(path, "100644", "") for path in self.texts if path.startswith(tuple(folders))]
        return [*(entry for entry in self.source.entries(folders) if entry.path not in self.texts), *own]

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | None]:
        """Return each file's bytes."""
        for entry in entries:
            text = self.texts.get(entry.path)
            yield from self.source.contents([entry]) if text is None else (text.encode(),)

    def signer(self, allowed_signers: bytes) -> str | None:
        """Return who signed what the source holds."""
        return self.source.signer(allowed_signers)


def with_addition(source: Source, folder: str, addition: Addition) -> Compilation:
    """Compile the desk in a folder of a source as it would be with an addition."""
    return compile_desk(prepare(overlaid(source, addition), folder))


def overlaid(source: Source, addition: Addition) -> Source:
    """Return a source as it will be once an addition is written there; what it holds is of no commit."""
    return _With(source, {**addition.files, **addition.edits})


def introduced(before: Prepared, after: Compilation) -> tuple[Finding, ...]:
    """Return the errors that an addition brings: those that the desk does not have without it."""
    if not after.failed:
        return ()
    known = {finding.fingerprint for finding in compile_desk(before).findings}
    return tuple(one for one in after.findings if one.severity == "error" and one.fingerprint not in known)


def add(root: Path, addition: Addition) -> None:
    """Write an addition into the working tree; raise DeskcError, with nothing written, where something is in the way.

    Files that are there change last, each at once, so that a failure leaves them as they were.
    """
    found = sorted({name for path in addition.files for name in in_the_way(root, PurePosixPath(path))})
    if found:
        msg = f"{found[0]} is in the way"
        raise DeskcError(msg, help="move it, or give what you add another name")
    with placed(root, addition.files):
        for path, text in addition.edits.items():
            replace(root / path, text.encode())
