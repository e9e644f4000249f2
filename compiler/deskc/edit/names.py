"""What may be called how: names of bots, coins and venues, and what is too like another."""

import re
from collections.abc import Iterable

from deskc.core.desk import NAMES
from deskc.core.errors import DeskcError
from deskc.core.violations import close_to

__all__ = ["known_name", "refuse_twin", "valid_name"]

_MADE_OF = {
    "bot": "a-z, 0-9 and _, up to 40 of them, such as mm_multi_v1",
    "exchange": "a-z, 0-9 and _, up to 40 of them, such as binance_usdm",
    "coin": "letters, digits, @, _ and -, up to 40 of them, such as BTCUSDT",
}


def valid_name(what: str, name: str) -> str:
    """Return a name of a bot, coin or exchange; raise DeskcError for what cannot be one."""
    if not re.fullmatch(NAMES[what], name):
        article = "an" if what == "exchange" else "a"
        msg = f"{name or 'an empty text'} is no name of {article} {what}"
        raise DeskcError(msg, help=f"{article} {what} is called by {_MADE_OF[what]}")
    return name


def known_name(what: str, name: str, known: Iterable[str], *, owner: str = "the desk") -> str:
    """Return a name that is there; raise DeskcError, with a guess, for any other."""
    choices = sorted(known)
    if name not in choices:
        guess = close_to(name, choices)
        way_out = f"did you mean {guess}?" if guess else f"known are {', '.join(choices)}" if choices else ""
        raise DeskcError(f"{owner} has no {what} {name}", help=way_out)
    return name


def refuse_twin(what: str, name: str, known: Iterable[str]) -> None:
    """Raise DeskcError where another name differs from this one only by case."""
    twin = next((one for one in sorted(known) if one.casefold() == name.casefold() and one != name), None)
    if twin is not None:
        raise DeskcError(f"the {what}s {twin} and {name} differ only by case", help=f"write {twin}, or another name")
