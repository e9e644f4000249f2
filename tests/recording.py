"""A bot that records: a snapshot from a channel, a ledger, and what reads the ledger back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from deskc.ledger.migrate import migrate
from deskc.runtime.load import load
from deskc.runtime.snapshot import Snapshot
from snapshots import ScopeText, SnapshotText, publish

__all__ = ["COMMIT", "new_ledger", "rows", "snapshot"]

COMMIT = "c0ffee" * 6 + "c0ff"


def snapshot(folder: Path, *, leverage: int = 3, commit: str = COMMIT) -> Snapshot:
    """Publish a snapshot of one coin without and one with sides, and load it as a bot does."""
    scopes = (
        ScopeText({"trading": {"leverage": leverage}}),
        ScopeText({"trading": {"leverage": 20}}, coin="BTCUSDT", side="LONG"),
        ScopeText({"trading": {"leverage": leverage}}, coin="ETH", config_version="1.2.0"),
    )
    publish(SnapshotText(scopes), folder, commit=commit)
    return load(folder, environment="production", bot="tradeengine")


def new_ledger(folder: Path) -> str:
    """Make a ledger and return its address."""
    url = f"sqlite:///{folder}/ledger.db"
    migrate(url)
    return url


def rows(url: str, query: str) -> list[Any]:
    """Return what a query says, as tuples, or as bare values where it asks for one column."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        found = connection.execute(query).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]
