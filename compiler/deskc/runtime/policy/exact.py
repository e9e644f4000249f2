"""Settings as exact numbers: the decimal that a layer wrote, not the binary fraction nearest to it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

__all__ = ["PLAIN", "aware", "exact", "setting", "shown"]

PLAIN = Context(prec=100)
"""Products of three settings and a sum of money fit whole; only quotients are rounded, at their hundredth digit."""

_DIGITS = 12


def exact(value: float | Decimal) -> Decimal:
    """Return a setting's number as its layer wrote it: 0.1 is a tenth."""
    return Decimal(str(value))


def setting(scope: Mapping[str, Any], path: str) -> Decimal | None:
    """Return the number of a setting by its path, None where the scope has none."""
    value = scope.get(path)
    return None if value is None else exact(value)


def shown(number: Decimal) -> str:
    """Write a number for a sentence: twelve digits at most, no exponent."""
    if not number.is_finite():
        return str(number)
    text = f"{Decimal(f'{number:.{_DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def aware(moment: datetime) -> datetime:
    """Return a moment that says its offset; raise ValueError for one that does not, which is no moment."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        msg = f"{moment.isoformat()} names no time zone, so it is no moment: pass datetime.now(UTC) or the like"
        raise ValueError(msg)
    return moment
