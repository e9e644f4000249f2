"""Which file belongs to which level of the hierarchy, and which scopes read it."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from deskc.core.desk import Bot, Desk, Pattern
from deskc.core.documents import Document
from deskc.core.schemas import Schemas
from deskc.core.scopes import Target

__all__ = ["Given", "Placed", "Readers", "placed_files"]


class Given(NamedTuple):
    """What the stage is given; every part of it works on the same."""

    documents: Mapping[str, Document]
    desk: Desk
    schemas: Schemas

    def targets(self, bot: str) -> tuple[Target, ...]:
        """Return the targets that a bot may have whose declaration is missing or of no use."""
        return tuple(Target(environment, bot) for environment in sorted(self.desk.environments))

    def is_layer(self, path: str) -> bool:
        """Say whether a file belongs to a level of the hierarchy."""
        inside = path.removeprefix(self.desk.folder)
        return any(pattern.match(inside) is not None for pattern in self.desk.hierarchy)


class Placed(NamedTuple):
    """A file at its level of the hierarchy; `names` says what the level's axes are called here."""

    level: int
    pattern: Pattern
    names: Mapping[str, str]
    document: Document


def placed_files(given: Given) -> Iterator[Placed]:
    """Yield the files that belong to a level, in the order of their paths."""
    for path, document in sorted(given.documents.items()):
        inside = path.removeprefix(given.desk.folder)
        for level, pattern in enumerate(given.desk.hierarchy):
            names = pattern.match(inside)
            if names is not None:
                yield Placed(level, pattern, names, document)
                break


class _Reader(NamedTuple):
    """One target with what decides whether it reads a file."""

    target: Target
    names: Mapping[str, str]
    coins: frozenset[str]
    sides: tuple[str, ...]


_target = attrgetter("target")


class Readers:
    """Finds the targets that read a file, by what its axes are called."""

    def __init__(self, bots: Iterable[Bot]) -> None:
        self._by_bot = {
            bot.id: [
                _Reader(Target(environment, bot.id), bot.names(environment), frozenset(coins), bot.sides)
                for environment, coins in sorted(bot.coins.items())
            ]
            for bot in bots
        }
        self._all = sorted((reader for readers in self._by_bot.values() for reader in readers), key=_target)
        self._by_coin: dict[str, list[_Reader]] = {}
        for reader in self._all:
            for coin in reader.coins:
                self._by_coin.setdefault(coin, []).append(reader)

    def of(self, names: Mapping[str, str]) -> tuple[Target, ...]:
        """Return the targets whose scopes have these names, in order."""
        coin, side = names.get("coin"), names.get("side")
        fixed = [(axis, name) for axis, name in names.items() if axis not in ("coin", "side")]
        candidates = self._all if coin is None else self._by_coin.get(coin, [])
        if "bot" in names:
            candidates = self._by_bot.get(names["bot"], [])
        return tuple(
            [
                reader.target
                for reader in candidates
                if (coin is None or coin in reader.coins)
                and (side is None or side in reader.sides)
                and (not fixed or all(reader.names.get(axis) == name for axis, name in fixed))
            ]
        )
