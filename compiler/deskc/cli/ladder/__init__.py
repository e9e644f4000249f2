"""deskc ladder; each of its verbs is a module of this package, imported when it is called."""

import typer

from deskc.cli.lazy import Verbs
from deskc.cli.verbs import LADDER, VERBS


class _Ladder(Verbs):
    """The verbs of `deskc ladder`."""

    table = LADDER
    package = "deskc.cli.ladder"


group = typer.Typer(
    cls=_Ladder, add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["ladder"]
)


@group.callback()
def _ladder() -> None:
    """Keep the verbs those of the table."""
