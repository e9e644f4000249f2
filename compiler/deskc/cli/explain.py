"""deskc explain."""

from typing import Annotated

import typer

from deskc.cli.options import At, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.scope import OneBot, OneEnvironment, OneSide, broken, unnamed
from deskc.cli.where import find_desk, now, objects


def command(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as trading.leverage, or a section.")],
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: Annotated[
        str | None, typer.Option("--coin", metavar="COIN", help="The coin; the bot itself if left out.")
    ] = None,
    side: OneSide = None,
    at: At = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Shows every layer that was consulted, the winner, who wrote its line, and the commit that caused what trades."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.core.scopes import ScopeId
        from deskc.pipeline import prepare
        from deskc.plan.asked import scope_asked
        from deskc.plan.explain import explain
        from deskc.plan.provenance import provenance
        from deskc.report.explain import explain_json, explain_text
        from deskc.stages.read import CommitSource, WorktreeSource

        fmt = choose(output_format, ("text", "json"))
        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder)
        if env is None or bot is None:
            raise unnamed("explain", prepared, env=env, bot=bot)
        found = scope_asked(prepared, ScopeId(env, bot, coin, side))
        if found.value is None or prepared.layers is None:
            write(broken(prepared, found, color=coloured(color, output)), output)
            raise typer.Exit(1)
        explained = explain(key, found.value, prepared.layers)
        history = provenance(where.root, prepared, explained, folder=where.folder)
        text = (
            explain_json(explained, history)
            if fmt == "json"
            else explain_text(explained, history, color=coloured(color, output))
        )
    write(text, output)
    if found.findings:
        typer.echo(f"deskc: {env}/{bot} has errors and does not compile; deskc check shows them", err=True)
