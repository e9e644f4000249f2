"""Signals of several strategies and timeframes about one coin, made one decision."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal, NamedTuple

from deskc.runtime.policy.exact import PLAIN, aware, exact, shown

__all__ = ["Decision", "Dropped", "Signal", "aggregate"]

Side = Literal["buy", "sell"]

_CONFLICT = "trading.signal_conflict_resolution"
_TIMEFRAMES = "trading.timeframe_conflict_resolution"
_LEAST = "trading.min_confidence_threshold"
_AGE = "trading.max_signal_age_seconds"
_NOTHING = Decimal(0)
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000}


class Signal(NamedTuple):
    """What a strategy says of the coin: which side to take, how sure it is (0 to 1), and when it said so."""

    strategy: str
    timeframe: str
    side: Side
    confidence: Decimal
    at: datetime


class Dropped(NamedTuple):
    """A signal that counted for nothing, and by which setting."""

    signal: Signal
    setting: str
    sentence: str


class Decision(NamedTuple):
    """What the signals come to; no side is no trade.

    `confidence` is of the side taken, 0 where there is none. `followed` are the signals that stand behind it. `setting`
    is the path of what decided, None where nothing had to; `sentence` says it in words.
    """

    side: Side | None
    confidence: Decimal
    followed: tuple[Signal, ...]
    dropped: tuple[Dropped, ...]
    setting: str | None
    sentence: str


class _Weighed(NamedTuple):
    """A signal with the weight of its strategy and of its timeframe, and the timeframe's length in seconds."""

    signal: Signal
    weight: Decimal
    timeframe_weight: Decimal
    length_s: int

    @property
    def signed(self) -> Decimal:
        """The confidence, below zero where it sells."""
        return self.signal.confidence if self.signal.side == "buy" else -self.signal.confidence

    @property
    def strength(self) -> Decimal:
        """The confidence times both weights."""
        return PLAIN.multiply(PLAIN.multiply(self.signal.confidence, self.weight), self.timeframe_weight)


class _View(NamedTuple):
    """What some signals come to: the confidence, below zero where it sells, who stands behind it, and what decided."""

    signed: Decimal
    followed: tuple[_Weighed, ...]
    setting: str | None = None


def aggregate(signals: Iterable[Signal], trading: Mapping[str, Any], now: datetime) -> Decision:
    """Return what the signals for one coin come to by the settings of `trading`, whatever order they are passed in.

    Dropped are signals that are stale (older than `max_signal_age_seconds`, or as far ahead of the clock), that carry
    less than `min_confidence_threshold`, whose strategy has no weight nor a default, or whose timeframe has none. A
    signal's strength is its confidence times its weights. Signals that agree follow the strongest. Those that
    contradict each other:

    - within a timeframe by `signal_conflict_resolution`. strongest_wins: the highest weighted confidence is traded.
      first_come_first_served: the earliest is traded. weighted_average: confidences are averaged by strategy weight,
      sells below zero. manual_review: nothing is traded until a person decides, wherever any two signals contradict
      each other, in one timeframe or across.
    - then between timeframes by `timeframe_conflict_resolution`. The longest, the shortest is followed, or they are
      averaged by timeframe weight.

    Equals on opposite sides trade nothing, and so does an average below `min_confidence_threshold`. Raise ValueError
    for a moment without a zone, a confidence outside 0 to 1, and a side or a resolution that there is not.
    """
    aware(now)
    kept, dropped = _sifted(sorted(map(_checked, signals)), trading, now)
    if not kept:
        return Decision(None, _NOTHING, (), dropped, None, "no signal is left to follow")
    if _contradict(kept) and trading["signal_conflict_resolution"] == "manual_review":
        sentence = f"{len(kept)} signals contradict each other: nothing is traded until a person decides"
        return Decision(None, _NOTHING, (), dropped, _CONFLICT, sentence)
    return _decision(_across(kept, trading), dropped, exact(trading["min_confidence_threshold"]))


def _checked(signal: Signal) -> Signal:
    aware(signal.at)
    sure = signal.confidence.is_finite() and 0 <= signal.confidence <= 1
    if signal.side not in {"buy", "sell"} or not sure:
        msg = f"{signal.strategy} says {signal.side} at confidence {signal.confidence}: a side and 0 to 1 are needed"
        raise ValueError(msg)
    return signal


def _sifted(
    signals: Sequence[Signal], trading: Mapping[str, Any], now: datetime
) -> tuple[tuple[_Weighed, ...], tuple[Dropped, ...]]:
    judged = [_weighed(signal, trading, now) for signal in signals]
    kept = tuple(one for one in judged if isinstance(one, _Weighed))
    return kept, tuple(one for one in judged if isinstance(one, Dropped))


def _weighed(signal: Signal, trading: Mapping[str, Any], now: datetime) -> _Weighed | Dropped:
    """Return a signal with its weights, or why it counts for nothing."""
    oldest, least = trading["max_signal_age_seconds"], exact(trading["min_confidence_threshold"])
    age, weights = now - signal.at, trading["strategy_weights"]
    weight = weights.get(signal.strategy, weights.get("default"))
    timeframe_weight, length_s = trading["timeframe_weights"].get(signal.timeframe), _length_s(signal.timeframe)
    if abs(age) > timedelta(seconds=oldest):
        return Dropped(signal, _AGE, f"its age of {age.total_seconds():g} s is over {oldest} s")
    if signal.confidence < least:
        return Dropped(signal, _LEAST, f"its confidence of {shown(signal.confidence)} is below {shown(least)}")
    if weight is None:
        return Dropped(signal, "trading.strategy_weights", f"{signal.strategy} has no weight, and there is no default")
    if timeframe_weight is None or length_s is None:
        return Dropped(signal, "trading.timeframe_weights", f"the timeframe {signal.timeframe} has no weight")
    return _Weighed(signal, exact(weight), exact(timeframe_weight), length_s)


def _length_s(timeframe: str) -> int | None:
    """Return a candle's length, a month as thirty days; a tick has none, and what is no timeframe gives None."""
    if timeframe == "tick":
        return 0
    number, unit = timeframe[:-1], timeframe[-1:]
    return int(number) * _UNITS_S[unit] if unit in _UNITS_S and number.isascii() and number.isdigit() else None


def _across(kept: Sequence[_Weighed], trading: Mapping[str, Any]) -> _View:
    """Return what all timeframes come to together."""
    if not _contradict(kept):
        return _strongest(kept)
    longest_last = sorted(kept, key=lambda one: one.length_s)
    views = [
        _within(tuple(same), trading["signal_conflict_resolution"])
        for _, same in groupby(longest_last, key=lambda one: one.length_s)
    ]
    if len(views) == 1:
        return views[0]
    how = trading["timeframe_conflict_resolution"]
    if how == "higher_timeframe_wins":
        return views[-1]._replace(setting=views[-1].setting or _TIMEFRAMES)
    if how == "lower_timeframe_wins":
        return views[0]._replace(setting=views[0].setting or _TIMEFRAMES)
    if how != "weighted_average":
        msg = f"{how} resolves no conflict between timeframes"
        raise ValueError(msg)
    heard = [(view.signed, view.followed[0].timeframe_weight) for view in views]
    return _View(_average(heard), tuple(one for view in views for one in view.followed), _TIMEFRAMES)


def _within(kept: Sequence[_Weighed], how: str) -> _View:
    """Return what the signals of one timeframe come to."""
    if not _contradict(kept):
        return _strongest(kept)
    if how == "strongest_wins":
        return _strongest(kept)._replace(setting=_CONFLICT)
    if how == "first_come_first_served":
        first = min(one.signal.at for one in kept)
        return _strongest([one for one in kept if one.signal.at == first])._replace(setting=_CONFLICT)
    if how == "weighted_average":
        return _View(_average([(one.signed, one.weight) for one in kept]), tuple(kept), _CONFLICT)
    msg = f"{how} resolves no conflict between signals"
    raise ValueError(msg)


def _strongest(kept: Sequence[_Weighed]) -> _View:
    """Return the view of the strongest signal; equals on opposite sides have none."""
    most = max(one.strength for one in kept)
    equals = tuple(one for one in kept if one.strength == most)
    if _contradict(equals):
        return _View(_NOTHING, equals, _CONFLICT)
    surest = max(equals, key=lambda one: one.signal.confidence)
    return _View(surest.signed, (surest,))


def _average(weighed: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    total, weight = _NOTHING, _NOTHING
    for signed, one in sorted(weighed):  # sums are rounded at some digit: one order, one result
        total, weight = PLAIN.add(total, PLAIN.multiply(signed, one)), PLAIN.add(weight, one)
    return PLAIN.divide(total, weight)


def _contradict(kept: Sequence[_Weighed]) -> bool:
    return len({one.signal.side for one in kept}) > 1


def _decision(view: _View, dropped: tuple[Dropped, ...], least: Decimal) -> Decision:
    confidence, followed = abs(view.signed), tuple(one.signal for one in view.followed)
    if view.signed == 0 or confidence < least:
        said = "cancel out" if view.signed == 0 else f"come to {shown(confidence)}, below {shown(least)}"
        why = (view.setting or _LEAST) if view.signed == 0 else _LEAST
        return Decision(None, _NOTHING, (), dropped, why, f"the signals {said}: nothing is traded")
    side: Side = "buy" if view.signed > 0 else "sell"
    voices = ", ".join(f"{one.strategy} {one.timeframe}" for one in followed)
    sentence = f"{side} at confidence {shown(confidence)}, after {voices}"
    return Decision(side, confidence, followed, dropped, view.setting, sentence)
