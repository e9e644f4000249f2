"""Weigh what layers say: which of their lines decide a value of some scope, and which are in vain."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from deskc.core.documents import Leaf
from deskc.core.layers import Layers, Patch
from deskc.core.resolved import Scope, drops
from deskc.core.scopes import Target
from deskc.sdk import Line, Vain

__all__ = ["Weighing"]


class _Standing(NamedTuple):
    """How a line that decides nothing in a scope stands there, by the patches that set the same setting.

    `beneath` begins the run of equal values that the line goes on with; `over` begins the other value that the scope
    ends up with; `after` say the line's own value again, where the scope ends up with that.
    """

    beneath: Patch | None
    over: Patch | None
    after: tuple[Patch, ...]


_Met = dict[tuple[object, ...], _Standing]
"""The standings in which a line was met, one of a kind: a fleet has thousands of scopes."""


class Weighing:
    """Weighs the lines of a desk's layers while its targets are resolved, one after another.

    A line decides in a scope where it begins the value that the scope ends up with: nothing beneath says the same, and
    nothing after it another. Without all the lines that `vain` names every scope is what it is with them. A default
    beneath does not count, because a layer may spell it out.
    """

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._seen: set[Target] = set()
        self._idle: dict[Patch, dict[str, _Met | None]] = {one: dict.fromkeys(one.texts) for one in _own(layers)}

    def take(self, target: Target, scopes: Sequence[Scope]) -> None:
        """Look at the scopes of one target; where one of them is missing, no file that the target reads is judged."""
        bot = self._layers.bots[target.bot]
        chains = {id(section): section.patches for scope in scopes for section in scope.sections.values()}
        for chain in chains.values():
            self._weigh(chain)
        if len(scopes) == 1 + len(bot.coins[target.environment]) * (len(bot.sides) or 1):
            self._seen.add(target)

    def _weigh(self, chain: Sequence[Patch]) -> None:
        """Forget the lines that decide in a chain, and remember how the others stand there."""
        for index, patch in enumerate(chain):
            lines = self._idle.get(patch)
            if lines:
                for path in tuple(lines):
                    standing = _standing(chain, index, path)
                    if standing is None:
                        del lines[path]
                        continue
                    met = lines[path] = lines[path] or {}
                    met.setdefault((standing.beneath is None, standing.over is None, standing.after), standing)

    def vain(self) -> Mapping[str, Mapping[str, Vain]]:
        """Return the lines that decide nowhere, by file and path, of files whose readers were all seen whole.

        What refers to something or is an empty map is not judged, nor is a template: it is written for many.
        """
        found: dict[str, dict[str, Vain]] = {}
        for patch, lines in self._idle.items():
            if lines and self._seen.issuperset(self._layers.readers[patch.file]):
                for path, met in lines.items():
                    why = self._why(path, tuple(met.values())) if met and _is_plain(patch.leaves[path]) else None
                    if why is not None:
                        found.setdefault(patch.file, {})[path] = why
        return found

    def _why(self, path: str, met: Sequence[_Standing]) -> Vain | None:
        """Return why a line is vain; None where it has to stay, because all that repeat it may be vain themselves."""
        over: list[Patch] = []
        for one in met:
            others = [patch for patch in one.after if self._stays(patch, path)] if one.over is None else [one.over]
            if one.beneath is None and not others:
                return None
            over += others
        holds = any(one.over is None and not one.after for one in met)
        beneath = [one.beneath for one in met if one.beneath is not None]
        is_shadowed = not holds and len(beneath) < len(met)
        return Vain(is_shadowed, Line((over if is_shadowed else beneath)[0].file, path))

    def _stays(self, patch: Patch, path: str) -> bool:
        """Say whether nobody is told to delete a line: it decides somewhere, or it is a template's."""
        return path not in self._idle.get(patch, {})


def _own(layers: Layers) -> Iterator[Patch]:
    """Yield what layers say themselves, after their templates."""
    for level in layers.levels:
        for spots in level.layers.values():
            for layer in spots.values():
                yield from (patches[-1] for patches in layer.patches.values() if patches[-1].file == layer.path)


def _standing(chain: Sequence[Patch], index: int, path: str) -> _Standing | None:
    """Return how a line stands in a chain of patches; None where it decides."""
    value = chain[index].texts[path]
    over: Patch | None = None
    after: list[Patch] = []
    for patch in chain[index + 1 :]:
        said = patch.texts.get(path)
        if said == value:
            after.append(patch)
        elif said is not None:
            over, value = patch, said
    beneath = _beneath(chain, index, path)
    if over is not None:
        return _Standing(beneath, over, ())
    return _Standing(beneath, None, tuple(after)) if beneath or after else None


def _beneath(chain: Sequence[Patch], index: int, path: str) -> Patch | None:
    """Return what began the run of equal values that a line only goes on with; the defaults are no part of one."""
    text = chain[index].texts[path]
    found: Patch | None = None
    for patch in chain[index:0:-1]:
        if path in patch.texts:
            if patch.texts[path] != text:
                break
            found = patch
        if patch.drops and _takes(patch, path):
            break
    return None if found is chain[index] else found


def _takes(patch: Patch, path: str) -> bool:
    return any(drops(drop, path) for drop in patch.drops)


def _is_plain(leaf: Leaf) -> bool:
    """Say whether a line sets a value: no reference, and no empty map, which says only that there is one."""
    return leaf.value != {} and "${" not in leaf.text
