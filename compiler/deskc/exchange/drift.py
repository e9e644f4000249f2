"""What a venue says today, against what its lock file says: each difference a finding with its place in the file."""

from collections.abc import Iterator
from decimal import Decimal

from deskc.content.closed import spot
from deskc.core import paths, times
from deskc.core.findings import Finding, error
from deskc.exchange.facts import NUMBERS, Facts, Told
from deskc.exchange.library import API_KEY, API_SECRET
from deskc.exchange.lock import Locked
from deskc.markets.facts import Bracket

__all__ = ["drift"]

_DAY_S = 86_400


def drift(locked: Locked, told: Told, *, now: int, max_age_days: int = 30) -> Iterator[Finding]:
    """Yield where lock file and venue part; `now` is in unix seconds. A price moves all the time and is no drift.

    Coins of the lock file that were not asked for are left alone. A warning says what cannot be compared, and that the
    file is older than `max_age_days`.
    """
    yield from _aged(locked, now, max_age_days)
    for coin, facts in locked.facts.items():
        if coin in told.facts:
            yield from _parted(locked, coin, facts, told)
        elif coin in told.absent:
            place = spot(locked.document, f"{paths.child('coins', coin)}.symbol")
            yield error("MARKET104", told.absent[coin], "stop trading the coin, or correct its symbol", place)
    for coin in (*told.facts, *told.absent):
        if coin not in locked.exchange.coins:
            yield _new(locked, coin, told)


def _aged(locked: Locked, now: int, max_age_days: int) -> Iterator[Finding]:
    days = (now - times.seconds(locked.exchange.as_of)) // _DAY_S
    if days > max_age_days:
        name = locked.exchange.name
        message = f"the facts of {name} are {days} days old, over {max_age_days}"
        places = (spot(locked.document, "as_of"),)
        yield Finding("MARKET107", "warning", message, _again(name), places)


def _new(locked: Locked, coin: str, told: Told) -> Finding:
    """Return the finding of a coin that bots trade and the lock file does not have."""
    name, place = locked.exchange.name, spot(locked.document, "coins", at_key=True)
    if coin in told.facts:
        message = f"{name} lists {told.facts[coin].symbol}, which is traded as {coin} and is not in its lock"
        return error("MARKET105", message, _again(name), place)
    return error("MARKET104", told.absent[coin], "stop trading the coin, or add it to the lock with its symbol", place)


def _parted(locked: Locked, coin: str, held: Facts, told: Told) -> Iterator[Finding]:
    """Yield where the facts of one coin part."""
    name, path, said = locked.exchange.name, paths.child("coins", coin), told.facts[coin]
    for fact in NUMBERS:
        ours, theirs = getattr(held, fact), getattr(said, fact)
        if None not in (ours, theirs) and ours != theirs:
            message = f"the {fact} of {coin} is {_number(theirs)} at {name}, and {_number(ours)} in its lock"
            yield error("MARKET101", message, _again(name), spot(locked.document, f"{path}.{fact}"))
    if None not in (held.status, said.status) and held.status != said.status:
        message = f"{coin} is {said.status} at {name}, and {held.status} in its lock"
        way_out = f"stop trading the coin unless that is a state to trade in, then {_again(name)}"
        yield error("MARKET102", message, way_out, spot(locked.document, f"{path}.status"))
    if held.leverage_brackets and said.leverage_brackets and held.leverage_brackets != said.leverage_brackets:
        yield _brackets(locked, coin, held.leverage_brackets, said.leverage_brackets)
    yield from _one_sided(locked, coin, held, told)


def _brackets(locked: Locked, coin: str, held: tuple[Bracket, ...], said: tuple[Bracket, ...]) -> Finding:
    """Return the finding of the first bracket that is not as the venue has it."""
    shared = min(len(held), len(said))
    index = next((index for index in range(shared) if held[index] != said[index]), shared)
    name, path = locked.exchange.name, f"{paths.child('coins', coin)}.leverage_brackets"
    theirs, ours = (_bracket(one[index]) if index < len(one) else "absent" for one in (said, held))
    message = f"bracket {index + 1} of {coin} is {theirs} at {name}, and {ours} in its lock"
    place = spot(locked.document, paths.item(path, index) if index < len(held) else path)
    return error("MARKET103", message, f"{_again(name)}; deskc check then judges the leverage of its bots", place)


def _one_sided(locked: Locked, coin: str, held: Facts, told: Told) -> Iterator[Finding]:
    """Yield a warning for the facts of a coin that only one side tells; a tick that no venue tells is none of them."""
    name, said, path = locked.exchange.name, told.facts[coin], paths.child("coins", coin)
    facts = ("status", *NUMBERS, "leverage_brackets")
    ours = [fact for fact in facts if getattr(held, fact) is not None and getattr(said, fact) is None]
    theirs = [fact for fact in facts if getattr(held, fact) is None and getattr(said, fact) is not None]
    if ours:
        secret = told.secretive and ours == ["leverage_brackets"]
        way_out = f"set {API_KEY} and {API_SECRET} to a key that may read" if secret else "confirm them by other means"
        message = f"{name} does not tell {', '.join(ours)} of {coin}, so its lock cannot be compared there"
        place = spot(locked.document, f"{path}.{ours[0]}", at_key=True)
        yield Finding("MARKET106", "warning", message, way_out, (place,))
    if theirs:
        message = f"{name} tells {', '.join(theirs)} of {coin}, which its lock does not know"
        place = spot(locked.document, f"{path}.{theirs[0]}")
        yield Finding("MARKET106", "warning", message, _again(name), (place,))


def _again(name: str) -> str:
    return f"deskc markets lock {name}, and have what it changes reviewed"


def _bracket(bracket: Bracket) -> str:
    return f"{bracket.max_leverage} x up to {_number(bracket.notional_cap_usd)} usd"


def _number(number: Decimal) -> str:
    return f"{number:f}"
