"""Verbs of a table, each built on first use: `--help` imports none of them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

__all__ = ["Verbs", "built"]


class Verbs(TyperGroup):
    """A group whose verbs are those of a table, one module of a package each."""

    table: ClassVar[Mapping[str, str]]
    package: ClassVar[str]

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer hands its own settings through
        super().__init__(**settings)
        self.commands = dict.fromkeys(
            self.table, typer.core.TyperCommand(None)
        )  # names, for suggestions; get_command builds

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """Return the verbs' names."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Import a verb's module and build its command; None for what is no verb."""
        return built(cmd_name, self.table, self.package) if cmd_name in self.table else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the list of verbs from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def built(verb: str, table: Mapping[str, str], package: str) -> Any:  # noqa: ANN401 - typer publishes no name for what it builds
    """Build one verb: its module holds `command`, or `group` where it has verbs of its own."""
    module = import_module(f"{package}.{verb.replace('-', '_')}")
    inner = getattr(module, "group", None)
    if inner is None:
        inner = typer.Typer(add_completion=False, rich_markup_mode=None)
        inner.command(name=verb, help=f"{table[verb]}\n\n{module.command.__doc__ or ''}")(module.command)
    command = typer.main.get_command(inner)
    command.name = verb
    return command
