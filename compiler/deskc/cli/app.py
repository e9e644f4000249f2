"""The typer application; a verb's module is imported when the verb is called."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.lazy import Verbs
from deskc.cli.verbs import VERBS
from deskc.core.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app"]


class _Verbs(Verbs):
    """The verbs of deskc."""

    table = VERBS
    package = "deskc.cli"


_typer = typer.Typer(
    cls=_Verbs,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    help="The desk compiler: configuration of trading bots as a compiled, reviewed, versioned artefact.",
)


def _show_version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"deskc {VERSION}")
        raise typer.Exit


@_typer.callback()
def _start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - typer's form of a flag; its callback acts
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda asked: _show_version(asked=asked), is_eager=True
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from deskc.cli.welcome import welcome

        welcome()


def app(arguments: "Sequence[str] | None" = None) -> None:
    """Run the application and exit."""
    typer.main.get_command(_typer)(args=arguments, prog_name="deskc")
