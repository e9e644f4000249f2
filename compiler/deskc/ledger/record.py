"""Records a build: its commit, its snapshot, the params of its scopes and how they changed."""

import sqlite3
from collections.abc import Iterable
from itertools import islice

from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Commit, Snapshot
from deskc.ledger.commits import keep_commit
from deskc.ledger.sqlite import transaction
from deskc.core.times import nanoseconds, text
from deskc.ledger.versions import Around, Key, Point, around, changed, recorded_scopes, rewrite, scopes_of

__all__ = ["record"]

# A thousand texts of two kilobytes hold the lock for some 10 ms, a tenth of what a writer may.
_CHUNK = 1000
_NEWEST = 2**62  # behind every ordinal

_KNOWN = """
SELECT snapshot_digest, rules_digest, schemas_digest, markets_digest FROM builds
WHERE commit_sha = ? AND environment = ? AND bot = ? AND compiler_version = ?
"""
# A cast spares Python the decoding: the bytes are UTF-8, as canonical JSON is.
_PARAMS = "INSERT OR IGNORE INTO scope_params VALUES (?, CAST(? AS TEXT))"
_SNAPSHOT = "INSERT OR IGNORE INTO snapshots (digest, environment, bot, header) VALUES (?, ?, ?, CAST(? AS TEXT))"
_BUILD = """
INSERT INTO builds (
    commit_sha, environment, bot, compiler_version, snapshot_digest, rules_digest, schemas_digest, markets_digest,
    ordinal, recorded_at, recorded_at_ns
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def record(
    connection: sqlite3.Connection, commit: Commit, build: Build, snapshot: Snapshot, *, recorded_at_ns: int
) -> bool:
    """Record a build with all it stands on and say whether it was new.

    Raise DeskcError where the same build was recorded with another outcome, ValueError where the three disagree.
    """
    _require_one_build(commit, build, snapshot)
    if _is_known(connection, build):
        return False
    _keep_many_params(connection, snapshot)
    with transaction(connection):
        if _is_known(connection, build):  # another process was faster
            return False
        _keep(connection, commit, build, snapshot, recorded_at_ns)
    return True


def _require_one_build(commit: Commit, build: Build, snapshot: Snapshot) -> None:
    frozen = (commit.sha, snapshot.environment, snapshot.bot, snapshot.digest)
    if (build.commit, build.environment, build.bot, build.digest) != frozen:
        msg = f"{build} does not record {frozen}"
        raise ValueError(msg)


def _is_known(connection: sqlite3.Connection, build: Build) -> bool:
    key = (build.commit, build.environment, build.bot, build.compiler_version)
    found = connection.execute(_KNOWN, key).fetchone()
    if found is not None and found != (build.digest, build.rules_digest, build.schemas_digest, build.markets_digest):
        msg = (
            f"commit {build.commit} gave {build.environment}/{build.bot} the snapshot {found[0][:12]} before "
            f"and {build.digest[:12]} now, or other rules, schemas or facts, with one deskc ({build.compiler_version})"
        )
        raise DeskcError(msg, help="give each desk of a repository a ledger of its own with --ledger")
    return found is not None


def _keep(
    connection: sqlite3.Connection, commit: Commit, build: Build, snapshot: Snapshot, recorded_at_ns: int
) -> None:
    """Write everything of a new build; the caller holds the transaction."""
    ordinal = keep_commit(connection, commit)
    neighbours = around(connection, Target(build.environment, build.bot), ordinal)
    stood = neighbours.same or neighbours.before
    if stood is None or stood.snapshot != snapshot.digest:
        _keep_snapshot(connection, commit, snapshot, neighbours)
    _insert_build(connection, build, ordinal, recorded_at_ns)


def _keep_snapshot(connection: sqlite3.Connection, commit: Commit, snapshot: Snapshot, neighbours: Around) -> None:
    scopes, earlier = scopes_of(snapshot), recorded_scopes(connection, neighbours.before)
    connection.executemany(_PARAMS, _params(snapshot, changed(earlier, scopes)).items())
    target = (snapshot.environment, snapshot.bot)
    connection.execute(_SNAPSHOT, (snapshot.digest, *target, snapshot.header))
    committed_at_ns = nanoseconds(commit.committed_at, of=f"commit {commit.sha}")
    here = Point(*target, commit.sha, committed_at_ns, snapshot.digest)
    rewrite(connection, here, scopes, earlier=earlier, neighbours=neighbours)


def _insert_build(connection: sqlite3.Connection, build: Build, ordinal: int, recorded_at_ns: int) -> None:
    key = (build.commit, build.environment, build.bot, build.compiler_version)
    digests = (build.digest, build.rules_digest, build.schemas_digest, build.markets_digest)
    connection.execute(_BUILD, (*key, *digests, ordinal, text(recorded_at_ns), recorded_at_ns))


def _params(snapshot: Snapshot, fresh: Iterable[Key]) -> dict[str, bytes]:
    """Return the trading sections of these scopes by digest; those that did not change are recorded already."""
    wanted = set(fresh)
    rows = zip(snapshot.rows, snapshot.trading, strict=True)
    return {row.params_digest: trading for row, trading in rows if (row.coin, row.side, row.arm) in wanted}


def _keep_many_params(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Write the params of a large snapshot ahead, a short transaction a chunk; content-addressed, they harm nobody."""
    if len(snapshot.rows) <= _CHUNK:
        return
    newest = around(connection, Target(snapshot.environment, snapshot.bot), _NEWEST).before
    fresh = changed(recorded_scopes(connection, newest), scopes_of(snapshot))
    waiting = iter(_params(snapshot, fresh).items())
    while chunk := list(islice(waiting, _CHUNK)):
        with transaction(connection):
            connection.executemany(_PARAMS, chunk)
