"""deskc explain."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import At, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.where import find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.outcome import Outcome
    from deskc.core.resolved import Scope
    from deskc.pipeline import Prepared


def command(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as trading.leverage, or a section.")],
    desk: Desk = None,
    env: Annotated[str | None, typer.Option("--env", metavar="ENV", help="The environment.")] = None,
    bot: Annotated[str | None, typer.Option("--bot", metavar="BOT", help="The bot.")] = None,
    coin: Annotated[
        str | None, typer.Option("--coin", metavar="COIN", help="The coin; the bot itself if left out.")
    ] = None,
    side: Annotated[
        str | None, typer.Option("--side", metavar="SIDE", help="The side, for bots that have sides.")
    ] = None,
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
            raise _unnamed(prepared, env=env, bot=bot)
        found = scope_asked(prepared, ScopeId(env, bot, coin, side))
        if found.value is None or prepared.layers is None:
            write(_broken(prepared, found, color=coloured(color, output)), output)
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


def _unnamed(prepared: "Prepared", *, env: str | None, bot: str | None) -> DeskcError:
    """Say which of --env and --bot is missing, and what it could be."""
    layers = prepared.layers
    known = {
        "--env": sorted(layers.desk.environments) if layers else [],
        "--bot": sorted(layers.bots) if layers else [],
    }
    missing = [option for option, value in (("--env", env), ("--bot", bot)) if value is None]
    way_out = "; ".join(f"add {option} with one of {', '.join(known[option])}" for option in missing if known[option])
    return DeskcError(f"explain needs {' and '.join(missing)}", help=way_out)


def _broken(prepared: "Prepared", found: "Outcome[Scope | None]", *, color: bool) -> str:
    """Write the errors that keep a scope from being resolved, as check does."""
    from deskc.core.findings import in_order
    from deskc.report.formats import render

    return render(in_order(found.findings), fmt="text", sources=prepared.tree.files.get, titles=str, color=color)
