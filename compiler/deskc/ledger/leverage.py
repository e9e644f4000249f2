"""Keeps what venues had of coins' leverage, and reads the newest of each."""

import sqlite3

from deskc.ledger.ledger import LeverageRow
from deskc.ledger.read import where
from deskc.ledger.sqlite import transaction

__all__ = ["leverage", "record_leverage"]

_INSERT = """
INSERT INTO leverage_status (
    environment, bot_id, account, coin, symbol, configured, actual, margin_type, last_attempt_ns, error, at_ns
) VALUES (
    :environment, :bot, :account, :coin, :symbol, :configured, :actual, :margin_type,
    coalesce(:last_attempt_ns, (
        SELECT last_attempt_ns FROM leverage_status
        WHERE environment = :environment AND bot_id = :bot AND coin = :coin AND account IS :account
        ORDER BY id DESC LIMIT 1
    )), :error, :at_ns
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
    with transaction(connection):
        connection.execute(_INSERT, row._asdict())


def leverage(connection: sqlite3.Connection, wanted: dict[str, str | None]) -> tuple[LeverageRow, ...]:
    """Return the newest row of each account and coin with these columns; None asks for any."""
    condition, values = where(wanted)
    return tuple(LeverageRow(*row) for row in connection.execute(_NEWEST.format(condition), values))
