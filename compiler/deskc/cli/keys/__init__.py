"""deskc keys; each of its verbs is a module of this package, imported when it is called."""

import typer

from deskc.cli.lazy import Verbs
from deskc.cli.verbs import KEYS, VERBS


class _Keys(Verbs):
    """The verbs of `deskc keys`."""

    table = KEYS
    package = "deskc.cli.keys"


group = typer.Typer(cls=_Keys, add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["keys"])


@group.callback()
def _keys() -> None:
    """Keep the verbs those of the table."""
