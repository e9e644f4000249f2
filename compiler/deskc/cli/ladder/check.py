"""deskc ladder check."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import At, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.presets import Preset, preset
from deskc.cli.scope import OneBot, OneCoin, OneEnvironment, OneSide, broken, unnamed
from deskc.cli.where import find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.scopes import ScopeId
    from deskc.ladder.verdict import Verdict


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: OneCoin = None,
    side: OneSide = None,
    at: At = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="Judge the orders of this JSON or YAML file instead.")
    ] = None,
    preset_name: Preset = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Shows orders, every bound with its margin, and the score; exits with 1 where an enforced constraint breaks."""
    fmt = choose(output_format, ("text", "json"))
    colour = coloured(color, output)
    from deskc.report.ladder import ladder_json, ladder_text

    if file is not None:
        if any(one is not None for one in (env, bot, coin, side, at)):
            raise DeskcError(
                "a file of orders belongs to no scope", help="leave --env, --bot, --coin, --side, --at out"
            )
        name, told = file, _of_file(file, preset_name, desk)
    else:
        from deskc.core.scopes import ScopeId

        if preset_name is not None:
            raise DeskcError("a scope's own settings judge its orders", help="leave --preset out, or name a --file")
        name, told = _of_scope(desk, env, bot, ScopeId("", "", coin, side), at=at, output=output, color=colour)
    write(ladder_json(told, name=name) if fmt == "json" else ladder_text(told, name=name, color=colour), output)
    if told.failed:
        raise typer.Exit(1)


def _of_file(file: str, preset_name: str | None, desk: str | None) -> "Verdict":
    """Judge the orders of a file by what it says over a preset; raise DeskcError where either cannot be used."""
    from deskc.ladder.verdict import verdict
    from deskc.tuning.files import orders_in, read_section

    settings, ladder = orders_in(read_section(file), file, preset=preset(preset_name, desk))
    return verdict(ladder, settings)


def _of_scope(
    desk: str | None,
    env: str | None,
    bot: str | None,
    rest: "ScopeId",
    *,
    at: str | None,
    output: str | None,
    color: bool,
) -> "tuple[str, Verdict]":
    """Judge the orders of a scope as it resolves; show the errors and exit with 1 where it does not.

    Raise DeskcError where no such scope is there, or it has no orders.
    """
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.ladder.verdict import orders_of, verdict
        from deskc.pipeline import prepare
        from deskc.plan.asked import scope_asked
        from deskc.stages.read import CommitSource, WorktreeSource

        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder, with_rules=False)
        if env is None or bot is None:
            raise unnamed("ladder check", prepared, env=env, bot=bot)
        found = scope_asked(prepared, rest._replace(environment=env, bot=bot))
        if found.value is None:
            write(broken(prepared, found, color=color), output)
            raise typer.Exit(1)
    name = str(found.value.id)
    if "ladder" not in found.value.sections:
        raise DeskcError(f"{name} has no section ladder", help="set ladder.orders in a layer, or name a --file")
    settings, ladder = orders_of(found.value.value("ladder"))
    if ladder is None:
        way_out = "set ladder.orders in a layer of the scope, or name a --file"
        raise DeskcError(f"{name} sets no ladder.orders, so there is nothing to judge", help=way_out)
    return name, verdict(ladder, settings)
