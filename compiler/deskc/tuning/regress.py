"""Compare what ladders, presets and kernels are worth now with what a lock says they were worth."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deskc.core.findings import Finding, Place, Severity, grouped
from deskc.tuning.lock import Group, Lock, Measurements

__all__ = ["regress"]

_SAME = 1e-9
"""How far apart, as a share of their size, two values of one computation may lie on two machines."""

_BOUND_GAP = 4e-6
"""How far apart two certified bounds may lie: each is closed to 1e-6 of its size, from either side."""

_WORTH = {"score": "score", "max_need_pct": "max need"}


class _Fact(NamedTuple):
    """One number that is worse than its lock allows, or not what it was."""

    code: str
    group: Group
    name: str
    field: str
    message: str
    help: str


def regress(
    lock: Lock, now: Measurements, *, refreshed: Lock | None = None, ladders: Mapping[str, Place] | None = None
) -> tuple[Finding, ...]:
    """Return what got worse against a lock, and a warning of what it does not hold yet.

    `refreshed` is the lock of the tree that was measured: what it holds as it was measured is a change that whoever
    reviews the lock sees, so it is a warning. `ladders` says where each scope's orders stand.
    """
    found = [
        _finding(fact, lock, now, refreshed, (ladders or {}).get(fact.name))
        for fact in (*_worse(lock, now), *_searched(lock, now), *_moved(lock, now))
    ]
    return grouped((*found, *_unlocked(lock, now)))


def _finding(fact: _Fact, lock: Lock, now: Measurements, refreshed: Lock | None, place: Place | None) -> Finding:
    known = refreshed.entries(fact.group).get(fact.name, {}) if refreshed else {}
    accepted = fact.field in known and not _differ(known[fact.field], now[fact.group][fact.name][fact.field], _SAME)
    severity: Severity = "warning" if accepted else "error"
    message = f"{fact.message}; the lock of this change accepts it" if accepted else fact.message
    places = tuple(one for one in (place, lock.place(fact.group, fact.name, fact.field)) if one is not None)
    scopes = (fact.name,) if fact.group == "ladders" else ()
    way_out = "review the new value in the lock's own difference" if accepted else fact.help
    return Finding(fact.code, severity, message, way_out, places, scopes, "deskc ladder lock")


def _worse(lock: Lock, now: Measurements) -> Iterator[_Fact]:
    """Yield the configured ladders that score higher, or need more, than they did."""
    for name, field, was, value in _pairs(lock, now, "ladders", _WORTH):
        if was is not None and value is not None and value > was + _SAME * max(1.0, abs(was)):
            message = f"the ladder's {_WORTH[field]} is {value:.6g}, over {was:.6g} in the lock"
            way_out = "correct the orders, or accept them with deskc ladder lock"
            yield _Fact("OPT001", "ladders", name, field, message, way_out)


def _searched(lock: Lock, now: Measurements) -> Iterator[_Fact]:
    """Yield the settings for which the search finds less than it did."""
    share = lock.budget.tolerance
    groups: tuple[Group, ...] = ("presets", "ladders")
    for group in groups:
        for name, field, was, value in _pairs(lock, now, group, ("best_score",)):
            if was is None or not _same_settings(lock, now, group, name):
                continue
            best = "no ladder" if value is None else f"{value:.8g}"
            if value is None or value > was + share * abs(was):
                of = f"of preset {name}" if group == "presets" else "of the ladder's settings"
                message = f"the search's best {of} is {best}, over {was:.8g} in the lock by more than {share:.3g} of it"
                way_out = "find what weakened the search, or accept it with deskc ladder lock"
                yield _Fact("OPT002", group, name, field, message, way_out)


def _moved(lock: Lock, now: Measurements) -> Iterator[_Fact]:
    """Yield kernel values and certified bounds that are not what they were."""
    way_out = "find what changed the numbers, or accept them with deskc ladder lock"
    for name, field, was, value in _pairs(lock, now, "kernels", ("score", "max_need_pct", "violations")):
        if _differ(was, value, _SAME):
            message = f"the kernel's {field} of the fixed ladder {name} is {value!r}, the lock says {was!r}"
            yield _Fact("OPT003", "kernels", name, field, message, way_out)
    groups: tuple[Group, ...] = ("presets", "ladders")
    for group in groups:
        for name, field, was, value in _pairs(lock, now, group, ("lower_bound_pct",)):
            if _same_settings(lock, now, group, name) and _differ(was, value, _BOUND_GAP):
                message = f"the certified bound of {name} is {value!r}, the lock says {was!r}"
                yield _Fact("OPT003", group, name, field, message, way_out)


def _unlocked(lock: Lock, now: Measurements) -> Iterator[Finding]:
    """Yield a warning for each ladder and preset that nothing holds to anything."""
    groups: tuple[Group, ...] = ("presets", "ladders")
    for group in groups:
        entries = now[group]
        for name in entries:
            if name not in lock.entries(group):
                message, place = f"the lock has no {name} among its {group}", Place(lock.document.path)
            elif not _same_settings(lock, now, group, name):
                message, place = (
                    f"the settings of {name} are not those of the lock",
                    lock.place(group, name, "config_hash"),
                )
            else:
                continue
            scopes = (name,) if group == "ladders" else ()
            way_out = "let deskc ladder lock measure it, and have the lock reviewed"
            yield Finding("OPT004", "warning", message, way_out, (place,), scopes, "deskc ladder lock")


def _pairs(
    lock: Lock, now: Measurements, group: Group, fields: Iterable[str]
) -> Iterator[tuple[str, str, float | None, float | None]]:
    """Yield name, field, locked value and present value of every number that both have."""
    for name, values in now[group].items():
        locked = lock.entries(group).get(name, {})
        for field in fields:
            if field in locked and field in values:
                was, value = locked[field], values[field]
                if not isinstance(was, str) and not isinstance(value, str):
                    yield name, field, was, value


def _same_settings(lock: Lock, now: Measurements, group: Group, name: str) -> bool:
    """Say whether two entries are about the same settings; fixed inputs always are."""
    locked = lock.entries(group).get(name, {})
    return locked.get("config_hash") in (None, now[group][name].get("config_hash"))


def _differ(one: object, other: object, share: float) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) > share * max(abs(one), abs(other), share)
    return one != other
