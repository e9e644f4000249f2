"""Frozen snapshots (ARCHITECTURE 4) and the build records that name where they came from."""

from collections.abc import Mapping
from typing import Any, NamedTuple, NewType

from deskc.core.canonical import Digest

__all__ = ["FORMAT", "Build", "Commit", "ScopeRow", "Sha", "Snapshot"]

FORMAT = "deskc-snapshot/1"

Sha = NewType("Sha", str)


class ScopeRow(NamedTuple):
    """One scope as the snapshot's header lists it; `length` is its line's bytes without the newline."""

    coin: str | None
    side: str | None
    arm: str | None
    config_version: str | None
    params_digest: Digest
    line_digest: Digest
    length: int


class Snapshot(NamedTuple):
    """All scopes of one (environment, bot), frozen: the header's line, then a line for each row, all without newlines.

    `trading` holds, row by row, the canonical JSON of the trading sections that `params_digest` covers: of a coin, a
    view of that part of its line.
    """

    environment: str
    bot: str
    digest: Digest
    header: bytes
    rows: tuple[ScopeRow, ...]
    lines: tuple[bytes, ...]
    trading: tuple[bytes | memoryview, ...]

    def data(self) -> bytes:
        """Return the file's bytes."""
        return b"\n".join((self.header, *self.lines, b""))


class Commit(NamedTuple):
    """A commit as the ledger keeps it; times are unix seconds, parents first parent first."""

    sha: Sha
    parents: tuple[Sha, ...]
    author: str
    author_email: str
    authored_at: int
    committed_at: int
    subject: str


class Build(NamedTuple):
    """The record that a commit with these rules, schemas and facts gave this snapshot.

    Its key is commit, environment, bot and compiler version.
    """

    commit: Sha
    environment: str
    bot: str
    digest: Digest
    rules_digest: Digest
    schemas_digest: Digest
    markets_digest: Digest
    compiler_version: str

    def record(self) -> Mapping[str, Any]:
        """Return the record as the JSON object that channels carry."""
        return self._asdict()
