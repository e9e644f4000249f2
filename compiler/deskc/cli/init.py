"""deskc init."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from deskc.cli.options import write
from deskc.core.errors import DeskcError

_TEMPLATE = "mm"
_GUESS = "{source} names neither venue nor environments; bot.yaml guesses both, so correct them there."


def command(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder that becomes a desk; made where it is not there.")
    ],
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="NAME", help="What the first bot is: mm, mean_reversion, arb or dca."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="FILE", help="Migrate a bot from a JSON file with per_coin.")
    ] = None,
) -> None:
    """Write layers, schemas and rules, make a git repository where there is none, and commit nothing."""
    from deskc.edit.begin import begin
    from deskc.edit.scaffold import scaffold

    if template and source:
        msg = "--from brings the bot that --template would"
        raise DeskcError(msg, help="give one of the two")
    files = _migrated(Path(source)) if source else scaffold(template or _TEMPLATE)
    directory = Path(folder)
    begin(directory, files)
    guessed = (f"\n{_GUESS.format(source=source)}",) if source else ()
    write("\n".join((*_written(directory, files), *guessed, "", *_next(directory, files), "")))


def _migrated(source: Path) -> Mapping[str, str]:
    """Return the files of a desk around a migrated bot; where the JSON will not do, show why and exit with 2."""
    from deskc.edit.scaffold import migration
    from deskc.report.formats import render

    try:
        data = source.read_bytes()
    except OSError as error:
        msg = f"{source} cannot be read: {error.strerror}"
        raise DeskcError(msg, help="name a JSON file that is there and readable") from error
    outcome = migration(data, file=str(source))
    if outcome.findings:
        found = render(outcome.findings, fmt="text", sources={str(source): data}.get, titles=str)
        typer.echo(f"{found}Nothing was written.", err=True)
        raise typer.Exit(2)
    return outcome.value


_PURPOSES: Mapping[str, str] = {
    "desk.yaml": "the order in which layers speak",
    "global.yaml": "what every bot starts from",
    "environments": "what holds in each environment",
    "exchanges": "what holds on each venue",
    "strategies": "what holds for each strategy",
    "bots": "each bot, and what its coins have of their own",
    "schemas": "what may be said",
    "validators": "what must hold",
    ".vscode": "what an editor knows of all this",
}


def _written(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Yield what was written, a line for each file or folder that matters."""
    yield f"{folder} is a desk: {len(files)} files, nothing committed yet.\n"
    for name, purpose in _PURPOSES.items():
        inside = sum(path.startswith(f"{name}/") for path in files)
        if inside or name in files:
            shown = f"{name}/ ({inside})" if inside else name
            yield f"  {shown:<18}{purpose}"


def _next(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Yield the commands that lead to a bot that trades by the desk."""
    bot = next(path.split("/")[1] for path in files if path.startswith("bots/"))
    yield "Next:"
    if folder.resolve() != Path.cwd():
        yield f"  cd {shlex.quote(str(folder))}"
    yield "  deskc check"
    yield '  git add . && git commit -m "Begin the desk"'
    yield "  deskc compile --publish channel"
    coin = next((f'["{PurePosixPath(path).stem}"].trading.leverage' for path in files if "/coins/" in path), "")
    load = f'deskc.load("channel", environment="development", bot="{bot}"){coin}'
    yield f"  python -c 'import deskc; print({load})'"
