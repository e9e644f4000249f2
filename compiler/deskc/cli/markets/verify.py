"""deskc markets verify."""

from typing import Annotated

import typer

from deskc.cli.check import Format
from deskc.cli.markets_asked import Coins, Exchange, Url, ask, meant
from deskc.cli.options import At, Color, Desk, Output, choose, coloured, write
from deskc.cli.where import find_desk, now, objects
from deskc.core.errors import DeskcError


def command(
    exchange: Exchange,
    desk: Desk = None,
    coin: Coins = None,
    exchange_url: Url = None,
    max_age: Annotated[
        int, typer.Option("--max-age", metavar="DAYS", help="Warn where the file is older than this.")
    ] = 30,
    at: At = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Exits with 1 where ticks, steps, minimums, states or brackets changed, or symbols are new or gone."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.core.codes import CODES
        from deskc.core.findings import has_errors, in_order
        from deskc.exchange.drift import drift
        from deskc.pipeline import prepare
        from deskc.report.formats import FORMATS, render
        from deskc.stages.read import CommitSource, WorktreeSource

        fmt, asked_at = choose(output_format, FORMATS), now()
        source = WorktreeSource(where.root, asked_at) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder, with_rules=False)
    lock = meant(prepared, exchange)
    findings = lock.findings
    if lock.known is not None:
        told = ask(lock, exchange, coin or (), url=exchange_url, now=asked_at)
        findings = in_order((*findings, *drift(lock.known, told, now=asked_at, max_age_days=max_age)))
    elif not has_errors(findings):
        raise DeskcError(f"there is no {lock.path}", help=f"write it with deskc markets lock {exchange}")
    text = render(
        findings,
        fmt=fmt,
        sources=prepared.tree.files.get,
        titles=lambda code: CODES[code].title if code in CODES else code,
        color=coloured(color, output),
    )
    if fmt == "text" and not findings:
        text = f"{lock.path} says what {exchange} says.\n"
    write(text, output)
    if has_errors(findings) or (strict and findings):
        raise typer.Exit(1)
