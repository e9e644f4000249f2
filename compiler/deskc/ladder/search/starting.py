"""Where walks over zone patterns begin: patterns without cost by W, waves for HC7, drawn ones, changed ones."""

from random import Random

import numpy as np

from deskc.ladder.search.pattern import Pattern, Space
from deskc.ladder.search.search import Floats

__all__ = ["changed", "drawn", "first", "ratios_of"]

_ZONES = "smw"
_TURNED = str.maketrans("sm", "ms")
_ATTEMPTS = 200
_LONGEST = 6  # ratios changed at once
_SHARES = (1.0, 0.8, 0.6)  # of the slope cap that a wave rises and falls by
_HALVES = (1, 2, 3, 4, 6)  # steps from a wave's top to its bottom
_KINDS = 5
_TURNING = 0.5  # how likely a random wave turns at a step
_NEAR = {"s": "smw", "m": "mws", "w": "wms"}  # which zone stands in for one that is closed


def first(space: Space) -> tuple[Pattern, ...]:
    """Return the patterns that every search begins with, likeliest first; one that does not fit where no wave does."""
    count = space.ratios
    turns = ("sm" * count)[:count], ("ms" * count)[:count]
    head, half = "s" * (count // 2), count - count // 2
    plain = turns[0], "s" * count, turns[1], head + turns[0][:half], head + turns[1][:half]
    if not space.bends:
        return _distinct(space, [Pattern(_open(space, zones), "." * (count - 1)) for zones in plain])
    waves = _waves(space)
    return _distinct(space, [space.read(wave) for wave in waves]) or (space.read(waves[0]),)


def ratios_of(space: Space, pattern: Pattern) -> Floats:
    """Return ratios (N - 1,) in the middle of each zone of a pattern, as a place to begin near."""
    zones = [_ZONES.index(zone) for zone in pattern.zones]
    places = np.arange(space.ratios)
    middle: Floats = (space.low[zones, places] + space.high[zones, places]) / 2
    return middle


def drawn(space: Space, rng: Random) -> Pattern | None:
    """Return a pattern drawn afresh: strong ratios, then strong and middle in turn, or a wave where one is asked for.

    None where no wave of many keeps HC6 and HC7.
    """
    count = space.ratios
    if not space.bends:
        head, phase = int(rng.random() * (count + 1)), int(rng.random() * 2)
        zones = "s" * head + ("sm" * count)[phase : phase + count - head]
        return Pattern(_open(space, zones), "." * (count - 1))
    for _ in range(_ATTEMPTS):
        pattern = space.read(_random_wave(space, rng))
        if space.fits(pattern):
            return pattern
    return None


def changed(space: Space, pattern: Pattern, rng: Random, *, far: int) -> Pattern | None:
    """Return a pattern with a few stretches of another changed, more of them the larger `far`; None where none fits."""
    for _ in range(_ATTEMPTS):
        zones, bends = pattern
        for _ in range(1 + far + int(rng.random() * 2)):
            zones = _stretch(zones, rng)
        if space.bends:
            for _ in range(1 + far):
                place = int(rng.random() * len(bends))
                bends = bends[:place] + "+-."[int(rng.random() * 3)] + bends[place + 1 :]
        other = Pattern(_open(space, zones), bends)
        if other != pattern and space.fits(other):
            return other
    return None


def _stretch(zones: str, rng: Random) -> str:
    """Return zones with one stretch strong, weak, or strong and middle in turn, or with all the rest turned."""
    count, begin = len(zones), int(rng.random() * len(zones))
    end = min(count, begin + 1 + int(rng.random() * _LONGEST))
    before, after = zones[:begin], zones[end:]
    kind = int(rng.random() * _KINDS)
    if kind == 0:
        return before + zones[begin:].translate(_TURNED)
    filling = ("s" * count, "sm" * count, "ms" * count, "m" + "w" * count)[kind - 1]
    return before + filling[: end - begin] + after


def _open(space: Space, zones: str) -> str:
    """Return zones with the next open one wherever a ratio's band leaves no room in its own."""
    room = space.low <= space.high
    if room.all():
        return zones
    return "".join(
        next((other for other in _NEAR[zone] if room[_ZONES.index(other), place]), zone)
        for place, zone in enumerate(zones)
    )


def _distinct(space: Space, patterns: list[Pattern]) -> tuple[Pattern, ...]:
    """Return those patterns that fit, each once, in their order."""
    return tuple(pattern for pattern in dict.fromkeys(patterns) if space.fits(pattern))


def _waves(space: Space) -> list[Floats]:
    """Return waves within the band: triangles, and falls from its top to its bottom with a zigzag.

    Where the first volume is heavy, before them rises from the bottom to the top with one.
    """
    bottom, top = space.low[2], space.high[0]
    place = np.arange(space.ratios)
    found = _rises(space) if space.heavy else []
    for share in _SHARES:
        step = share * space.cap
        for half in _HALVES:
            found += [top - step * (half - abs((place + phase) % (2 * half) - half)) for phase in (0, half)]
        zigzag = step / 2 * (-1.0) ** place
        fall = np.linspace(0, 1, space.ratios) * np.maximum(0, top - bottom - step)
        found += [top - step / 2 - fall + zigzag, top - step / 2 - fall - zigzag]
        for rest in range(2, space.ratios // 2 + 1, 2):  # a zigzag at the top, then down to the bottom
            down = np.maximum(0, place - (space.ratios - 1 - rest)) * step
            found.append(top - step / 2 + np.where(down > 0, 0, zigzag) - down)
    return [np.clip(wave, bottom, top) for wave in found]


def _rises(space: Space) -> list[Floats]:
    """Return waves that begin low, which keeps a first volume heavy, with a zigzag at the bottom, and end higher."""
    bottom, top = space.low[2], space.high[0]
    place = np.arange(space.ratios)
    found = []
    for share in _SHARES:
        step = share * space.cap
        zigzag = step / 2 * (-1.0) ** place
        for rest in range(1, space.ratios // 2 + 1):
            up = np.maximum(0, place - (space.ratios - 1 - rest)) * step
            found += [bottom + step / 2 + np.where(up > 0, 0, way * zigzag) + up for way in (1, -1)]
    return [np.clip(wave, bottom, top) for wave in found]


def _random_wave(space: Space, rng: Random) -> Floats:
    """Return ratios that rise and fall at random within the band, by .4 to 1 of the slope cap at a time."""
    bottom, top = space.low[2].tolist(), space.high[0].tolist()
    ratio, way, found = bottom[0] + rng.random() * (top[0] - bottom[0]), 1.0, []
    for low, high in zip(bottom, top, strict=True):
        if rng.random() < _TURNING:
            way = -way
        next_ratio = ratio + way * space.cap * (0.4 + 0.6 * rng.random())
        if not low <= next_ratio <= high:
            way = -way
        ratio = min(max(next_ratio, low), high)
        found.append(ratio)
    return np.array(found)
