"""Frozen snapshots (ARCHITECTURE 4) and the build records that name where they came from."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NewType

from deskc.core.canonical import Digest, encode
from deskc.core.errors import DeskcError

__all__ = ["FORMAT", "Build", "Commit", "ScopeRow", "Sha", "Snapshot", "frame"]

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
    """All scopes of one (environment, bot), frozen: the header's line, and a line for each row.

    `body` holds the rows' lines, each with its newline, or is the file that holds header and lines: a fleet's snapshots
    together are too large to keep. `bot_trading` is the canonical JSON of the bot level's trading sections, which
    its line holds among others.
    """

    environment: str
    bot: str
    digest: Digest
    header: bytes
    rows: tuple[ScopeRow, ...]
    bot_trading: bytes
    body: bytes | Path

    def lines(self) -> bytes:
        """Return the rows' lines; raise DeskcError where their file has gone or is not what was frozen."""
        if isinstance(self.body, bytes):
            return self.body
        try:
            data = self.body.read_bytes()
        except OSError as error:
            raise DeskcError(f"{self.body} cannot be read: {error.strerror}", help="compile again") from error
        if not data.startswith(self.header + b"\n") or len(data) != self.size():
            raise DeskcError(f"{self.body} is not what was compiled", help="compile again; something else writes there")
        return data[len(self.header) + 1 :]

    def size(self) -> int:
        """Return the file's size in bytes."""
        return len(self.header) + 1 + sum(row.length + 1 for row in self.rows)

    def data(self) -> bytes:
        """Return the file's bytes."""
        return b"%b\n%b" % (self.header, self.lines())

    def params(self) -> tuple[memoryview, ...]:
        """Return, row by row, the canonical JSON of the sections that its line holds, as views of the lines."""
        lines = memoryview(self.lines())
        found: list[memoryview] = []
        start = 0
        for row in self.rows:
            before, after = frame(row.coin, row.side, row.arm, row.config_version)
            end = start + row.length
            found.append(lines[start + len(before) : end - len(after)])
            start = end + 1
        return tuple(found)

    def trading(self) -> tuple[bytes | memoryview, ...]:
        """Return, row by row, the canonical JSON that `params_digest` covers: of a coin, all that its line holds."""
        return tuple(text if row.coin else self.bot_trading for row, text in zip(self.rows, self.params(), strict=True))


@lru_cache(maxsize=1 << 12)
def frame(coin: str | None, side: str | None, arm: str | None, config_version: str | None) -> tuple[bytes, bytes]:
    """Return what stands before and after the params in a scope's line (RFC 8785: keys in order)."""
    arm, coin, side, version = (encode(text) for text in (arm, coin, side, config_version))
    before = f'{{"arm":{arm},"coin":{coin},"config_version":{version},"params":'
    return before.encode(), f',"side":{side}}}'.encode()


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
