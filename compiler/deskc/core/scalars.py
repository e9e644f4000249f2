"""Plain scalars by YAML 1.2's core schema (YAML 1.2.2, section 10.3.2), kept to what JSON readers hold exactly."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from deskc.core import canonical

__all__ = ["ScalarError", "plain", "read_default"]

_SAFE_INTEGER = 2**53
_SAFE_DIGITS = 16  # 2^53 has as many
_SHOWN = 40  # characters of a hostile number that a message repeats

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST_OF_NUMBER = frozenset("+-.0123456789")


class ScalarError(ValueError):
    """A plain scalar that is a number which no JSON number stands for; `help` says what to write instead."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = way_out


@lru_cache(maxsize=1 << 14)  # a fleet's files repeat few texts often
def plain(text: str) -> tuple[bool | int | float | str | None, str]:
    """Resolve a plain scalar; return the value and its canonical JSON.

    Integral numbers are integers however they are written (1.0 and 1e3). Raise ScalarError for a number that no
    double holds exactly as written, for integers of 2^53 or more, NaN and infinities.
    """
    if text in _WORDS:
        word = _WORDS[text]
        return word, canonical.encode(word)
    if text[0] in _FIRST_OF_NUMBER:
        if _NUMBER.fullmatch(text):
            return _number(text)
        if _OTHER_BASE.fullmatch(text):
            return _integer(int(text, 0), text)
        if _NOT_FINITE.fullmatch(text):
            msg = f"{text} is no number that a setting can have"
            raise ScalarError(msg, "write a finite number, or null where the setting takes it")
    return text, canonical.string(text)


def _number(text: str) -> tuple[int | float, str]:
    if _WHOLE.fullmatch(text):
        digits = text.lstrip("+-0")
        size = int(digits or "0") if len(digits) <= _SAFE_DIGITS else _SAFE_INTEGER
        return _integer(-size if text[0] == "-" else size, text)
    value = float(text)
    if repr(value) != text and not _holds(value, text):
        way_out = f"write {value!r}" if abs(value) < float("inf") else "write a smaller number"
        msg = f"no double holds {_shown(text)} exactly"
        raise ScalarError(msg, way_out)
    if value.is_integer():
        return _integer(int(value), text)
    return value, canonical.number(value)


def _holds(value: float, text: str) -> bool:
    """Say whether a double is the number that was written; a number out of a Decimal's reach is not."""
    try:
        return Decimal(text) == Decimal(repr(value))
    except InvalidOperation:
        return False


def _integer(value: int, text: str) -> tuple[int, str]:
    if abs(value) >= _SAFE_INTEGER:
        msg = f"the integer {_shown(text)} is not below 2^53, so readers may round it"
        raise ScalarError(msg, "write a smaller number, or quote it as text")
    return value, str(value)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def read_default(text: str, kind: str) -> bool | int | float | str | None:
    """Read the default of a late reference as a bot will: `kind` is a JSON type; None where the text is none of it."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    if kind == "integer":
        whole = _WHOLE.fullmatch(text) and len(text.lstrip("+-")) <= _SAFE_DIGITS and abs(int(text)) < _SAFE_INTEGER
        return int(text) if whole else None
    if kind == "number":
        return float(text) if _NUMBER.fullmatch(text) and abs(float(text)) < float("inf") else None
    return text
