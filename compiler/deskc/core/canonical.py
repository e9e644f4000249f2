"""Canonical JSON after RFC 8785: one value, one sequence of bytes."""

import hashlib
import math
import re
from collections.abc import Mapping
from typing import NewType, cast

__all__ = ["Digest", "Json", "digest", "encode", "key_order", "number", "string"]

Digest = NewType("Digest", str)
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_ESCAPE = re.compile(r'[\x00-\x1f"\\\ud800-\udfff]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SAFE_INTEGER = 2**53
_PLAIN_EXPONENTS = range(-6, 21)  # ECMAScript writes 1e21 and 1e-7 with an exponent, what lies between without


def digest(data: bytes | memoryview) -> Digest:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return cast("Digest", hashlib.sha256(data).hexdigest())


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if "\ud800" <= char <= "\udfff":
        msg = "a lone surrogate has no canonical form"
        raise ValueError(msg)
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def string(text: str) -> str:
    """Quote a string by RFC 8785 section 3.2.2.2; raise ValueError for a lone surrogate."""
    return f'"{text}"' if _ESCAPE.search(text) is None else f'"{_ESCAPE.sub(_escape, text)}"'


def number(value: float) -> str:
    """Write a number by RFC 8785 section 3.2.2.3 (ECMAScript's Number::toString).

    Raise ValueError for NaN, infinities and integers of 2^53 or more, which not every reader keeps.
    """
    if isinstance(value, int):
        if abs(value) >= _SAFE_INTEGER:
            msg = f"{value} is not below 2^53"
            raise ValueError(msg)
        return str(value)
    if not math.isfinite(value):
        msg = f"{value} is not a JSON number"
        raise ValueError(msg)
    if value == 0:
        return "0"
    sign, digits, exponent = _shortest(value)
    count = len(digits)
    if exponent - 1 not in _PLAIN_EXPONENTS:
        fraction = f".{digits[1:]}" if count > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{exponent - 1:+d}"
    if exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{digits}"
    if exponent >= count:
        return f"{sign}{digits}{'0' * (exponent - count)}"
    return f"{sign}{digits[:exponent]}.{digits[exponent:]}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Split a float into sign, shortest round-trip digits and n, where the value is 0.digits × 10^n."""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    exponent = len(whole) - leading + int(power or 0)
    return ("-" if value < 0 else "", digits.rstrip("0"), exponent)


def key_order(key: str) -> bytes:
    """Return the sort key of a property name: its UTF-16 code units (RFC 8785 section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def encode(value: object) -> str:
    """Write a JSON value canonically; raise TypeError for what is no JSON and ValueError for what has no form."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Mapping):
        keys = sorted(value, key=key_order)
        return "{" + ",".join(f"{string(key)}:{encode(value[key])}" for key in keys) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    msg = f"{type(value).__name__} is no JSON value"
    raise TypeError(msg)
