"""The typer application; a verb's module is imported when the verb is called."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from deskc.cli.verbs import VERBS
from deskc.core.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app"]


class _Verbs(TyperGroup):
    """The verbs of the table, each built on first use: `--help` imports none of them."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer hands its own settings through
        super().__init__(**settings)
        self.commands = dict.fromkeys(
            VERBS, typer.core.TyperCommand(None)
        )  # names, for suggestions; get_command builds

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """Return the verbs' names."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Import a verb's module and build its command; None for what is no verb."""
        return built(cmd_name) if cmd_name in VERBS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the list of verbs from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


def built(verb: str) -> Any:  # noqa: ANN401 - typer publishes no name for what it builds
    """Build one verb: its module holds `command`, or `group` where it has verbs of its own."""
    module = import_module(f"deskc.cli.{verb.replace('-', '_')}")
    inner = getattr(module, "group", None)
    if inner is None:
        inner = typer.Typer(add_completion=False, rich_markup_mode=None)
        inner.command(name=verb, help=f"{VERBS[verb]}\n\n{module.command.__doc__ or ''}")(module.command)
    command = typer.main.get_command(inner)
    command.name = verb
    return command


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
