"""Draw what the synthetic fleet's layers say, so that no line is in vain.

Each layer has a home, one scope that it reaches, where what it says differs from what the layers beneath it say there
and no other layer says it again. So nothing that a layer says is redundant, and nothing is overruled everywhere.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from parameters import Parameter

__all__ = ["Draws", "Names"]

Names = Mapping[str, str]
"""What axes are called, by axis."""

_Path = tuple[str, ...]
_AXES = ("environment", "bot", "coin", "side")
_SHARE = 0.2  # of what a coin's layer could set, this much it sets


class Draws:
    """What layers say, drawn one after another from the least specific level to the most.

    `axes` says which names an axis has; home has the first of those that a layer's own path leaves open. `traits` names
    a bot's venue and strategy.
    """

    def __init__(
        self, hierarchy: Sequence[str], axes: Mapping[str, Sequence[str]], traits: Callable[[str], Names], seed: int
    ) -> None:
        self._hierarchy = hierarchy
        self._axes = axes
        self._traits = traits
        self._seed = seed
        self._said: dict[str, dict[_Path, Any]] = {}
        self._held: dict[tuple[str, ...], set[_Path]] = {}

    def drawn(self, pattern: str, names: Names, parameters: Iterable[Parameter]) -> list[tuple[Parameter, Any]]:
        """Return what a layer says of these parameters; who calls leaves to each a scope where nobody says it again."""
        path = pattern.format_map(names)
        rng = random.Random(f"{self._seed}:{path}")
        said = [(one, _other(one, rng, self._beneath(pattern, names, one.path))) for one in parameters]
        self._said[path] = {parameter.path: value for parameter, value in said}
        return said

    def sparse(self, pattern: str, names: Names, could: Sequence[Parameter]) -> list[tuple[Parameter, Any]]:
        """Return what a coin's layer says: about a fifth of what it could, without what others hold or say again."""
        rng = random.Random(f"{self._seed}:{pattern.format_map(names)}:chosen")
        taken = self._overruled(pattern, names).union(
            *(self._held.get(scope, ()) for scope in product(*(self._open(axis, names) for axis in _AXES)))
        )
        count = max(4, round(len(could) * _SHARE + 4 * rng.random() - 2))
        shuffled = sorted((one.path for one in could), key=lambda _: rng.random())
        chosen = [path for path in shuffled if path not in taken][:count]
        home = self._home(names)
        self._held.setdefault(tuple(home[axis] for axis in _AXES), set()).update(chosen)
        return self.drawn(pattern, names, [one for one in could if one.path in chosen])

    def _open(self, axis: str, names: Names) -> Sequence[str]:
        return (names[axis],) if axis in names else self._axes[axis]

    def _home(self, names: Names) -> dict[str, str]:
        home = {axis: self._open(axis, names)[0] for axis in _AXES}
        return {**home, **self._traits(home["bot"]), **names}

    def _beneath(self, pattern: str, names: Names, path: _Path) -> Any:  # noqa: ANN401 - any JSON value
        """Return what holds at home without a layer; maps merge, and None stands for nothing."""
        found: Any = None
        for lower in self._hierarchy[: self._hierarchy.index(pattern)]:
            value = self._said.get(lower.format_map(self._home(names)), {}).get(path)
            if value is not None:
                found = {**(found or {}), **value} if isinstance(value, dict) else value
        return found

    def _overruled(self, pattern: str, names: Names) -> set[_Path]:
        """Return what more specific layers say at home already."""
        upper = self._hierarchy[self._hierarchy.index(pattern) + 1 :]
        home = self._home(names)
        return {one for above in upper for one in self._said.get(above.format_map(home), ())}


def _other(parameter: Parameter, rng: random.Random, beneath: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Draw until a value, or each entry of a map, is another than the one beneath."""
    while True:
        value = parameter.draw(rng)
        if isinstance(value, dict) and beneath is not None:
            if not value.items() & beneath.items():
                return value
        elif value is None or value != beneath:
            return value
