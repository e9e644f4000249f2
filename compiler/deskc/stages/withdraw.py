"""Refuse settings that were withdrawn: the quarantine names them by their params digest."""

from collections.abc import Iterable, Iterator

from deskc.core.decisions import Withdrawn
from deskc.core.desk import Bot
from deskc.core.findings import Finding, error
from deskc.core.scopes import ScopeId
from deskc.core.snapshots import Snapshot

__all__ = ["withdraw"]


def withdraw(snapshot: Snapshot, quarantine: Iterable[Withdrawn], bot: Bot) -> Iterator[Finding]:
    """Yield an error for each scope of a snapshot whose settings were withdrawn for its bot, under any of its ids."""
    ids = (bot.id, *bot.formerly)
    listed = {(entry.coin, entry.params_digest): entry for entry in quarantine if entry.bot in ids}
    for row in snapshot.rows if listed else ():
        entry = listed.get((row.coin, row.params_digest))
        if entry is not None:
            scope = ScopeId(snapshot.environment, snapshot.bot, row.coin, row.side, row.arm)
            shown = f"{entry.bot}/{entry.coin}" if entry.coin else entry.bot
            message = f"the settings {entry.params_digest[:8]} were withdrawn for {shown}: {entry.reason.rstrip('.')}"
            way_out = "change what trades; to trust these settings again, let their line of the quarantine be reviewed"
            yield error("QUAR001", message, way_out, entry.place, scopes=(scope,))
