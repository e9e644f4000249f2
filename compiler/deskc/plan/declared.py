"""What lines decide that set no value: bots, templates, and what desk.yaml declares."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from deskc.core import paths
from deskc.core.desk import Bot
from deskc.core.documents import Leaf
from deskc.core.layers import Layers
from deskc.core.scopes import ScopeId, Target
from deskc.plan.reach import declared_scopes, scopes_reading

__all__ = ["Statement", "declared"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about a line, without its subject, and the scopes that it holds for; `templates` are put beneath."""

    text: str
    scopes: tuple[ScopeId, ...]
    templates: tuple[str, ...] = ()


def declared(here: Iterable[Leaf], path: str, layers: Layers) -> Iterator[Statement]:
    """Yield a sentence for each declaration among the leaves of a line."""
    grouped: dict[str, list[Leaf]] = {}
    for leaf in here:
        if not (isinstance(leaf.value, list) and leaf.value):  # its items speak for it
            grouped.setdefault(_topic(leaf.path), []).append(leaf)
    for topic, leaves in grouped.items():
        top = topic.partition(".")[0]
        if path == layers.desk.file:
            yield _of_desk(topic, leaves, layers)
        elif top == "bot":
            yield from _of_bot(topic, leaves, path, layers)
        elif top == "extends":
            yield from (_of_template(str(leaf.value), path, layers) for leaf in leaves)


def _topic(path: str) -> str:
    """Return what a leaf speaks of: the first two steps of its path, or one where the second is an index."""
    steps = paths.split(path)
    return paths.join(steps[:1] if len(steps) == 1 or isinstance(steps[1], int) else steps[:2])


def _listed(leaves: Iterable[Leaf]) -> str:
    return ", ".join(dict.fromkeys(str(leaf.value) for leaf in leaves))


# Templates


def _of_template(name: str, path: str, layers: Layers) -> Statement:
    template = paths.inside(layers.desk.folder, name)
    known = () if template is None or template not in layers.documents else (template,)
    return Statement(f"puts {name} beneath this file", tuple(scopes_reading(path, layers)), known)


# Bots

_BOT: Mapping[str, str] = {
    "bot.exchange": "makes {values} the venue of {bot}, which picks its layers by exchange",
    "bot.strategy": "makes {values} the strategy of {bot}, which picks its layers by strategy and its parameters",
    "bot.environments": "lets {bot} run in {values}",
    "bot.coins": "lets {bot} trade {values}",
    "bot.sides": "splits every coin of {bot} into {values}",
    "bot.formerly": "says that {bot} was called {values}; no setting depends on it",
    "bot.account": "names the account of {bot}; no setting depends on it",
}


def _of_bot(topic: str, leaves: list[Leaf], path: str, layers: Layers) -> Iterator[Statement]:
    bot = next((bot for bot in layers.bots.values() if path == _declaration(bot, layers)), None)
    if bot is None or topic not in _BOT:
        yield Statement(f"declares {topic} of a bot that cannot be read", ())
        return
    values = tuple(str(leaf.value) for leaf in leaves)
    text = _BOT[topic].format(bot=bot.id, values=_listed(leaves))
    chosen: Mapping[str, Callable[[ScopeId], bool]] = {
        "bot.environments": lambda scope: scope.environment in values,
        "bot.coins": lambda scope: scope.coin in values and _in_environment(scope, leaves),
        "bot.sides": lambda scope: scope.side in values,
        "bot.formerly": lambda _: False,
        "bot.account": lambda _: False,
    }
    holds = chosen.get(topic, lambda _: True)
    yield Statement(text, tuple(filter(holds, _scopes(layers, bot.coins, (bot,)))))


def _in_environment(scope: ScopeId, leaves: Iterable[Leaf]) -> bool:
    """Say whether a coin is listed for every environment, or for the scope's."""
    for leaf in leaves:
        steps = paths.split(leaf.path)
        if leaf.value == scope.coin and (isinstance(steps[2], int) or steps[2] == scope.environment):
            return True
    return False


def _declaration(bot: Bot, layers: Layers) -> str:
    pattern = next(pattern for pattern in layers.desk.hierarchy if pattern.axes == ("bot",))
    return layers.desk.folder + pattern.path({"bot": bot.id})


def _scopes(layers: Layers, environments: Iterable[str], bots: Iterable[Bot]) -> Iterator[ScopeId]:
    """Yield the scopes that some bots declare in some environments."""
    for environment in sorted(environments):
        for bot in sorted(bots, key=lambda bot: bot.id):
            if environment in bot.coins:
                yield from declared_scopes(layers, Target(environment, bot.id))


# desk.yaml


def _of_desk(topic: str, leaves: list[Leaf], layers: Layers) -> Statement:
    top, *rest = paths.split(topic)
    if top == "hierarchy":
        texts = {leaf.value for leaf in leaves}
        named = (level for level in layers.levels if level.pattern.text in texts)
        files = sum(len(standing) for level in named for standing in level.layers.values())
        return Statement(f"puts {_listed(leaves)} into the hierarchy, where {files} {_files(files)}", ())
    if top == "environments":
        name = str(rest[0])
        scopes = tuple(_scopes(layers, (name,), layers.bots.values()))
        return Statement(f"declares the environment {name}, which takes changes by {_listed(leaves)}", scopes)
    if top == "approvals":
        return Statement(f"makes {_listed(leaves)} the owners of {rest[0]}", ())
    return Statement(f"says {top}: {_listed(leaves)} for the whole desk", ())


def _files(count: int) -> str:
    return "layer stands" if count == 1 else "layers stand"
