"""The templates that came with deskc: each a small desk's own layers, around one bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deskc.content import bundled
from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.stages.parse import parse_file

__all__ = ["Template", "exchange_layer", "strategy_schema", "template_of", "templates", "texts", "texts_of"]

_FOLDER = Path(__file__).parents[1] / "_templates"


@dataclass(frozen=True, slots=True)
class Template:
    """The one bot of a template: its bot.yaml, the layers of its coins, its strategy's layer, and what these extend."""

    declaration: str
    coins: Mapping[str, str]
    layer: str
    shared: Mapping[str, str]
    said: Mapping[str, object]

    @property
    def exchange(self) -> str:
        """Return the venue that the bot trades on."""
        return str(self.said["exchange"])

    @property
    def strategy(self) -> str:
        """Return the strategy that the bot runs."""
        return str(self.said["strategy"])

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the coins that the bot trades."""
        listed = self.said["coins"]
        return tuple(listed) if isinstance(listed, list) else ()


def templates() -> tuple[str, ...]:
    """Return the names of the templates that a desk or a bot can begin from."""
    return tuple(sorted(folder.name for folder in _FOLDER.iterdir() if not folder.name.startswith("_")))


def texts_of(template: str) -> dict[str, str]:
    """Return the text of each file of a template; raise DeskcError, with a guess, where there is no such template."""
    if template not in templates():
        msg = f"there is no template {template} in this deskc"
        guess = close_to(template, templates())
        raise DeskcError(msg, help=f"did you mean {guess}?" if guess else f"available: {', '.join(templates())}")
    return texts(_FOLDER / template)


def template_of(name: str) -> Template:
    """Return a template's bot; raise DeskcError where there is no such template."""
    files = texts_of(name)
    declaration = next(path for path in files if path.endswith("/bot.yaml"))
    said = parse_file(declaration, files[declaration].encode()).value.data["bot"]
    coins = {Path(path).stem: text for path, text in files.items() if "/coins/" in path}
    shared = {path: text for path, text in files.items() if path.startswith("templates/")}
    return Template(files[declaration], coins, files[f"strategies/{said['strategy']}.yaml"], shared, said)


def exchange_layer(exchange: str) -> str | None:
    """Return the layer that templates give a venue; None where none of them trades there."""
    known = sorted(_FOLDER.glob(f"*/exchanges/{exchange}.yaml"))
    return known[0].read_text(encoding="utf-8") if known else None


def strategy_schema(strategy: str) -> str:
    """Return the schema of the parameters of a template's strategy."""
    return (bundled("schemas") / "strategy" / f"{strategy}.schema.json").read_text(encoding="utf-8")


def texts(folder: Path, pattern: str = "*") -> dict[str, str]:
    """Return the text of each file below a folder, by path in it."""
    files = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
