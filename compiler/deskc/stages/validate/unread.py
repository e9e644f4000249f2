"""Files that nothing reads, with what was probably meant."""

from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, dirname

from deskc.core.desk import Bot, Desk
from deskc.core.findings import Finding, Place, error
from deskc.core.scopes import Target
from deskc.core.violations import close_to

__all__ = ["unread_files"]


def unread_files(files: Iterable[str], desk: Desk, bots: Mapping[str, Bot]) -> Iterator[Finding]:
    """Yield a finding for each file; one in a bot's folder touches that bot alone, any other the whole desk."""
    possible: set[str] | None = None
    for path in sorted(files):
        inside = path.removeprefix(desk.folder)
        if inside.endswith(".yml"):
            way_out = f"rename it to {inside.removesuffix('.yml')}.yaml"
        else:
            if possible is None:
                possible = {name for bot in bots.values() for name in _possible(bot, desk)}
            way_out = _guess(inside, possible)
        yield error("READ001", f"nothing reads {inside}", way_out, Place(path), scopes=_scopes(inside, desk, bots))


def _guess(inside: str, possible: Iterable[str]) -> str:
    """Guess what a file was meant to be, among the names of its own folder and the folders that hold its own name."""
    alike = [name for name in possible if dirname(name) == dirname(inside) or basename(name) == basename(inside)]
    guess = close_to(inside, sorted(alike))
    return f"did you mean {guess}?" if guess else "move it to where the hierarchy in desk.yaml looks, or delete it"


def _possible(bot: Bot, desk: Desk) -> Iterator[str]:
    """Yield every path where a bot's layers could stand."""
    for environment, coins in bot.coins.items():
        names = bot.names(environment)
        for pattern in desk.hierarchy:
            for coin in coins if "coin" in pattern.axes else ("",):
                for side in bot.sides if "side" in pattern.axes else ("",):
                    if all(axis in names or axis in ("coin", "side") for axis in pattern.axes):
                        yield pattern.path({**names, "coin": coin, "side": side})


def _scopes(inside: str, desk: Desk, bots: Mapping[str, Bot]) -> tuple[Target, ...]:
    """Return the targets of the bot in whose folder a file lies, or none."""
    for pattern in desk.hierarchy:
        folder, _, _ = pattern.text.partition("{bot}")
        if pattern.declares and inside.startswith(folder):
            bot = bots.get(inside.removeprefix(folder).partition("/")[0])
            return bot.targets if bot else ()
    return ()
