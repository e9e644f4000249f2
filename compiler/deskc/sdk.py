"""All that a rule may import: the scope it judges, the finding it yields, and the decorator that makes it a rule."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from deskc.core import paths, resolved
from deskc.core.desk import Bot
from deskc.core.findings import Severity
from deskc.markets.facts import FACTS, NOTHING_KNOWN, Bracket, Market, Markets, Price
from deskc.markets.sizing import Lot, Order, Refusal, lot_of, size_order, target_usd

if TYPE_CHECKING:
    from deskc.ladder.verdict import Broken  # at run time only for desks that have ladders

__all__ = [
    "Bracket",
    "Finding",
    "Layer",
    "Level",
    "Line",
    "Lot",
    "Market",
    "Order",
    "Price",
    "Refusal",
    "Rule",
    "Scope",
    "Spot",
    "Vain",
    "lot_of",
    "rule",
    "size_order",
    "target_usd",
]

Level = Literal["layer", "scope", "bot", "desk", "change"]
"""What a rule is given: one file as it is written, one scope, all scopes of one (environment, bot), all of the desk, or
a scope before and after."""


class Spot(NamedTuple):
    """A setting of one scope, for rules that see several.

    So are its label, `config_version`, and each fact of its market, such as `market.min_notional_usd`.
    """

    scope: "Scope"
    path: str


class Line(NamedTuple):
    """A setting where a file sets it, for rules that see files."""

    file: str
    path: str


class Vain(NamedTuple):
    """Why no scope would change if a file did not set a setting.

    `other` sets the same value beneath it already; where `is_shadowed`, more specific layers set the setting in every
    scope that reads the file, and `other` is one of them.
    """

    is_shadowed: bool
    other: Line


class Layer(NamedTuple):
    """One YAML file of the desk as it is written: every scalar and empty collection by its path, items of lists too.

    `vain` are the settings that it sets in vain, a list as a whole; known where every scope that reads the file is.
    """

    path: str
    written: Mapping[str, Any]
    vain: Mapping[str, Vain] = MappingProxyType({})

    def contradictions(self) -> "tuple[Broken, ...]":
        """Return how the bounds that a file writes in section `ladder` contradict each other, over the defaults."""
        from deskc.ladder.verdict import contradictions  # noqa: PLC0415 - most desks have no ladder

        section: dict[str, Any] = {}
        for path, value in self.written.items():
            name, *steps = paths.split(path)
            if name == "ladder" and len(steps) > 1 and steps[0] != "orders":
                group = section.setdefault(str(steps[0]), {})
                if len(steps) == 2:  # noqa: PLR2004 - a group and a setting; what follows is an item of a list
                    group[steps[1]] = value
                else:
                    group.setdefault(steps[1], []).append(value)
        return tuple(
            one._replace(spots=spots)
            for one in contradictions(section)
            if (spots := tuple(spot for spot in map(self._written_at, one.spots) if spot))
        )

    def _written_at(self, path: str) -> str:
        """Return where a setting, or the first item of its list, is written; empty where it is not."""
        return next((one for one in (path, paths.item(path, 0)) if one in self.written), "")


class Scope:
    """One resolved scope as a rule sees it: `scope["trading.leverage"]` is the value.

    `exchange` is the bot's primary venue, None for a service that trades nowhere; `account` is the bot's, None where it
    names none; `config_version` is the label that people gave these settings.
    """

    __slots__ = (
        *("_leaves", "_market", "_markets", "_scope", "_side", "asked_side"),
        *("account", "bot", "coin", "config_version", "environment", "exchange"),
    )

    def __init__(self, scope: resolved.Scope, bot: Bot, markets: Markets = NOTHING_KNOWN) -> None:
        self._scope = scope
        self._leaves: Mapping[str, Any] = {}
        self._markets = markets
        self.environment, self.bot, self.coin, self._side, _ = scope.id
        self.asked_side = False
        self.exchange = bot.exchange
        self.account = bot.account
        self.config_version: str | None = None if scope.config_version is None else scope.config_version.value
        self._market = markets.find(bot.exchange, self.coin)

    def __getitem__(self, path: str) -> Any:  # noqa: ANN401 - a setting may have any JSON value
        """Return the value at a setting path; raise KeyError where the scope has none."""
        leaf = (self._leaves or self._merged()).get(path)
        if leaf is None or leaf.value.__class__ in (dict, list):  # what is no scalar, the scope puts together
            return self._scope.value(path)
        return leaf.value

    @property
    def side(self) -> str | None:
        """Return the position side, None where the bot tells none apart; whoever asked has to be asked for each."""
        self.asked_side = True
        return self._side

    def _merged(self) -> Mapping[str, Any]:
        self._leaves = self._scope.leaves()
        return self._leaves

    def is_written(self, path: str) -> bool:
        """Say whether some layer sets a setting, which otherwise has its schema's default or is not there."""
        leaf = (self._leaves or self._merged()).get(path)
        return leaf is not None and leaf.line > 0

    def __contains__(self, path: str) -> bool:
        """Say whether the scope has something at a setting path."""
        if self._scope.find(path) is not None:
            return True
        try:
            self._scope.value(path)
        except KeyError:
            return False
        return True

    def get(self, path: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at a setting path, or the default where the scope has none."""
        try:
            return self[path]
        except KeyError:
            return default

    def broken_bounds(self, code: str) -> "tuple[Broken, ...]":
        """Return what section `ladder` breaks of a hard constraint: its orders, or where it has none its bounds."""
        from deskc.ladder.verdict import broken  # noqa: PLC0415 - most desks have no ladder

        return tuple(one for one in broken(self._scope.sections["ladder"].text) if one.code == code)

    @property
    def market(self) -> Market:
        """Return the coin's facts at the bot's exchange; raise LookupError where there are none.

        A rule that names its `facts` is only given scopes where they are known.
        """
        if self._market is None:
            msg = f"no market facts of {self.coin} at {self.exchange} are known"
            raise LookupError(msg)
        return self._market

    def market_of(self, exchange: str, coin: str) -> Market | None:
        """Return the facts of a leg, a coin at any exchange, or None where there are none."""
        return self._markets.find(exchange, coin)

    def knows(self, facts: tuple[str, ...]) -> bool:
        """Say whether all of these facts are known of the coin at the bot's exchange."""
        return self._market is not None and self._market.unknown.isdisjoint(facts)

    def at(self, path: str) -> Spot:
        """Name a setting of this scope in a finding."""
        return Spot(self, path)


class Finding(NamedTuple):
    """What a rule has to say; the engine turns setting paths into files and lines."""

    spots: tuple[str | Spot | Line, ...]
    message: str
    help: str
    severity: Severity

    @staticmethod
    def at(
        spot: str | Spot | Line,
        *others: str | Spot | Line,
        message: str,
        help: str,  # noqa: A002 - findings have a help
        severity: Severity = "error",
    ) -> "Finding":
        """Say something about a setting; the first is where to look, the others explain it."""
        return Finding((spot, *others), message, help, severity)


class Rule(NamedTuple):
    """A rule as loaded; the loader sets `file`, and `title` from its module's first line; `doc` is its docstring."""

    code: str
    needs: tuple[str, ...]
    level: Level
    judge: Callable[..., Iterable[Finding]]
    doc: str
    file: str = ""
    title: str = ""
    facts: tuple[str, ...] = ()


def rule(
    code: str, *, needs: tuple[str, ...] = (), facts: str | tuple[str, ...] = (), level: Level = "scope"
) -> Callable[[Callable[..., Iterable[Finding]]], Rule]:
    """Make a function a rule: `needs` are the setting paths without which it is skipped.

    `{exchange}` in a path stands for the bot's primary venue.

    `facts` names what must be known of the coin at the bot's exchange, such as `min_notional_usd`: a scope that lacks
    one is left out and the engine says that the rule could not run there. The bot's own scope has no coin, so it is
    left out too. Raise ValueError for a name that is no fact.
    """
    named = (facts,) if isinstance(facts, str) else facts
    for name in named:
        if name not in FACTS:
            msg = f"{name} is no fact of a market; facts are {', '.join(FACTS)}"
            raise ValueError(msg)

    def made(judge: Callable[..., Iterable[Finding]]) -> Rule:
        return Rule(code, needs, level, judge, judge.__doc__ or "", facts=named)

    return made
