"""Compile a desk whose files lie on no disk."""

from collections.abc import Iterator, Mapping, Sequence

from deskc.core.resolved import Scope
from deskc.gitio.objects import Entry
from deskc.pipeline import Compilation, compile_desk, prepare, scopes_of


class InMemory:
    """A source of files that are nowhere else."""

    commit = None
    now = 0

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}

    def entries(self, folders: Sequence[str]) -> Sequence[Entry]:
        """Return what lies below folders, in the order in which it was given."""
        return [Entry(path, "100644", "") for path in self.files if path.startswith(tuple(folders))]

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | None]:
        """Return each file's bytes."""
        return (self.files[entry.path] for entry in entries)

    def signer(self, allowed_signers: bytes) -> str | None:  # noqa: ARG002 - nothing here is a commit
        """Return None."""
        return None


def compile_clean(files: Mapping[str, str], *, with_rules: bool = True) -> Compilation:
    """Compile a desk in which nothing is wrong; a note, such as that no market facts are known, may remain."""
    compilation = compile_desk(prepare(InMemory(files), "", with_rules=with_rules))
    assert [finding for finding in compilation.findings if finding.severity != "note"] == []
    return compilation


def resolve_clean(files: Mapping[str, str], *, with_rules: bool = True) -> tuple[Scope, ...]:
    """Return every scope of a desk, once the desk has compiled without an error or a warning."""
    prepared = compile_clean(files, with_rules=with_rules).prepared
    assert prepared.layers is not None
    return tuple(scope for target in prepared.layers.targets for scope in scopes_of(prepared, target).value)
