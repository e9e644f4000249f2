"""A synthetic desk of any size: the same arguments give the same bytes and the same commit on every machine."""

import json
import os
import random
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product
from pathlib import Path
from typing import Any

from draws import Draws, Names
from parameters import PARAMETERS, STRATEGIES, STRATEGY_PARAMETERS, Parameter, schema

__all__ = ["COIN_LAYERS", "ENVIRONMENTS", "EXCHANGES", "HIERARCHY", "SIDES", "Fleet", "edit", "generate", "settable"]

ENVIRONMENTS = ("development", "staging", "production")
EXCHANGES = ("hyperliquid", "binance")
SIDES = ("LONG", "SHORT")
HIERARCHY = (
    "global.yaml",
    "environments/{environment}.yaml",
    "exchanges/{exchange}.yaml",
    "strategies/{strategy}.yaml",
    "coins/{coin}.yaml",
    "coins/{coin}.{side}.yaml",
    "bots/{bot}/bot.yaml",
    "bots/{bot}/coins/{coin}.yaml",
    "bots/{bot}/coins/{coin}.{side}.yaml",
    "bots/{bot}/environments/{environment}.yaml",
    "bots/{bot}/environments/{environment}/{coin}.yaml",
    "bots/{bot}/environments/{environment}/{coin}.{side}.yaml",
)
COIN_LAYERS: Mapping[str, float] = {
    "coins/{coin}.yaml": 1.0,
    "coins/{coin}.{side}.yaml": 0.1,
    "bots/{bot}/coins/{coin}.yaml": 0.4,
    "bots/{bot}/coins/{coin}.{side}.yaml": 0.04,
    "bots/{bot}/environments/{environment}/{coin}.yaml": 0.04,
    "bots/{bot}/environments/{environment}/{coin}.{side}.yaml": 0.006,
}
"""The layers that name a coin, and the share of the possible files of each that is written."""

_HEAD = "# Only what differs here; the rest comes from the levels above.\n# Units and limits stand in the schemas.\n"
_WRAP = 25  # coins a line in a bot's list
_GIT = {
    "GIT_AUTHOR_NAME": "fleet",
    "GIT_AUTHOR_EMAIL": "fleet@bench.invalid",
    "GIT_AUTHOR_DATE": "2025-01-01T00:00:00+00:00",
    "GIT_COMMITTER_NAME": "fleet",
    "GIT_COMMITTER_EMAIL": "fleet@bench.invalid",
    "GIT_COMMITTER_DATE": "2025-01-01T00:00:00+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,  # a user's signing, hooks or line endings would change the commit
    "GIT_CONFIG_NOSYSTEM": "1",
}

Tree = dict[str, Any]


def _section(name: str) -> tuple[Parameter, ...]:
    return tuple(parameter for parameter in PARAMETERS if parameter.section == name)


_TRADING, _LIMITS, _VENUE = (_section(name) for name in ("trading", "risk", "exchange"))


@dataclass(frozen=True, slots=True)
class Fleet:
    """A generated repository; `files` are the paths of its commit, relative to `folder`."""

    folder: Path
    sha: str
    bots: tuple[str, ...]
    coins: tuple[str, ...]
    files: tuple[str, ...]
    seed: int

    @property
    def desk(self) -> Path:
        """The folder that holds `desk.yaml`."""
        return self.folder / "config-repo"

    @property
    def scopes(self) -> int:
        """How many coin scopes it resolves to, bot-level scopes apart."""
        return len(ENVIRONMENTS) * len(self.bots) * len(self.coins) * len(SIDES)


def generate(
    folder: Path, *, bots: int = 4, coins: int = 250, seed: int = 1, copies: Mapping[str, Path] | None = None
) -> Fleet:
    """Write a desk with 6 coin scopes for each bot and coin into a new folder and commit it, packed like a fresh clone.

    `copies` are files to add at paths of the repository, such as rules. Raise FileExistsError if the folder exists.
    """
    names = tuple(f"bot_{index:02d}" for index in range(bots))
    listed = tuple(f"C{index:03d}" for index in range(coins))
    texts = {f"config-repo/{path}": text for path, text in _desk(names, listed, seed)}
    texts |= {f"schemas/{path}": json.dumps(document, indent=2) + "\n" for path, document in _schemas()}
    texts |= {path: source.read_text(encoding="utf-8") for path, source in (copies or {}).items()}
    texts |= dict.fromkeys(("config-repo/markets/.gitkeep", "validators/.gitkeep"), "")
    folder.mkdir(parents=True)
    for path, text in texts.items():
        _write(folder / path, text)
    _git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    sha = _commit(folder, "A fleet")
    _git(folder, "repack", "-a", "-d", "--quiet")
    return Fleet(folder, sha, names, listed, tuple(sorted(texts)), seed)


def edit(fleet: Fleet, *, turn: int = 1, path: str = "") -> Fleet:
    """Redraw the values of one coin's layer, by default the first bot's first, and commit; each turn draws others.

    The path is relative to the desk and must be a layer that exists; what it sets stays the same, and a new value may
    be one that holds without it.
    """
    path = path or _first(fleet)
    text = (fleet.desk / path).read_text(encoding="utf-8")
    label = text[: text.index("#")]  # the comment that opens every layer stands behind it
    names = {line.strip().partition(":")[0] for line in text.splitlines()}
    rng = _dice(f"{fleet.seed}:{path}:{turn}")
    chosen = [parameter for parameter in settable(path) if parameter.path[-1] in names]
    _write(fleet.desk / path, label + _layer(path, [(parameter, parameter.draw(rng)) for parameter in chosen]))
    return replace(fleet, sha=_commit(fleet.folder, f"Change {path}"))


def _dice(name: str) -> random.Random:
    return random.Random(name)


def settable(path: str) -> tuple[Parameter, ...]:
    """Return what a layer that names a coin could set: no strategy's parameters where several strategies read it.

    Nor what has one value alone: its layer would repeat what another says.
    """
    free = tuple(parameter for parameter in PARAMETERS if parameter.axes is None and len(parameter.choices) != 1)
    return (*free, *STRATEGY_PARAMETERS[_strategy(path.split("/")[1])]) if path.startswith("bots/") else free


def _exchange(bot: str) -> str:
    return EXCHANGES[int(bot[-2:]) % len(EXCHANGES)]


def _strategy(bot: str) -> str:
    return STRATEGIES[int(bot[-2:]) // len(EXCHANGES) % len(STRATEGIES)]


def _desk(bots: tuple[str, ...], coins: tuple[str, ...], seed: int) -> Iterator[tuple[str, str]]:
    """Yield every YAML file of the desk."""
    yield "desk.yaml", _desk_file()
    axes = {"environment": ENVIRONMENTS[::-1], "bot": bots, "coin": coins, "side": SIDES}
    said = Draws(HIERARCHY, axes, lambda bot: {"exchange": _exchange(bot), "strategy": _strategy(bot)}, seed)
    for pattern, names, parameters in _shared_layers(bots):
        path = pattern.format_map(names)
        head = _bot_head(names["bot"], coins) if path.endswith("bot.yaml") else ""
        yield path, head + _layer(path, said.drawn(pattern, names, parameters))
    for pattern, names in _coin_layers(bots, coins, seed):
        path = pattern.format_map(names)
        yield path, _label(path, seed) + _layer(path, said.sparse(pattern, names, settable(path)))


def _shared_layers(bots: tuple[str, ...]) -> Iterator[tuple[str, Names, tuple[Parameter, ...]]]:
    """Yield pattern, names and settings of the layers that name no coin, in the order of the hierarchy.

    What one sets no other sets, but for the last: each environment of a bot overrules much and leaves some alone.
    """
    yield "global.yaml", {}, (_TRADING[0], _TRADING[2], *_TRADING[8:12], _LIMITS[2])
    for name in ENVIRONMENTS:
        yield "environments/{environment}.yaml", {"environment": name}, (*_LIMITS[:2], *_LIMITS[3:], *_TRADING[12:20])
    for name in EXCHANGES:
        yield "exchanges/{exchange}.yaml", {"exchange": name}, (*_VENUE, _TRADING[3])
    for name in STRATEGIES:
        yield "strategies/{strategy}.yaml", {"strategy": name}, (*STRATEGY_PARAMETERS[name][4:], *_TRADING[20:])
    for bot in bots:
        own = STRATEGY_PARAMETERS[_strategy(bot)][:4]
        yield "bots/{bot}/bot.yaml", {"bot": bot}, (_TRADING[1], *_TRADING[4:8], *own)
    groups = (_VENUE, (_LIMITS[2], _TRADING[6]), _TRADING[7:9])
    for bot in bots:
        for index, name in enumerate(ENVIRONMENTS):
            chosen = chain.from_iterable(group for group in groups if group is not groups[index])
            yield "bots/{bot}/environments/{environment}.yaml", {"bot": bot, "environment": name}, tuple(chosen)


def _desk_file() -> str:
    environments = "".join(
        f"  {name}: {{writes: {'direct' if name == ENVIRONMENTS[0] else 'proposal'}}}\n" for name in ENVIRONMENTS
    )
    patterns = "".join(f"  - {pattern}\n" for pattern in HIERARCHY)
    places = "schemas: ../schemas\nvalidators: ../validators\nmarkets: markets\n"
    return f"format: 1\nenvironments:\n{environments}hierarchy:\n{patterns}{places}"


def _bot_head(bot: str, coins: tuple[str, ...]) -> str:
    rows = [", ".join(coins[start : start + _WRAP]) for start in range(0, len(coins), _WRAP)]
    listed = ",\n    ".join(rows)
    return (
        f"bot:\n  exchange: {_exchange(bot)}\n  strategy: {_strategy(bot)}\n"
        f"  environments: [{', '.join(ENVIRONMENTS)}]\n  sides: [{', '.join(SIDES)}]\n"
        f"  coins: [\n    {listed}]\nconfig_version: 1.0.0\n"
    )


def _coin_layers(bots: tuple[str, ...], coins: tuple[str, ...], seed: int) -> Iterator[tuple[str, Names]]:
    """Yield pattern and names of the layers that name a coin; whether one exists depends on its own path alone."""
    for pattern, share in COIN_LAYERS.items():
        wanted = {"bot": bots, "environment": ENVIRONMENTS, "coin": coins, "side": SIDES}
        axes = [axis for axis in wanted if f"{{{axis}}}" in pattern]
        for values in product(*(wanted[axis] for axis in axes)):
            names = dict(zip(axes, values, strict=True))
            if _dice(f"{seed}:{pattern.format_map(names)}:exists").random() < share:
                yield pattern, names


def _first(fleet: Fleet) -> str:
    start = f"config-repo/bots/{fleet.bots[0]}/coins/"
    shared = f"config-repo/coins/{fleet.coins[0]}.yaml"  # a small fleet may have none of a bot's own
    return next((path for path in fleet.files if path.startswith(start)), shared).removeprefix("config-repo/")


def _label(path: str, seed: int) -> str:
    """Return a coin's label, where labels may stand."""
    labelled = path.startswith("bots/") and "/coins/" in path and path.count(".") == 1
    return f"config_version: 1.{int(_dice(f'{seed}:{path}:label').random() * 9)}.0\n" if labelled else ""


def _layer(path: str, settings: Iterable[tuple[Parameter, Any]]) -> str:
    tree: Tree = {}
    for parameter, value in settings:
        node = tree
        for step in parameter.path[:-1]:
            node = node.setdefault(step, {})
        node[parameter.path[-1]] = value
    return f"# {Path(path).stem}\n{_HEAD}" + "".join(_lines(tree, ""))


def _lines(tree: Tree, indent: str) -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from _lines(value, indent + "  ")
        else:
            # Strings here are plain words in every YAML version, so that no peer can read another value.
            yield f"{indent}{key}: {value if isinstance(value, str) else json.dumps(value)}\n"


def _schemas() -> Iterator[tuple[str, Tree]]:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    for section in ("trading", "risk", "exchange"):
        closed = schema(_section(section), depth=1)
        yield f"{section}.schema.json", {**head, "description": f"The {section} section.", **closed}
    parameters = {"parameters": {"type": "object", "description": "Closed by the schema of the bot's strategy."}}
    strategy = {"type": "object", "additionalProperties": False, "properties": parameters}
    yield "strategy.schema.json", {**head, "description": "The strategy section.", **strategy}
    for name, members in STRATEGY_PARAMETERS.items():
        closed = schema(members, depth=2)
        yield f"strategy/{name}.schema.json", {**head, "description": f"The parameters of {name}.", **closed}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ("git", "-C", str(folder), "-c", "gc.auto=0", "-c", "core.autocrlf=false", *arguments)
    done = subprocess.run(command, env=environment | _GIT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(folder: Path, message: str) -> str:
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--message", message)
    return _git(folder, "rev-parse", "HEAD")
