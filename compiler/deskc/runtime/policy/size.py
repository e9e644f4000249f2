"""The size of a new position in usd, before a venue's steps round it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from deskc.runtime.policy.exact import PLAIN, setting, shown
from deskc.runtime.scopes import Scope

__all__ = ["Measured", "Sized", "size"]

_SIZING = "risk.position_sizing"
_SHARE = "trading.position_size_pct"
_FLOOR = "trading.min_position_size_usd"
_ONE, _NOTHING = Decimal(1), Decimal(0)


class Measured(NamedTuple):
    """What a sizing method knows of a trade; None where it is not measured.

    `volatility` is the coin's as a multiple of an average coin's: 2 is twice as volatile. `correlation`, -1 to 1, is
    that of the coin with what is open already. `win_rate`, a fraction, and `payoff`, the average gain over the average
    loss, tell the edge.
    """

    volatility: Decimal | None = None
    correlation: Decimal | None = None
    win_rate: Decimal | None = None
    payoff: Decimal | None = None


class Sized(NamedTuple):
    """What a position may be worth in usd, 0 where it is not worth opening.

    `share` is the fraction of equity that the settings come to before the limits in usd; `bound_by` the path of the
    setting that decided. `unmeasured` are the settings that ask for a measurement that was not given.
    """

    usd: Decimal
    share: Decimal
    bound_by: str
    unmeasured: tuple[str, ...]
    sentence: str


def size(scope: Scope, *, equity_usd: Decimal, measured: Measured | None = None) -> Sized:
    """Return the most that a new position may be worth by the scope's settings, and which of them decides.

    Without `measured` the share is `trading.position_size_pct`, the share of equity that one new position uses. With
    it a sizing method starts at `risk.position_sizing.base_size`, the share of an average position, which every
    adjustment multiplies: one over the volatility where `volatility_adjustment` is true, one minus a correlation above
    zero where `correlation_adjustment` is. Kelly (Kelly 1956, for a bet of two outcomes) allows `kelly_fraction` of
    win_rate - (1 - win_rate) / payoff. `trading.quantity_multiplier` is a plain factor before caps and floors.

    The share never is over position_size_pct times the multiplier, `max_size`, and `risk.global.max_position_size`; the
    sum never over `trading.max_position_size_usd`. What comes to less than `min_position_size_usd` is skipped. An
    adjustment that is on and not measured changes nothing, and is named.

    This is the part before rounding: pass `usd` as the target to the venue's steps, with the same floor and cap
    (`deskc position-size` does so). Raise ValueError where there is no position_size_pct nor a base_size, and for
    measurements that there cannot be.
    """
    _check(measured or Measured(), equity_usd)
    share, bound_by = min(_shares(scope, measured), key=lambda one: one[0])
    usd, cap, least = (
        PLAIN.multiply(share, equity_usd),
        setting(scope, "trading.max_position_size_usd"),
        setting(scope, _FLOOR),
    )
    if cap is not None and usd > cap:
        usd, bound_by = cap, "trading.max_position_size_usd"
    missing = tuple(_unmeasured(scope, measured))
    if usd <= 0 or (least is not None and usd < least):
        why = bound_by if usd <= 0 else _FLOOR
        return Sized(_NOTHING, share, why, missing, f"{shown(usd)} usd are not worth opening, by {why}")
    return Sized(usd, share, bound_by, missing, f"{shown(usd)} usd, by {bound_by}")


def _shares(scope: Scope, measured: Measured | None) -> Iterator[tuple[Decimal, str]]:
    """Yield every share of equity that a setting allows, the one that the scope asks for first."""
    factor = setting(scope, "trading.quantity_multiplier") or _ONE
    asked, anchor = setting(scope, _SHARE), setting(scope, f"{_SIZING}.base_size")
    if asked is None and anchor is None:
        msg = f"{scope!r} sets neither {_SHARE} nor {_SIZING}.base_size, so a position has no share of the equity"
        raise ValueError(msg)
    if asked is not None:
        yield PLAIN.multiply(asked, factor), _SHARE
    if measured is not None or asked is None:
        start = (anchor, f"{_SIZING}.base_size") if anchor is not None else (asked or _NOTHING, _SHARE)
        yield PLAIN.multiply(PLAIN.multiply(start[0], factor), _adjustment(scope, measured or Measured())), start[1]
    yield from _ceilings(scope, measured or Measured())


def _ceilings(scope: Scope, measured: Measured) -> Iterator[tuple[Decimal, str]]:
    for path in (f"{_SIZING}.max_size", "risk.global.max_position_size"):
        most = setting(scope, path)
        if most is not None:
            yield most, path
    part = setting(scope, f"{_SIZING}.kelly_fraction")
    if part is not None and measured.win_rate is not None and measured.payoff is not None:
        odds_against = PLAIN.divide(PLAIN.subtract(_ONE, measured.win_rate), measured.payoff)
        kelly = max(_NOTHING, PLAIN.subtract(measured.win_rate, odds_against))
        yield PLAIN.multiply(part, kelly), f"{_SIZING}.kelly_fraction"


def _adjustment(scope: Scope, measured: Measured) -> Decimal:
    """Return the factor of the adjustments that are on and measured."""
    factor = _ONE
    if measured.volatility is not None and scope.get(f"{_SIZING}.volatility_adjustment", False):
        factor = PLAIN.divide(factor, measured.volatility)
    if measured.correlation is not None and scope.get(f"{_SIZING}.correlation_adjustment", False):
        factor = PLAIN.multiply(factor, PLAIN.subtract(_ONE, max(_NOTHING, measured.correlation)))
    return factor


def _unmeasured(scope: Scope, measured: Measured | None) -> Iterator[str]:
    """Yield the settings that would have counted, had what they need been measured."""
    known = measured or Measured()
    if known.volatility is None and scope.get(f"{_SIZING}.volatility_adjustment", False):
        yield f"{_SIZING}.volatility_adjustment"
    if known.correlation is None and scope.get(f"{_SIZING}.correlation_adjustment", False):
        yield f"{_SIZING}.correlation_adjustment"
    if (known.win_rate is None or known.payoff is None) and f"{_SIZING}.kelly_fraction" in scope:
        yield f"{_SIZING}.kelly_fraction"


def _check(measured: Measured, equity_usd: Decimal) -> None:
    """Raise ValueError for what cannot be."""
    volatility, correlation, win_rate, payoff = measured
    possible = (
        equity_usd.is_finite()
        and (volatility is None or volatility > 0)
        and (correlation is None or -1 <= correlation <= 1)
        and (win_rate is None or 0 <= win_rate <= 1)
        and (payoff is None or payoff > 0)
    )
    if not possible:
        msg = f"an equity of {equity_usd} usd and {measured} cannot be measured, so nothing is sized by them"
        raise ValueError(msg)
