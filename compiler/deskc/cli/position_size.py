"""deskc position-size."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import At, Color, Desk, Format, Output, choose, coloured, write
from deskc.cli.scope import OneBot, OneCoin, OneEnvironment, OneSide, broken, unnamed
from deskc.cli.where import find_desk, now, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from decimal import Decimal


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: OneCoin = None,
    side: OneSide = None,
    price: Annotated[
        str | None, typer.Option("--price", metavar="USD", help="The price; the facts' reference price if left out.")
    ] = None,
    equity: Annotated[
        str | None, typer.Option("--equity", metavar="USD", help="The equity; risk.capital_usd if left out.")
    ] = None,
    at: At = None,
    output_format: Format = "text",
    output: Output = None,
    color: Color = "auto",
) -> None:
    """Shows quantity, notional, what bound them and where each number stands; exits with 1 where no size is legal."""
    fmt = choose(output_format, ("text", "json"))
    price_usd, equity_usd = _above_zero("--price", price), _above_zero("--equity", equity)
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.core.scopes import ScopeId
        from deskc.markets.sizing import Refusal
        from deskc.pipeline import prepare
        from deskc.plan.asked import scope_asked
        from deskc.plan.position_size import position_size
        from deskc.report.position_size import position_json, position_text
        from deskc.stages.read import CommitSource, WorktreeSource

        source = WorktreeSource(where.root, now()) if at is None else CommitSource(reading, at)
        prepared = prepare(source, where.folder)
        if env is None or bot is None:
            raise unnamed("position-size", prepared, env=env, bot=bot)
        found = scope_asked(prepared, ScopeId(env, bot, coin, side))
        if found.value is None or prepared.layers is None:
            write(broken(prepared, found, color=coloured(color, output)), output)
            raise typer.Exit(1)
        sized = position_size(found.value, prepared.layers, prepared.markets, price=price_usd, equity_usd=equity_usd)
        text = position_json(sized) if fmt == "json" else position_text(sized, color=coloured(color, output))
    write(text, output)
    if found.findings:
        typer.echo(f"deskc: {env}/{bot} has errors and does not compile; deskc check shows them", err=True)
    if isinstance(sized.order, Refusal):
        raise typer.Exit(1)


def _above_zero(option: str, text: str | None) -> "Decimal | None":
    """Read an option's number as strict YAML reads one; raise DeskcError where it is none or not above zero."""
    if text is None:
        return None
    from decimal import Decimal

    from deskc.core.scalars import ScalarError, plain

    try:
        number, written = plain(text)
    except ScalarError as error:
        raise DeskcError(f"{option}: {error.message}", help=error.help) from error
    if not isinstance(number, (int, float)) or isinstance(number, bool) or number <= 0:
        raise DeskcError(f"{option} {text} is no number above zero", help="give usd, such as 10000")
    return Decimal(written)
