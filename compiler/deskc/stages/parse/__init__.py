"""Read YAML strictly: YAML 1.2 core scalars, every value with its place, nothing that hides meaning."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from deskc.core.documents import Document, Tree
from deskc.core.outcome import Outcome
from deskc.stages.parse.characters import refused
from deskc.stages.parse.limits import MAX_BYTES, MAX_DEPTH
from deskc.stages.parse.lines import read_lines

if TYPE_CHECKING:
    from deskc.core.findings import Finding

__all__ = ["MAX_BYTES", "MAX_DEPTH", "parse", "parse_file"]


def parse(files: Iterable[str], tree: Tree) -> Outcome[Mapping[str, Document]]:
    """Parse the named files of a tree; every file has a document, a broken one where it holds an error."""
    documents: dict[str, Document] = {}
    findings: list[Finding] = []
    for path in files:
        outcome = parse_file(path, tree.files[path])
        documents[path] = outcome.value
        findings += outcome.findings
    return Outcome(documents, tuple(findings))


def parse_file(path: str, data: bytes) -> Outcome[Document]:
    """Parse one file; an error leaves a broken document that still says where things stand."""
    hidden = refused(path, data)
    if hidden:
        return Outcome(Document(path, {}, {}, {}, {}, dollar=False, broken=True), (hidden,))
    document = read_lines(path, data.decode())
    if document is not None:
        return Outcome(document)
    from deskc.stages.parse.events import read_events  # noqa: PLC0415 - libyaml's import, where a file needs it

    return read_events(path, data)
