"""deskc markets lock."""

from typing import TYPE_CHECKING

import typer

from deskc.cli.markets_asked import Coins, Exchange, Url, ask, meant
from deskc.cli.options import Color, Desk, Output, coloured, write
from deskc.cli.where import find_desk, now
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Sequence


def command(
    exchange: Exchange,
    desk: Desk = None,
    coin: Coins = None,
    exchange_url: Url = None,
    output: Output = None,
    color: Color = "auto",
) -> None:
    """All of them or none. DESKC_EXCHANGE_API_KEY and DESKC_EXCHANGE_API_SECRET let it read brackets."""
    where = find_desk(desk)
    if where.bare:
        raise DeskcError("a lock is written into a working tree, and there is none", help="run this in a clone")
    from deskc.core.findings import has_errors
    from deskc.exchange.lock import changed, lock_text, require_whole
    from deskc.pipeline import prepare
    from deskc.publish.files import replace
    from deskc.report.formats import render
    from deskc.stages.read import WorktreeSource

    asked_at = now()
    prepared = prepare(WorktreeSource(where.root, asked_at), where.folder, with_rules=False)
    lock = meant(prepared, exchange)
    if has_errors(lock.findings):
        sources, colour = prepared.tree.files.get, coloured(color, None)
        typer.echo(render(lock.findings, fmt="text", sources=sources, titles=str, color=colour), nl=False)
        raise typer.Exit(1)
    told = ask(lock, exchange, coin or (), url=exchange_url, now=asked_at)
    require_whole(lock.known, told, exchange=exchange)
    text = lock_text(lock.known, told, exchange=exchange, now=asked_at)
    if output is None:
        replace(where.root / lock.path, text.encode())
    else:
        write(text, output)
    typer.echo(_said(output or lock.path, tuple(changed(lock.known, told)), secretive=told.secretive), nl=False)


def _said(path: str, changes: "Sequence[str]", *, secretive: bool) -> str:
    """Write what changed, one line a fact, and what the venue kept to itself."""
    lines = [f"{path}: {len(changes) or 'no'} {'fact' if len(changes) == 1 else 'facts'} changed", *changes]
    if secretive:
        lines.append("Leverage brackets are unknown: the venue tells them to account holders alone.")
    return "\n".join((*lines, ""))
