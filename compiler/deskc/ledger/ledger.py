"""What every ledger answers, whatever the database behind it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from deskc.core.canonical import Digest
from deskc.core.scopes import ScopeId, Target
from deskc.core.snapshots import Build, Commit, Sha, Snapshot

__all__ = ["BuildRow", "Ledger", "ScopeVersion"]


class BuildRow(NamedTuple):
    """A recorded build, with its commit's time in unix seconds."""

    build: Build
    committed_at: int
    recorded_at_ns: int


class ScopeVersion(NamedTuple):
    """What a scope became with `first_commit`: other than in the recorded commit before; time in unix seconds."""

    scope: ScopeId
    config_version: str | None
    params_digest: Digest
    snapshot_digest: Digest
    first_commit: Sha
    first_committed_at: int


class Ledger(Protocol):
    """A ledger that is open; every method raises DeskcError where the database fails.

    Commits stand in the order of their committer times; within one second a parent stands before its child where the
    ledger knows both when the second is recorded, otherwise in the order of recording. Recording a commit older than
    others mends the versions after it, so the order of recording never decides what the ledger says.
    """

    def record(
        self, commit: Commit, made: Sequence[tuple[Build, Snapshot]], *, recorded_at_ns: int
    ) -> frozenset[Target]:
        """Record builds of one commit with all they stand on, each whole or not at all; twice changes nothing.

        Return the targets that the new ones changed: whose snapshot is another than what was recorded of this commit,
        or else of the commit before it. Raise DeskcError where the same commit, target and compiler were recorded
        with another outcome.
        """

    def builds(
        self, *, environment: str | None = None, bot: str | None = None, commit: Sha | None = None
    ) -> tuple[BuildRow, ...]:
        """Return the builds, those of the newest commit first."""

    def scope_versions(
        self, *, environment: str | None = None, bot: str | None = None, coin: str | None = None
    ) -> tuple[ScopeVersion, ...]:
        """Return how scopes changed, scope by scope in a snapshot's order, the newest version first."""

    def params(self, digest: Digest) -> str | None:
        """Return the canonical JSON of the trading sections with this digest, None where it was never recorded."""
