"""Why no ladder in hundredths can keep its constraints, where a short argument in whole numbers shows it."""

from collections.abc import Iterator
from fractions import Fraction

from deskc.ladder.rounding.limits import FINE, Limits, hundredths
from deskc.ladder.rounding.methods import HUNDRED
from deskc.ladder.settings import Settings

__all__ = ["impossible"]

_INWARD = 1  # limits may be so many billionths narrower than what the settings say; a proof may not


def impossible(settings: Settings, limits: Limits) -> str | None:
    """Return one sentence that says why no ladder of two decimals keeps what is enforced, None where none is known.

    Every argument holds for all ladders: a sentence is a proof, its absence proves nothing.
    """
    return next(_reasons(settings, limits), None)


def _reasons(settings: Settings, limits: Limits) -> Iterator[str]:
    yield from _reach(settings)
    for place in range(1, limits.orders):
        if limits.low[place] - _INWARD > limits.high[place] + _INWARD:
            low, high = (float(Fraction(int(end), FINE)) for end in (limits.low[place], limits.high[place]))
            yield f"order {place + 1} over the one before has no ratio: it is at least {low:g} and at most {high:g}"
            return
    yield from _smallest(limits)
    yield from _largest(limits)
    yield from _wave(limits)


def _reach(settings: Settings) -> Iterator[str]:
    """Yield why indents do not fit: their ends have no two decimals, or lie too near."""
    first, last = settings.generation.first_indent_pct, settings.core.overlap_pct
    for name, end in (("first_indent_pct", first), ("overlap_pct", last)):
        if hundredths(end, up=True) != hundredths(end, up=False):
            yield f"{name} {end:g} has more than two decimals, and an order stands there"
            return
    gaps, step = settings.core.num_orders - 1, settings.generation.min_indent_step_pct
    least, reach = hundredths(step, up=True), hundredths(last, up=False) - hundredths(first, up=True)
    if reach < gaps * least:
        yield f"{gaps} steps of at least {least / 100:.2f} % do not fit between {first:g} % and {last:g} %"


def _smallest(limits: Limits) -> Iterator[str]:
    """Yield why volumes are too large though each is the least that may follow the one before."""
    chain = [limits.first]
    for low in limits.low[1:]:
        chain.append(max(1, chain[-1] + limits.growth, -(-(int(low) - _INWARD) * chain[-1] // FINE)))
    grown = f"volumes that begin at {limits.first / 100:.2f} % and grow as little as they may"
    head = sum(chain[: limits.quarter])
    if sum(chain) > HUNDRED:
        yield f"{grown} sum to {sum(chain) / 100:.2f} %, over 100"
    elif head > limits.head_cap:
        yield f"{grown} have {head / 100:.2f} % in the first {limits.quarter}, over q1_cap {limits.head_cap / 100:g}"
    elif chain[-1] > limits.last_cap:
        yield f"{grown} end at {chain[-1] / 100:.2f} %, over tail_cap {limits.last_cap / 100:g}"


def _largest(limits: Limits) -> Iterator[str]:
    """Yield why volumes are too small though the last is as large as it may and each before as its follower lets it."""
    chain = [limits.last_cap]
    for low in limits.low[:0:-1]:
        before = min(HUNDRED, chain[-1] - limits.growth)
        chain.append(min(before, chain[-1] * FINE // (int(low) - _INWARD)) if low > _INWARD else before)
    tail = sum(chain[: limits.quarter])
    whole = min(sum(chain[-limits.quarter :]), limits.head_cap) + sum(chain[: -limits.quarter])
    grown = f"volumes that end at tail_cap {limits.last_cap / 100:g} and grow as little as they may"
    if whole < HUNDRED:
        yield f"{grown} reach {whole / 100:.2f} % with q1_cap, not 100"
    elif tail < limits.tail_floor:
        floor = f"under tail_floor {limits.tail_floor / 100:g}"
        yield f"{grown} have {tail / 100:.2f} % in the last {limits.quarter}, {floor}"


def _wave(limits: Limits) -> Iterator[str]:
    """Yield why ratios make no wave: too few, or in too narrow a band (T. Popoviciu, 1935: std <= range / 2)."""
    if limits.turns > max(0, limits.orders - 3):
        yield f"{limits.orders - 1} ratios turn at most {limits.orders - 3} times, under wave_turns_min {limits.turns}"
    width = Fraction(int(max(limits.high[1:])) - int(min(limits.low[1:])) + 2 * _INWARD, 2 * FINE)
    if limits.deviation and width < Fraction(repr(limits.deviation)):
        yield f"ratios in their band deviate by at most {float(width):g}, under wave_std_min {limits.deviation:g}"
