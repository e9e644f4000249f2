"""The scope that a command is about: options that name it, and what to say where it cannot be had."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.outcome import Outcome
    from deskc.core.resolved import Scope
    from deskc.pipeline import Prepared

__all__ = ["OneBot", "OneCoin", "OneEnvironment", "OneSide", "broken", "unnamed"]

OneEnvironment = Annotated[str | None, typer.Option("--env", metavar="ENV", help="The environment.")]
OneBot = Annotated[str | None, typer.Option("--bot", metavar="BOT", help="The bot.")]
OneCoin = Annotated[str | None, typer.Option("--coin", metavar="COIN", help="The coin.")]
OneSide = Annotated[str | None, typer.Option("--side", metavar="SIDE", help="The side, for bots that have sides.")]


def unnamed(verb: str, prepared: "Prepared", *, env: str | None, bot: str | None) -> DeskcError:
    """Say which of --env and --bot is missing, and what it could be."""
    layers = prepared.layers
    known = {
        "--env": sorted(layers.desk.environments) if layers else [],
        "--bot": sorted(layers.bots) if layers else [],
    }
    missing = [option for option, value in (("--env", env), ("--bot", bot)) if value is None]
    way_out = "; ".join(f"add {option} with one of {', '.join(known[option])}" for option in missing if known[option])
    return DeskcError(f"{verb} needs {' and '.join(missing)}", help=way_out)


def broken(prepared: "Prepared", found: "Outcome[Scope | None]", *, color: bool) -> str:
    """Write the errors that keep a scope from being resolved, as check does."""
    from deskc.core.findings import in_order
    from deskc.report.formats import render

    return render(in_order(found.findings), fmt="text", sources=prepared.tree.files.get, titles=str, color=color)
