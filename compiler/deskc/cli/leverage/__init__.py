"""deskc leverage; each of its verbs is a module of this package, imported when it is called."""

import typer

from deskc.cli.lazy import Verbs
from deskc.cli.verbs import LEVERAGE, VERBS


class _Leverage(Verbs):
    """The verbs of `deskc leverage`."""

    table = LEVERAGE
    package = "deskc.cli.leverage"


group = typer.Typer(
    cls=_Leverage, add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["leverage"]
)


@group.callback()
def _leverage() -> None:
    """Keep the verbs those of the table."""
