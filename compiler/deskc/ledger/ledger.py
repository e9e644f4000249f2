"""What every ledger answers, whatever the database behind it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from deskc.core.canonical import Digest
from deskc.core.scopes import ScopeId, Target
from deskc.core.snapshots import Build, Commit, Sha, Snapshot
from deskc.ledger.runs import Runs

if TYPE_CHECKING:
    from deskc.runtime.frames import Record

__all__ = [
    "Activated",
    "Activation",
    "BuildRow",
    "Interval",
    "Ledger",
    "LeverageRow",
    "Method",
    "Refused",
    "Run",
    "RunStatus",
    "ScopeVersion",
]

Method = Literal["activate", "recorder", "backfill"]
"""Who says that a bot runs something: an operator, the bot itself, or a guess from its history."""


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


class Run(NamedTuple):
    """One bot at work; account and instance tell runs of one bot apart, and are None where there is only one."""

    environment: str
    bot: str
    account: str | None = None
    instance: str | None = None

    @property
    def apart(self) -> str:
        """What tells it from its twins, `account A, instance I`; empty where nothing does."""
        named = (("account", self.account), ("instance", self.instance))
        return ", ".join(f"{what} {name}" for what, name in named if name is not None)

    def __str__(self) -> str:
        """Return `environment/bot`, and in parentheses what tells it from its twins."""
        return f"{self.environment}/{self.bot}" + (f" ({self.apart})" if self.apart else "")


class Activation(NamedTuple):
    """A bot says: from now on I run this snapshot of this commit; time in unix nanoseconds."""

    run: Run
    digest: Digest
    commit: Sha
    method: Method
    activated_at_ns: int


class RunStatus(NamedTuple):
    """What a run activated last, and when and what its last heartbeat said; None and {} where it sent none."""

    run: Run
    commit: Sha
    digest: Digest
    activated_at_ns: int
    heartbeat_ns: int | None
    said: Mapping[str, Any]
    last_fill_ns: int | None


class Interval(NamedTuple):
    """A time through which a run traded by one version of a scope: until `ended_at_ns`, exclusive, None for still.

    `commit` and `snapshot_digest` are those that the run activated when the interval began.
    """

    scope: ScopeId
    run: Run
    config_version: str | None
    params_digest: Digest
    snapshot_digest: Digest
    commit: Sha
    method: Method
    started_at_ns: int
    ended_at_ns: int | None


class LeverageRow(NamedTuple):
    """What a venue had of a coin's leverage, in x, when it was asked, and what the settings wanted.

    `actual` and `margin_type` are None where it said nothing, `error` where nothing went wrong. `last_attempt_ns` is
    when something was last set there, None for never; times are unix nanoseconds.
    """

    environment: str
    bot: str
    account: str | None
    coin: str
    symbol: str | None
    configured: int
    actual: int | None
    margin_type: str | None
    last_attempt_ns: int | None
    error: str | None
    at_ns: int


class Activated(NamedTuple):
    """What an activation did: since when its run says this, the intervals it ended, and those it began.

    `recorded` is false where the run had said it before.
    """

    recorded: bool
    since_ns: int
    ended: tuple[Interval, ...] = ()
    begun: tuple[Interval, ...] = ()


class Refused(NamedTuple):
    """A record of a spool that no table takes, and why."""

    sequence: int
    reason: str


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

    def activate(self, activation: Activation, snapshot: Snapshot) -> Activated:
        """Record that a run goes over to a snapshot, ending and beginning the intervals of the scopes that changed.

        A scope changed where its label or its params digest is another, also where it came or went; the bot's own is
        one of them. All of it is written or nothing. What the run said last, said again, changes nothing; the same
        snapshot of another commit is recorded and moves no interval. What the ledger's builds say of the commit is not
        asked: another compiler may have built it. Raise DeskcError where the run's last activation is not earlier than
        this one.
        """

    def intervals(
        self, *, environment: str | None = None, bot: str | None = None, coin: str | None = None
    ) -> tuple[Interval, ...]:
        """Return the intervals, scope by scope and run by run in a snapshot's order, the newest first."""

    def statuses(self) -> tuple[RunStatus, ...]:
        """Return how each run that ever activated something is doing, by its own word."""

    def received(self, spool: str) -> int:
        """Return up to which sequence a spool's records are in the ledger, 0 where none is."""

    def receive(self, spool: str, records: "Sequence[Record]", *, at_ns: int) -> tuple[Refused, ...]:
        """Write a spool's records, in their order, and how far the spool has come, all in one transaction.

        Records that it has received before are left out, so that one is never there twice. Return those that no table
        takes; they count as received.
        """

    def record_leverage(self, row: LeverageRow) -> None:
        """Add what a venue had; a row without an attempt of its own keeps the time of the one before it."""

    def leverage(self, *, environment: str | None = None, bot: str | None = None) -> tuple[LeverageRow, ...]:
        """Return the newest row of each account and coin, in order."""

    def params(self, digest: Digest) -> str | None:
        """Return the canonical JSON of the trading sections with this digest, None where it was never recorded."""

    @property
    def runs(self) -> Runs:
        """Return what the ledger keeps of searches for ladders."""
