"""Leverage as the settings want it: set at the venue, read back after each set, and sized by what was read.

A setting is tried, and the trade goes on with what the venue then has, or is refused; each time a row in the ledger
says which, and an event where the venue has not what the settings want.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import time_ns
from typing import Any, Literal, NamedTuple, Protocol

from deskc.core.errors import DeskcError
from deskc.exchange.library import library
from deskc.exchange.meanings import Meaning, meaning
from deskc.ledger.ledger import Ledger, LeverageRow, Run
from deskc.runtime.scopes import Scope

__all__ = ["Leverage", "Leverages", "Tell"]

Severity = Literal["warning", "error"]


class Tell(Protocol):
    """Where events go: `Recorder.system_event`, or a hook with its shape."""

    def __call__(self, event: str, message: str, *, severity: Severity, details: Mapping[str, Any] | None) -> object:
        """Take one event."""


class Wanted(NamedTuple):
    """What a scope's settings ask of the venue: leverage in x, and `isolated` or `cross`."""

    leverage: int
    margin_type: str
    hedged: bool


class Actual(NamedTuple):
    """What the venue has, as it said just now; None for what it did not say."""

    leverage: int | None
    margin_type: str | None
    hedged: bool | None


@dataclass(frozen=True, slots=True)
class Leverage:
    """What the settings want of a coin, what the venue has, and what orders may be sized by.

    `problem` is empty where nothing went wrong. `last_attempt_ns` is when something was set, None where nothing was;
    times are unix nanoseconds.
    """

    coin: str
    side: str | None
    symbol: str | None
    configured: int
    configured_margin_type: str
    actual: int | None
    margin_type: str | None
    refused: bool
    problem: str
    last_attempt_ns: int | None
    at_ns: int

    @property
    def sizing(self) -> int | None:
        """The leverage that sizes use: the actual one; None where there must be no order."""
        return None if self.refused else self.actual

    @property
    def differs(self) -> bool:
        """Say whether the venue has something else than the settings want, or nobody knows."""
        return (self.actual, self.margin_type) != (self.configured, self.configured_margin_type)


class Leverages:
    """Keeps the leverage of one bot's coins at its venue.

    `client` is ccxt's (see `open_client`), `symbols` the venue's name of each coin out of the market lock, `tell` where
    events go.
    """

    def __init__(self, client: Any, run: Run, *, symbols: Mapping[str, str], ledger: Ledger, tell: Tell) -> None:  # noqa: ANN401 - ccxt publishes no types
        self._client = client
        self._run = run
        self._symbols = symbols
        self._ledger = ledger
        self._tell = tell

    def status(self, scope: Scope) -> Leverage:
        """Read what the venue has of a coin, and set nothing."""
        return self._kept(scope, self._asked(scope, lambda _: ()))

    def ensure(self, scope: Scope) -> Leverage:
        """Set what the venue has otherwise than the scope's settings want, and read back what it has then."""
        return self._kept(scope, self._asked(scope, self._differing))

    def force(self, scope: Scope) -> Leverage:
        """Set everything, whatever the venue has, and read back what it has then."""
        return self._kept(scope, self._asked(scope, lambda _: _STEPS))

    def sync_all(self, scopes: Iterable[Scope]) -> tuple[Leverage, ...]:
        """Ensure the leverage of every coin of `snapshot.scopes`; one that goes wrong does not keep the others.

        A venue keeps one leverage a symbol, so a coin whose sides want two is refused and nothing of it is set.
        """
        return self._each(scopes, self.ensure)

    def status_all(self, scopes: Iterable[Scope]) -> tuple[Leverage, ...]:
        """Read what the venue has of every coin of `snapshot.scopes`."""
        return self._each(scopes, self.status)

    def _each(self, scopes: Iterable[Scope], bring: Callable[[Scope], Leverage]) -> tuple[Leverage, ...]:
        by_coin: dict[str | None, list[Scope]] = {}
        for scope in scopes:
            by_coin.setdefault(scope.coin, []).append(scope)
        return tuple(
            bring(sides[0]) if len({*map(wanted, sides)}) == 1 else self._torn(sides) for sides in by_coin.values()
        )

    def _torn(self, scopes: list[Scope]) -> Leverage:
        """Refuse a coin whose sides want two things of one symbol."""
        asked = ", ".join(f"{scope.side} {wanted(scope).leverage}x {wanted(scope).margin_type}" for scope in scopes)
        sentence = f"the sides want {asked}, and the venue keeps one a symbol"
        course = self._asked(scopes[0], lambda _: ())
        return self._kept(scopes[0], course._replace(refused=True, problems=(sentence, *course.problems)))

    def _asked(self, scope: Scope, steps: "Callable[[tuple[Wanted, Actual]], Iterable[Step]]") -> "_Course":
        """Read, set and read back; what the venue says at any of it ends in problems, never in an exception."""
        want, coin = wanted(scope), str(scope.coin)
        symbol = self._symbols.get(coin)
        if symbol is None:
            return _Course(_NOTHING, refused=True, problems=(f"the market lock names no symbol of {coin}",))
        before = self._read(symbol)
        course = _Course(before.actual, refused=before.refused, problems=before.problems)
        todo = () if course.refused else tuple(steps((want, course.actual)))
        if not todo:
            return _judged(course, want)
        tried = time_ns()
        said = self._set(symbol, want, todo)
        after = self._read(symbol)
        refused = after.refused or any(one.course == "refuse" for one in said)
        problems = (*(one.sentence for one in said if one.course != "fine"), *after.problems)
        return _judged(_Course(after.actual, refused=refused, problems=problems, last_attempt_ns=tried), want)

    def _differing(self, of: tuple[Wanted, Actual]) -> "Iterable[Step]":
        want, actual = of
        return (
            step for step, one, other in zip(_STEPS, _in_order(want), _in_order(actual), strict=True) if one != other
        )

    def _set(self, symbol: str, want: Wanted, steps: "Iterable[Step]") -> tuple[Meaning, ...]:
        """Set one thing after the other until one is refused, and return what the venue said against it."""
        said: list[Meaning] = []
        for step in steps:
            try:
                step(self._client, symbol, want)
            except library().BaseError as error:
                said.append(meaning(error))
                if said[-1].course == "refuse":
                    break
        return tuple(said)

    def _read(self, symbol: str) -> "_Course":
        """Ask the venue what it has; what it does not say must not be traded on."""
        try:
            if not self._client.markets:
                self._client.load_markets()
            name = self._client.market(symbol)["symbol"]
            hedged = self._client.fetch_position_mode(name)["hedged"]
            found = self._client.fetch_leverages([name]).get(name, {})
        except library().BaseError as error:
            return _Course(_NOTHING, refused=True, problems=(f"nothing could be read: {meaning(error).sentence}",))
        leverage = found.get("longLeverage")
        if leverage is None:
            return _Course(_NOTHING, refused=True, problems=("the venue did not say which leverage it has",))
        return _Course(Actual(leverage, found.get("marginMode"), hedged), refused=False)

    def _kept(self, scope: Scope, course: "_Course") -> Leverage:
        """Put an answer on record, tell of what is not as the settings want it, and return it."""
        want, coin, now = wanted(scope), str(scope.coin), time_ns()
        answer = Leverage(
            coin=coin,
            side=scope.side,
            symbol=self._symbols.get(coin),
            configured=want.leverage,
            configured_margin_type=want.margin_type,
            actual=course.actual.leverage,
            margin_type=course.actual.margin_type,
            refused=course.refused,
            problem="; ".join(dict.fromkeys(course.problems)),
            last_attempt_ns=course.last_attempt_ns,
            at_ns=now,
        )
        self._ledger.record_leverage(_row(self._run, answer))
        if answer.refused or answer.differs or answer.problem:
            self._tell(
                "leverage",
                _sentence(answer),
                severity="error" if answer.refused else "warning",
                details=_details(answer),
            )
        return answer


Step = Callable[[Any, str, Wanted], object]
_NOTHING = Actual(None, None, None)


class _Course(NamedTuple):
    """How far one coin came: what was read last, whether it may be traded, and what went wrong."""

    actual: Actual
    refused: bool
    problems: tuple[str, ...] = ()
    last_attempt_ns: int | None = None


def wanted(scope: Scope) -> Wanted:
    """Return what a scope's settings want; raise DeskcError where it sets no leverage, or is no coin's."""
    if scope.coin is None:
        raise DeskcError("leverage is a coin's, and none is named", help="pass the scope of a coin")
    leverage = scope.get("trading.leverage")
    if isinstance(leverage, bool) or not isinstance(leverage, int):
        raise DeskcError(f"{scope.coin} sets no trading.leverage", help="set it in a layer")
    mode = scope.get("trading.position_mode", "one-way")
    return Wanted(leverage, str(scope.get("trading.margin_type", "isolated")), mode == "hedge")


def _in_order(one: Wanted | Actual) -> tuple[object, ...]:
    """Return what each step sets: the mode first, for it is the account's; leverage last, as margin may bound it."""
    return one.hedged, one.margin_type, one.leverage


_STEPS: tuple[Step, ...] = (
    lambda client, symbol, want: client.set_position_mode(want.hedged, client.market(symbol)["symbol"]),
    lambda client, symbol, want: client.set_margin_mode(want.margin_type, client.market(symbol)["symbol"]),
    lambda client, symbol, want: client.set_leverage(want.leverage, client.market(symbol)["symbol"]),
)


def _judged(course: _Course, want: Wanted) -> _Course:
    """Say where the venue took what was set and has something else; refuse in the other position mode."""
    if course.actual.hedged in (None, want.hedged):
        return course._replace(problems=course.problems or _silently(course, want))
    modes = {True: "hedge", False: "one-way"}
    sentence = f"the account is in {modes[not want.hedged]} mode, and trading.position_mode is {modes[want.hedged]}"
    return course._replace(refused=True, problems=(*course.problems, sentence))


def _silently(course: _Course, want: Wanted) -> tuple[str, ...]:
    has = course.actual
    if course.last_attempt_ns is None or (has.leverage, has.margin_type) == (want.leverage, want.margin_type):
        return ()
    return (f"{want.leverage}x {want.margin_type} was set without an error, and the venue has another",)


def _row(run: Run, answer: Leverage) -> LeverageRow:
    return LeverageRow(
        environment=run.environment,
        bot=run.bot,
        account=run.account,
        coin=answer.coin,
        symbol=answer.symbol,
        configured=answer.configured,
        actual=answer.actual,
        margin_type=answer.margin_type,
        last_attempt_ns=answer.last_attempt_ns,
        error=answer.problem or None,
        at_ns=answer.at_ns,
    )


def _sentence(answer: Leverage) -> str:
    has = (
        "nobody knows what the venue has"
        if answer.actual is None
        else (f"the venue has {answer.actual}x {answer.margin_type or 'of an unknown margin type'}")
    )
    course = "no order is sized" if answer.sizing is None else f"sizes use {answer.sizing}x"
    why = f" ({answer.problem})" if answer.problem else ""
    return (
        f"{answer.coin}: {answer.configured}x {answer.configured_margin_type} is configured, {has}, and {course}{why}"
    )


def _details(answer: Leverage) -> Mapping[str, Any]:
    return {
        "coin": answer.coin,
        "side": answer.side,
        "symbol": answer.symbol,
        "setting": "trading.leverage",
        "configured": answer.configured,
        "actual": answer.actual,
        "margin_type": answer.margin_type,
        "sizing": answer.sizing,
        "error": answer.problem or None,
    }
