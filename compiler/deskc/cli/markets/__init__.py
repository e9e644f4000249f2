"""deskc markets; each of its verbs is a module of this package, imported when it is called."""

import typer

from deskc.cli.lazy import Verbs
from deskc.cli.verbs import MARKETS, VERBS


class _Markets(Verbs):
    """The verbs of `deskc markets`."""

    table = MARKETS
    package = "deskc.cli.markets"


group = typer.Typer(
    cls=_Markets, add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["markets"]
)


@group.callback()
def _markets() -> None:
    """Keep the verbs those of the table."""
