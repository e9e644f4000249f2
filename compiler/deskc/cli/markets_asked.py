"""What the verbs of `deskc markets` share: the lock file that is meant, and the venue that is asked."""

import os
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskc.core.findings import Finding
    from deskc.exchange.facts import Told
    from deskc.exchange.lock import Locked
    from deskc.pipeline import Prepared

__all__ = ["Coins", "Exchange", "Meant", "Url", "ask", "meant"]

Exchange = Annotated[str, typer.Argument(metavar="EXCHANGE", help="The desk's name for the venue.")]
Coins = Annotated[list[str] | None, typer.Option("--coin", metavar="COIN", help="Only this coin; repeatable.")]
Url = Annotated[
    str | None, typer.Option("--exchange-url", metavar="URL", help="Ask this address instead of the venue's own.")
]


class Meant(NamedTuple):
    """A lock file of a desk: its path, what it says where it is there, and what bots trade at its venue."""

    path: str
    known: "Locked | None"
    traded: tuple[str, ...]
    findings: "tuple[Finding, ...]"


def meant(prepared: "Prepared", exchange: str) -> Meant:
    """Find an exchange's lock file in a prepared desk; raise DeskcError where the desk cannot be read."""
    from deskc.content import traded_coins
    from deskc.exchange.lock import read_lock

    if prepared.layers is None:
        raise DeskcError("the desk has errors that hide its bots", help="deskc check shows them")
    path = f"{prepared.layers.desk.markets}{exchange}.yaml"
    read = read_lock(prepared.tree, path)
    return Meant(path, read.value, traded_coins(prepared.layers, exchange), read.findings)


def ask(lock: Meant, exchange: str, coins: "Sequence[str]", *, url: str | None, now: int) -> "Told":
    """Ask a venue for what a lock file has and what bots trade; raise DeskcError where nothing is, or it fails."""
    from deskc.exchange.facts import tell
    from deskc.exchange.library import API_KEY, API_SECRET, Credentials
    from deskc.exchange.lock import wanted
    from deskc.exchange.venue import connect

    asked = wanted(lock.known, lock.traded, coins)
    if not asked:
        raise DeskcError(f"no bot trades at {exchange}", help="correct the exchange's name, or name coins with --coin")
    key, secret = os.environ.get(API_KEY), os.environ.get(API_SECRET)
    credentials = Credentials(key, secret) if key and secret else None
    return tell(connect(exchange, url=url, credentials=credentials), asked, now=now)
