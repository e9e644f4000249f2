"""Opens the ledger that a URL names."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from deskc.core.canonical import Digest
from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Commit, Sha, Snapshot
from deskc.ledger import read
from deskc.ledger.activate import activate
from deskc.ledger.intervals import intervals
from deskc.ledger.ledger import (
    Activated,
    Activation,
    BuildRow,
    Interval,
    Ledger,
    LeverageRow,
    Refused,
    RunStatus,
    ScopeVersion,
)
from deskc.ledger.migrate import bring_up_to_date, pending, shipped
from deskc.ledger.record import record
from deskc.ledger.runs import Runs
from deskc.ledger.sqlite import BUSY_TIMEOUT_S, connect, explained, location, write_ahead
from deskc.ledger.sqlite_runs import SqliteRuns
from deskc.ledger.statuses import statuses

if TYPE_CHECKING:
    from deskc.runtime.frames import Record

__all__ = ["SqliteLedger", "open_ledger"]


class SqliteLedger(NamedTuple):
    """A Ledger in one SQLite file; its connection stays in the thread that opened it."""

    connection: sqlite3.Connection
    path: Path

    def record(
        self, commit: Commit, made: Sequence[tuple[Build, Snapshot]], *, recorded_at_ns: int
    ) -> frozenset[Target]:
        """Record builds in as few transactions as keep each short; see Ledger."""
        with explained(self.path):
            return record(self.connection, commit, made, recorded_at_ns=recorded_at_ns)

    def builds(
        self, *, environment: str | None = None, bot: str | None = None, commit: Sha | None = None
    ) -> tuple[BuildRow, ...]:
        """Return the builds, those of the newest commit first."""
        with explained(self.path):
            return read.builds(self.connection, {"environment": environment, "bot": bot, "commit_sha": commit})

    def scope_versions(
        self, *, environment: str | None = None, bot: str | None = None, coin: str | None = None
    ) -> tuple[ScopeVersion, ...]:
        """Return how scopes changed, scope by scope, the newest version first."""
        with explained(self.path):
            return read.scope_versions(self.connection, {"environment": environment, "bot": bot, "coin": coin})

    def activate(self, activation: Activation, snapshot: Snapshot) -> Activated:
        """Record that a run goes over to a snapshot, in one transaction; see Ledger."""
        with explained(self.path):
            return activate(self.connection, activation, snapshot)

    def intervals(
        self, *, environment: str | None = None, bot: str | None = None, coin: str | None = None
    ) -> tuple[Interval, ...]:
        """Return the intervals, scope by scope and run by run, the newest first."""
        with explained(self.path):
            return intervals(self.connection, {"environment": environment, "bot_id": bot, "coin": coin})

    def received(self, spool: str) -> int:
        """Return up to which sequence a spool's records are in the ledger."""
        from deskc.ledger.receive import received  # noqa: PLC0415 - the bot's side, which few commands need

        with explained(self.path):
            return received(self.connection, spool)

    def receive(self, spool: str, records: "Sequence[Record]", *, at_ns: int) -> tuple[Refused, ...]:
        """Write a spool's records in one transaction; see Ledger."""
        from deskc.ledger.receive import receive  # noqa: PLC0415 - as received

        with explained(self.path):
            return receive(self.connection, spool, records, at_ns=at_ns)

    def statuses(self) -> tuple[RunStatus, ...]:
        """Return how each run is doing, by its own word."""
        with explained(self.path):
            return statuses(self.connection)

    def record_leverage(self, row: LeverageRow) -> None:
        """Add what a venue had of a coin's leverage; see Ledger."""
        from deskc.ledger.leverage import record_leverage  # noqa: PLC0415 - only what talks to venues needs it

        with explained(self.path):
            record_leverage(self.connection, row)

    def leverage(self, *, environment: str | None = None, bot: str | None = None) -> tuple[LeverageRow, ...]:
        """Return the newest row of each account and coin."""
        from deskc.ledger.leverage import leverage  # noqa: PLC0415 - as record_leverage

        with explained(self.path):
            return leverage(self.connection, {"environment": environment, "bot_id": bot})

    def params(self, digest: Digest) -> str | None:
        """Return the trading sections with this digest as canonical JSON."""
        with explained(self.path):
            return read.params(self.connection, digest)

    @property
    def runs(self) -> Runs:
        """Return what the ledger keeps of searches for ladders."""
        return SqliteRuns(self.connection, self.path)


@contextmanager
def open_ledger(url: str, *, create: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[Ledger]:
    """Open a ledger; with `create`, make it or bring it up to date first.

    Raise DeskcError where it is missing, older or newer than this deskc, damaged, locked or out of reach.
    """
    path = location(url)
    if not create and not path.exists():
        msg = f"there is no ledger at {path} yet"
        raise DeskcError(msg, help="run deskc compile, which makes one, or name yours with --ledger")
    with ExitStack() as stack:
        with explained(path):
            connection = stack.enter_context(closing(connect(path, create=create, busy_timeout_s=busy_timeout_s)))
            migrations = shipped()
            applied = bring_up_to_date(connection, path, migrations) if create else ()
            if applied and applied == migrations:
                stack.callback(_write_ahead_from_now_on, connection)
            elif create:
                write_ahead(connection)
            missing = pending(connection, path, migrations)
        if missing:
            msg = f"the ledger {path} lacks {missing[0].name}, which this deskc needs"
            raise DeskcError(msg, help="run deskc compile, which brings it up to date after a backup")
        yield SqliteLedger(connection, path)


def _write_ahead_from_now_on(connection: sqlite3.Connection) -> None:
    """Change the journal of a ledger that was made just now.

    Until here it had none to speak of: what a first compile adds to an empty file is written once, not twice. Whoever
    opens the ledger next to record is told of what goes wrong here.
    """
    with suppress(sqlite3.OperationalError):
        write_ahead(connection)
