"""Which layers speak to a target's scopes, and how each of its sections is put together from them."""

from collections.abc import Mapping
from typing import NamedTuple

from deskc.core.layers import Layer, Layers, Patch, Spot
from deskc.core.resolved import Section, merge
from deskc.core.scopes import Target
from deskc.stages.resolve.sections import Sections

__all__ = ["Plan", "Speakers", "planned", "speakers"]


class Speakers(NamedTuple):
    """The layers of one target: `fixed` speak to every scope, `special` by level to a coin, a side or both."""

    fixed: tuple[Layer, ...]
    special: Mapping[int, Mapping[Spot, Layer]]

    @property
    def sections(self) -> frozenset[str]:
        """Return the sections that some layer speaks of."""
        layers = (*self.fixed, *(layer for found in self.special.values() for layer in found.values()))
        return frozenset(name for layer in layers for name in layer.patches)

    @property
    def broken(self) -> frozenset[Spot]:
        """Return where a special layer is broken."""
        return frozenset(spot for found in self.special.values() for spot, layer in found.items() if layer.broken)


def speakers(layers: Layers, target: Target) -> Speakers:
    """Find the layers that speak to a target, in the order of the hierarchy."""
    bot = layers.bots[target.bot]
    names, coins = bot.names(target.environment), bot.coins[target.environment]
    fixed: list[Layer] = []
    special: dict[int, Mapping[Spot, Layer]] = {}
    for index, level in enumerate(layers.levels):
        found, axes = level.speaking(names), level.pattern.axes
        if found and "coin" in axes:
            special[index] = found
        elif found and "side" in axes:
            special[index] = {(coin, side): layer for (_, side), layer in found.items() for coin in coins}
        else:
            fixed += found.values()
    return Speakers(tuple(fixed), special)


class _Step(NamedTuple):
    """What one level says about a section to a target: the same to every scope, or by coin, or by coin and side."""

    fixed: tuple[Patch, ...]
    by_coin: Mapping[str, tuple[Patch, ...]]
    by_side: Mapping[Spot, tuple[Patch, ...]]


class Plan(NamedTuple):
    """How a target resolves one section.

    `lead` are the patches that every chain starts with, `steps` the levels after them. `coins` are those that some step
    speaks to alone, `sided` those of them whose sides it tells apart; `common` is the section of all others. `texts`
    are the values to start from, in canonical order; none where some patch has to be looked at.
    """

    name: str
    lead: tuple[Patch, ...]
    steps: tuple[_Step, ...]
    coins: frozenset[str]
    sided: frozenset[str]
    common: Section | None
    texts: dict[str, str]


def planned(name: str, spoken: Speakers, built: Sections) -> Plan:
    """Work out how to resolve a section: merge what all scopes share, prepare what remains to be laid over it."""
    steps = _steps(name, spoken)
    sided = frozenset(coin for step in steps for coin, _ in step.by_side)
    coins = sided.union(*(step.by_coin for step in steps))
    count = next((index for index, step in enumerate(steps) if not step.fixed), len(steps))
    lead = (built.defaults[name], *(patch for step in steps[:count] for patch in step.fixed))
    everywhere = (*lead, *(patch for step in steps[count:] for patch in step.fixed))
    if len(everywhere) == 1:
        return Plan(name, lead, steps, coins, sided, None, {})
    common = built.merged(name, everywhere)
    start = merge(lead)
    texts = {path: (start.get(path) or common.leaves[path]).text for path in common.shape.order}
    return Plan(name, lead, steps[count:], coins, sided, common, {} if common.unbound else texts)


def _steps(name: str, spoken: Speakers) -> tuple[_Step, ...]:
    levels = sorted({*(layer.level for layer in spoken.fixed), *spoken.special})
    steps: list[_Step] = []
    for level in levels:
        fixed = tuple(patch for layer in spoken.fixed if layer.level == level for patch in layer.patches.get(name, ()))
        found = spoken.special.get(level, {})
        special = {spot: layer.patches[name] for spot, layer in found.items() if name in layer.patches}
        by_coin = {coin: patches for (coin, side), patches in special.items() if not side}
        if fixed or special:
            steps.append(_Step(fixed, by_coin, special if len(by_coin) < len(special) else {}))
    return tuple(steps)
