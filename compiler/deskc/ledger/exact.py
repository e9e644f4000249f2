"""Money as exact decimal text: what a bot hands over becomes that, or an error that says why it cannot."""

import re
from decimal import Context, Decimal, Inexact, InvalidOperation

from deskc.runtime.errors import RecordError

__all__ = ["Number", "exact", "middle", "plain", "product"]

Number = Decimal | str | int | float
"""A decimal number: text and Decimal as they are, an int, or a float that stands for one decimal number."""

_TEXT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
_FLOAT_DIGITS = 15  # a decimal of so many digits survives a float; one that needs more was computed in floats
_DIGITS = 60
_EXACT = Context(prec=4 * _DIGITS, traps=[Inexact, InvalidOperation])
_HALF = Decimal("0.5")


def exact(value: Number, name: str) -> Decimal:
    """Return a number as a decimal; raise RecordError, naming it, for what is none, and for floats that are inexact.

    A float is taken for the decimal of up to 15 digits that it prints as, such as 0.1.
    """
    text = value if type(value) is str else _text(value, name)
    if not _TEXT.fullmatch(text):
        msg = f"{name} is {text[:_DIGITS]!r}, which is no decimal number of up to 30 digits on either side"
        raise RecordError(msg, help="pass a Decimal, or text as the venue writes it; None where it is not known")
    number = Decimal(text)
    if isinstance(value, float) and len(number.normalize().as_tuple().digits) > _FLOAT_DIGITS:
        msg = f"{name} is the float {text}, which stands for no decimal number: it was computed in floats"
        raise RecordError(msg, help="pass the text that the venue sent, or compute in Decimal")
    return number or Decimal(0)  # never -0


def _text(value: Number, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (Decimal, str, int, float)):
        msg = f"{name} is {type(value).__name__} {value!r}, which is no decimal number"
        raise RecordError(msg, help="pass a Decimal, or text as the venue writes it")
    return repr(value) if isinstance(value, float) else str(value)


def product(one: Decimal, other: Decimal) -> Decimal:
    """Multiply without rounding."""
    return _EXACT.multiply(one, other)


def middle(one: Decimal, other: Decimal) -> Decimal:
    """Return what lies exactly between two numbers."""
    return _EXACT.multiply(_EXACT.add(one, other), _HALF)


def plain(number: Decimal) -> str:
    """Write a decimal without an exponent, digit by digit as it is."""
    return f"{number:f}"
