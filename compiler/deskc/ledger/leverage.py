"""Keeps what venues had of coins' leverage, and reads the newest of each."""

import sqlite3

from deskc.core.times import text
from deskc.ledger.ledger import LeverageRow
from deskc.ledger.read import where
from deskc.ledger.sqlite import transaction

__all__ = ["leverage", "record_leverage"]

_LAST_ATTEMPT = """
SELECT last_attempt_ns FROM leverage_status
WHERE environment = :environment AND bot_id = :bot AND coin = :coin AND account IS :account ORDER BY id DESC LIMIT 1
"""
_INSERT = """
INSERT INTO leverage_status (
    environment, bot_id, account, coin, symbol, configured, actual, margin_type, last_attempt, last_attempt_ns, error,
    at, at_ns
) VALUES (
    :environment, :bot, :account, :coin, :symbol, :configured, :actual, :margin_type, :last_attempt, :last_attempt_ns,
    :error, :at, :at_ns
)
"""
_NEWEST = """
SELECT environment, bot_id, account, coin, symbol, configured, actual, margin_type, last_attempt_ns, error, at_ns
FROM leverage_status WHERE id IN (
    SELECT max(id) FROM leverage_status {} GROUP BY environment, bot_id, account, coin
) ORDER BY environment, bot_id, account, coin
"""


def record_leverage(connection: sqlite3.Connection, row: LeverageRow) -> None:
    """Add a row; one that set nothing keeps the time of the attempt before it."""
    values = row._asdict()
    with transaction(connection):
        before: tuple[int | None] | None = connection.execute(_LAST_ATTEMPT, values).fetchone()
        tried = before[0] if before is not None and row.last_attempt_ns is None else row.last_attempt_ns
        values |= {"last_attempt_ns": tried, "last_attempt": None if tried is None else text(tried)}
        connection.execute(_INSERT, {**values, "at": text(row.at_ns)})


def leverage(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> tuple[LeverageRow, ...]:
    """Return the newest row of each account and coin with these columns; None asks for any."""
    condition, values = where(wanted)
    return tuple(LeverageRow(*row) for row in connection.execute(_NEWEST.format(condition), values))
