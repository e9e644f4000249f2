"""What a layer says: patches over sections, in the order in which they apply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from deskc.core.desk import Bot, Desk, Pattern
from deskc.core.documents import Document, Leaf
from deskc.core.schemas import Schemas
from deskc.core.scopes import Target

__all__ = ["Drop", "Layer", "Layers", "Level", "Patch", "Spot"]

Spot = tuple[str, str]
"""A coin and a side, each empty where a level's pattern has none."""


class Drop(NamedTuple):
    """What `$unset` or `$replace` takes away from the map at `path`: these keys, or all of them where keys is None."""

    path: str
    keys: tuple[str, ...] | None
    leaf: Leaf


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What one file says about one section: first it drops, then it sets.

    `references` are the paths set to `${ref:…}`, `texts` the leaves' canonical JSON. Compared by identity: equal chains
    of patches are found by hashing.
    """

    file: str
    leaves: Mapping[str, Leaf]
    drops: tuple[Drop, ...] = ()
    references: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Set the leaves' canonical texts apart: laying them over others is then one call for a whole patch."""
        object.__setattr__(self, "texts", {path: leaf.text for path, leaf in self.leaves.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One file at one level of the hierarchy; its templates' patches stand before its own.

    `names` says what the level's axes are called here. `broken` poisons every scope whose chain contains the layer.
    """

    path: str
    level: int
    names: Mapping[str, str]
    patches: Mapping[str, tuple[Patch, ...]]
    config_version: Leaf | None
    broken: bool


class Level(NamedTuple):
    """The layers of one level of the hierarchy, found by what a target's own axes are called, then by coin and side."""

    pattern: Pattern
    layers: Mapping[tuple[str | None, ...], Mapping[Spot, Layer]]

    def speaking(self, names: Mapping[str, str]) -> Mapping[Spot, Layer]:
        """Return the layers that speak to a target, or to some of its coins and sides."""
        return self.layers.get(tuple(names.get(axis) for axis in self.pattern.own_axes), {})

    def layer(self, names: Mapping[str, str]) -> Layer | None:
        """Return the layer that speaks to what has these names, which hold every axis of the level."""
        axes = self.pattern.axes
        spot = (names["coin"] if "coin" in axes else "", names["side"] if "side" in axes else "")
        return self.speaking(names).get(spot)


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """All layers of a tree, by the levels of the hierarchy.

    `bots` holds the declared bots, `readers` for each file the targets that read it, by path. `documents` are kept for
    the places of what stands inside lists.
    """

    desk: Desk
    schemas: Schemas
    bots: Mapping[str, Bot]
    levels: tuple[Level, ...]
    readers: Mapping[str, tuple[Target, ...]]
    documents: Mapping[str, Document]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return every (environment, bot), in order."""
        return tuple(sorted(target for bot in self.bots.values() for target in bot.targets))
