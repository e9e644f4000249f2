"""What a venue's refusal means for the trade: Binance USD-M's codes, and ccxt's classes where there is no code.

Codes and what they mean: Binance, USDS-margined futures, "Error Codes". ccxt raises a plain ExchangeError for some of
them, so the code is read from the answer itself.
"""

from collections.abc import Mapping
from json import loads
from typing import Any, Literal, NamedTuple

from deskc.exchange.library import library

__all__ = ["Meaning", "meaning"]

Course = Literal["fine", "go on", "refuse"]
"""The venue has what was asked; trade on with what it has; do not trade."""


class Meaning(NamedTuple):
    """What to do after an error, and the sentence about it; `code` is the venue's, None where it gave none."""

    course: Course
    sentence: str
    code: int | None = None


_CODES: Mapping[int, tuple[Course, str]] = {
    -4028: ("refuse", "the venue takes no such leverage for this symbol"),
    -4046: ("fine", "the margin type is set already"),
    -4048: ("go on", "the margin type cannot change while a position is open"),
    -4059: ("fine", "the position mode is set already"),
    -4161: ("go on", "leverage cannot be reduced while a position is open"),
    -4164: ("refuse", "the order is below the minimum notional value"),
}

# In this order: the first class that an error is of. A request that may or may not have arrived, or was not taken for
# its time alone, leaves the venue in a state that can be read back, and what is read decides.
_CLASSES: tuple[tuple[str, Course, str], ...] = (
    ("MarginModeAlreadySet", "fine", "the margin type is set already"),
    ("RequestTimeout", "go on", "the venue did not answer in time"),
    ("DDoSProtection", "go on", "the venue limits the rate of requests"),
    ("RateLimitExceeded", "go on", "the venue limits the rate of requests"),
    ("InvalidNonce", "refuse", "this machine's clock and the venue's disagree"),
    ("NetworkError", "go on", "the venue cannot be reached"),
    ("BadSymbol", "refuse", "the venue does not know this symbol"),
    ("AuthenticationError", "refuse", "the venue does not take these credentials"),
)


def meaning(error: Exception) -> Meaning:
    """Return what an error of ccxt means; whatever is not listed refuses, for nobody can say what it would do."""
    said = _answer(error)
    code = said.get("code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    if code is not None and code in _CODES:
        course, sentence = _CODES[code]
        return Meaning(course, f"{code}: {sentence}", code)
    ccxt = library()
    shown = "" if code is None else f"{code}: "
    for name, course, sentence in _CLASSES:
        if isinstance(error, getattr(ccxt, name)):
            return Meaning(course, f"{shown}{sentence}", code)
    words = said.get("msg")
    told = f", {words!r}" if isinstance(words, str) and words else ""
    return Meaning("refuse", f"{shown}the venue answered with an error that deskc does not know{told}", code)


def _answer(error: Exception) -> Mapping[str, Any]:
    """Return the JSON object that ccxt puts behind the venue's name; the rest may hold a signed address."""
    _, brace, rest = str(error).partition("{")
    try:
        said = loads(brace + rest)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
