"""The desk as declared: environments, hierarchy, folders and bots."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from deskc.core.scopes import Target

__all__ = ["AXES", "NAMES", "Bot", "Desk", "Pattern", "overlapping"]

AXES = ("environment", "exchange", "strategy", "bot", "coin", "side")

NAMES: Mapping[str, str] = {
    "environment": "[a-z0-9_]{1,40}",
    "exchange": "[a-z0-9_]{1,40}",
    "strategy": "[a-z0-9_]{1,40}",
    "bot": "[a-z0-9_]{1,40}",
    "coin": "[A-Za-z0-9@_-]{1,40}",
    "side": "[A-Z]{1,10}",
}
"""What each axis may be called, as a regular expression; none may hold a dot or a slash."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One level of the hierarchy: a path in the desk with axes in braces, such as `coins/{coin}.{side}.yaml`."""

    text: str
    axes: tuple[str, ...] = field(init=False)
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the variables; the caller has checked that each is an axis."""
        pieces = _VARIABLE.split(self.text)
        seen: set[str] = set()
        regex = ""
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                regex += re.escape(piece)
            else:
                regex += f"(?P={piece})" if piece in seen else f"(?P<{piece}>{NAMES[piece]})"
                seen.add(piece)
        object.__setattr__(self, "axes", tuple(dict.fromkeys(pieces[1::2])))
        object.__setattr__(self, "_regex", re.compile(regex))

    @property
    def is_ambiguous(self) -> bool:
        """Say whether two variables stand together without what ends a name: a dot or a slash."""
        between = _VARIABLE.split(self.text)[2:-1:2]
        return any("." not in piece and "/" not in piece for piece in between)

    @property
    def own_axes(self) -> tuple[str, ...]:
        """Return the axes that a whole target has one name for: all but coin and side."""
        return tuple(axis for axis in self.axes if axis not in ("coin", "side"))

    @property
    def declares(self) -> bool:
        """Say whether this level holds the files in which bots are declared."""
        return self.axes == ("bot",) and self.text.endswith("/bot.yaml")

    def match(self, path: str) -> dict[str, str] | None:
        """Return what each axis is called in a path, or None where the path is of another level."""
        found = self._regex.fullmatch(path)
        return found.groupdict() if found else None

    def path(self, names: Mapping[str, str]) -> str:
        """Return the path for these names."""
        return self.text.format_map(names)


def overlapping(first: Pattern, second: Pattern) -> bool:
    """Say whether one path could belong to both patterns."""
    left, right = _units(first), _units(second)
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        i, j = state
        if i == len(left) and j == len(right):
            return True
        waiting += _next(left, right, i, j)
    return False


def _units(pattern: Pattern) -> tuple[tuple[str, bool], ...]:
    """Split a pattern into characters and axes; each is (characters as a regular expression class, repeats)."""
    units: list[tuple[str, bool]] = []
    for index, piece in enumerate(_VARIABLE.split(pattern.text)):
        if index % 2:
            units.append((NAMES[piece].partition("{")[0], True))
        else:
            units += [(char, False) for char in piece]
    return tuple(units)


def _next(
    left: tuple[tuple[str, bool], ...], right: tuple[tuple[str, bool], ...], i: int, j: int
) -> list[tuple[int, int]]:
    """Return the states after one shared character, and after leaving a repetition."""
    if i == len(left) or j == len(right):
        return []
    (a, a_repeats), (b, b_repeats) = left[i], right[j]
    if not _share(a, b, a_repeats=a_repeats, b_repeats=b_repeats):
        return []
    states = [(i + 1, j + 1)]
    if a_repeats:
        states.append((i, j + 1))
    if b_repeats:
        states.append((i + 1, j))
    return states


def _share(a: str, b: str, *, a_repeats: bool, b_repeats: bool) -> bool:
    if a_repeats and b_repeats:
        return any(re.match(a, char) and re.match(b, char) for char in map(chr, range(33, 127)))
    if a_repeats:
        return re.match(a, b) is not None
    return a == b if not b_repeats else re.match(b, a) is not None


class Desk(NamedTuple):
    """A desk.yaml as read. Folders are relative to the repository's root and end with a slash, `folder` may be empty.

    `environments` says for each who may write (direct or proposal); `approvals` who owns a setting path.
    """

    folder: str
    environments: Mapping[str, str]
    hierarchy: tuple[Pattern, ...]
    schemas: str
    validators: str
    markets: str
    signatures: str
    approvals: Mapping[str, tuple[str, ...]]
    experiments: str | None

    @property
    def file(self) -> str:
        """Return the path of desk.yaml."""
        return f"{self.folder}desk.yaml"

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders that a build reads, each once."""
        return tuple(dict.fromkeys((self.folder, self.schemas, self.validators)))

    def overlaps(self) -> tuple[tuple[Pattern, Pattern], ...]:
        """Return the pairs of patterns that could name one file."""
        levels = self.hierarchy
        return tuple(
            (one, other) for i, one in enumerate(levels) for other in levels[i + 1 :] if overlapping(one, other)
        )


class Bot(NamedTuple):
    """A bot as its bot.yaml declares it; `coins` by environment; no sides means scopes without one."""

    id: str
    exchange: str | None
    strategy: str | None
    coins: Mapping[str, tuple[str, ...]]
    sides: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    account: str | None = None

    @property
    def is_service(self) -> bool:
        """Say whether the bot trades nothing and runs no strategy; it then loads no more than what services need."""
        return self.strategy is None and not any(self.coins.values())

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return every (environment, bot) of this bot, in order."""
        return tuple(Target(environment, self.id) for environment in sorted(self.coins))

    def names(self, environment: str) -> dict[str, str]:
        """Return what the axes of a bot-level scope are called; a service bot may lack exchange and strategy."""
        own = {"environment": environment, "exchange": self.exchange, "strategy": self.strategy, "bot": self.id}
        return {axis: name for axis, name in own.items() if name is not None}
