"""deskc new."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.adding import adding
from deskc.cli.options import Desk
from deskc.cli.verbs import VERBS
from deskc.cli.where import find_desk

if TYPE_CHECKING:
    from deskc.edit.addition import Addition
    from deskc.edit.present import Present

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["new"])

Template = Annotated[
    str | None, typer.Option("--template", metavar="NAME", help="Begin with mm, mean_reversion, arb or dca.")
]


@group.command(name="bot", short_help="Add a bot.", help="Add a bot, begun from a template; mm if none is named.")
def new_bot(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the bot is called, such as mm_multi_v2.")],
    desk: Desk = None,
    template: Template = None,
    exchange: Annotated[
        str, typer.Option("--exchange", metavar="NAME", help="The venue; the template's if left out.")
    ] = "",
    environments: Annotated[
        str, typer.Option("--environments", metavar="A,B", help="Where it runs; everywhere if left out.")
    ] = "",
    coins: Annotated[
        str, typer.Option("--coins", metavar="X,Y", help="What it trades; the template's if left out.")
    ] = "",
) -> None:
    """Write the bot's folder, and what the desk lacks of its strategy and venue; nothing is committed."""
    from deskc.edit.new_bot import Asked
    from deskc.edit.new_bot import new_bot as made

    asked = Asked(name, exchange, _listed(environments), _listed(coins))
    adding(find_desk(desk), lambda present: made(present, asked, template=template or "mm"), f"Add the bot {name}")


@group.command(name="coin", short_help="Add a coin to a bot.", help="Add a coin to a bot, with a layer of its own.")
def new_coin(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the desk calls the coin, such as SOL.")],
    bot: Annotated[str, typer.Option("--bot", metavar="BOT", help="The bot that trades it.")],
    desk: Desk = None,
    template: Template = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", metavar="ENV", help="Only there, where coins are listed by environment; repeatable."),
    ] = None,
) -> None:
    """List the coin in bot.yaml, whose every other byte stays, and write its layer; nothing is committed."""
    from deskc.edit.new_coin import new_coin as made

    def addition(present: "Present") -> "Addition":
        return made(present, name, bot=bot, template=template, environments=tuple(env or ()))

    adding(find_desk(desk), addition, f"Trade {name} with {bot}")


def _listed(text: str) -> tuple[str, ...]:
    """Split a list at its commas."""
    return tuple(part.strip() for part in text.split(",")) if text else ()
