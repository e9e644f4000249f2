"""Reads what each run says of itself: what it activated last, its last sign of life, and its last fill."""

import json
import sqlite3

from deskc.core.canonical import Digest
from deskc.core.snapshots import Sha
from deskc.ledger.ledger import Run, RunStatus

__all__ = ["statuses"]

_RUNS = """
SELECT a.environment, a.bot_id, a.account, a.instance, a.git_sha, a.snapshot_digest, max(a.activated_at_ns),
    (SELECT max(ts_ns) FROM fills AS f WHERE f.environment = a.environment AND f.bot_id = a.bot_id
        AND f.account IS a.account AND f.instance IS a.instance),
    h.ts_ns, h.details_json
FROM activations AS a LEFT JOIN heartbeats AS h ON h.environment = a.environment AND h.bot_id = a.bot_id
    AND h.account IS a.account AND h.instance IS a.instance
GROUP BY a.environment, a.bot_id, a.account, a.instance
ORDER BY a.environment, a.bot_id, a.account, a.instance
"""


def statuses(connection: sqlite3.Connection) -> tuple[RunStatus, ...]:
    """Return one status a run, in order; of a bare column beside max() SQLite takes the row that has it."""
    found = []
    for environment, bot, account, instance, commit, digest, activated, fill, beat, details in connection.execute(
        _RUNS
    ):
        run = Run(environment, bot, account, instance)
        said = json.loads(details) if details else {}
        known = said if isinstance(said, dict) else {}
        found.append(RunStatus(run, Sha(commit), Digest(digest), activated, beat, known, fill))
    return tuple(found)
