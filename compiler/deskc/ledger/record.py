"""Records the builds of a commit: their snapshots, the params of their scopes and how those changed."""

import sqlite3
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import NamedTuple, cast

from deskc.core.errors import DeskcError
from deskc.core.scopes import Target
from deskc.core.snapshots import Build, Commit, Snapshot
from deskc.core.times import text
from deskc.ledger.commits import keep_commit
from deskc.ledger.sqlite import transaction
from deskc.ledger.versions import Key, Point, Scopes, around, changed, recorded_scopes, rewrite, scopes_of

__all__ = ["PARAMS", "SNAPSHOT", "record"]

# So many new rows end a transaction. Each transaction writes the pages that it shares with the one before again, but a
# writer may hold the lock for 100 ms: 6,000 scopes, two new rows each, hold it for 40 to 75.
_ROWS = 12_000
_NEWEST = 2**62  # behind every ordinal

_KNOWN = """
SELECT snapshot_digest, rules_digest, schemas_digest, markets_digest FROM builds
WHERE commit_sha = ? AND environment = ? AND bot = ? AND compiler_version = ?
"""
# A cast spares Python the decoding: the bytes are UTF-8, as canonical JSON is.
PARAMS = "INSERT OR IGNORE INTO scope_params VALUES (?, CAST(? AS TEXT))"
SNAPSHOT = "INSERT OR IGNORE INTO snapshots (digest, environment, bot, header) VALUES (?, ?, ?, CAST(? AS TEXT))"
_BUILD = """
INSERT INTO builds (
    commit_sha, environment, bot, compiler_version, snapshot_digest, rules_digest, schemas_digest, markets_digest,
    ordinal, recorded_at, recorded_at_ns
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class _Place(NamedTuple):
    """Where builds come to stand: their commit's ordinal, and the time of recording."""

    ordinal: int
    recorded_at_ns: int


def record(
    connection: sqlite3.Connection, commit: Commit, made: Sequence[tuple[Build, Snapshot]], *, recorded_at_ns: int
) -> frozenset[Target]:
    """Record builds of one commit with all they stand on and return the targets that they changed; see Ledger.

    Raise DeskcError where a build was recorded with another outcome, ValueError where a build, its commit and its
    snapshot disagree.
    """
    for build, snapshot in made:
        _require_one_build(commit, build, snapshot)
    waiting = deque(one for one in made if not _is_known(connection, one[0]))
    ahead = {digest for _, snapshot in waiting for digest in _keep_many_params(connection, snapshot)}
    moved: set[Target] = set()
    while waiting:
        with transaction(connection):
            place = _Place(keep_commit(connection, commit), recorded_at_ns)
            begun = connection.total_changes
            while waiting and connection.total_changes - begun < _ROWS:
                build, snapshot = waiting.popleft()
                if _keep(connection, build, snapshot, place=place, ahead=ahead):
                    moved.add(Target(build.environment, build.bot))
    return frozenset(moved)


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
    connection: sqlite3.Connection, build: Build, snapshot: Snapshot, *, place: _Place, ahead: Collection[str]
) -> bool:
    """Write everything of a new build and say whether its target changed; the caller holds the transaction."""
    if _is_known(connection, build):  # another process was faster
        return False
    target = Target(build.environment, build.bot)
    neighbours = around(connection, target, place.ordinal)
    stood = neighbours.same or neighbours.before
    if stood is not None and stood.snapshot == build.digest:
        _insert_build(connection, build, place)
        return False
    connection.execute(SNAPSHOT, (snapshot.digest, *target, snapshot.header))
    here = Point(target, place.ordinal, _insert_build(connection, build, place), snapshot.digest)
    scopes, earlier = scopes_of(snapshot), recorded_scopes(connection, neighbours.before)
    texts = _params(snapshot, scopes, changed(earlier, scopes))
    connection.executemany(PARAMS, [one for one in texts.items() if one[0] not in ahead])
    rewrite(connection, here, scopes, earlier=earlier, neighbours=neighbours)
    return True


def _insert_build(connection: sqlite3.Connection, build: Build, place: _Place) -> int:
    """Write the build and return its id."""
    key = (build.commit, build.environment, build.bot, build.compiler_version)
    digests = (build.digest, build.rules_digest, build.schemas_digest, build.markets_digest)
    row = (*key, *digests, place.ordinal, text(place.recorded_at_ns), place.recorded_at_ns)
    return cast("int", connection.execute(_BUILD, row).lastrowid)


def _params(snapshot: Snapshot, scopes: Scopes, fresh: Iterable[Key]) -> dict[str, bytes | memoryview]:
    """Return the trading sections of these scopes by digest; those that did not change are recorded already."""
    texts = dict(zip(scopes, snapshot.trading(), strict=True))
    return {scopes[key][1]: texts[key] for key in fresh}


def _keep_many_params(connection: sqlite3.Connection, snapshot: Snapshot) -> Collection[str]:
    """Write the params of a large snapshot ahead, a short transaction a chunk, and return their digests.

    They are addressed by their content, so they harm nobody where the build does not follow.
    """
    if len(snapshot.rows) <= _ROWS:
        return ()
    newest = around(connection, Target(snapshot.environment, snapshot.bot), _NEWEST).before
    scopes = scopes_of(snapshot)
    texts = _params(snapshot, scopes, changed(recorded_scopes(connection, newest), scopes))
    waiting = iter(texts.items())
    while chunk := list(islice(waiting, _ROWS)):
        with transaction(connection):
            connection.executemany(PARAMS, chunk)
    return texts.keys()
