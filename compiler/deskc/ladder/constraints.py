"""The hard constraints HC0 to HC7 in plain Python (LADDER 3): the reference that rules use and kernels are held to."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar, cast

from deskc.ladder.model import Ladder, prices, ratios, steps
from deskc.ladder.score import ceiling, longest_flat, total, variance
from deskc.ladder.settings import CODES, Constraints, Core, Generation, Normalization, Settings

__all__ = ["SMALLEST_WAVE", "TOLERANCE", "Violation", "exact", "judge", "quarter", "turns", "violated"]

TOLERANCE = 1e-9
"""How far over a bound a float may lie. Ladders of exact numbers, see `exact`, have no tolerance."""

SMALLEST_WAVE = 7
"""HC7 asks for a wave from this many orders on."""

_FEWEST = 2


class Violation(NamedTuple):
    """One broken bound.

    `order` is the 1-based order it is about, None where it is about the whole ladder. `setting` names the bound below
    section `ladder`, such as `constraints.slope_cap`, and `subject` what breaks it: `volumes_pct` or `indents_pct`.
    """

    code: str
    order: int | None
    actual: float
    limit: float
    setting: str
    subject: str
    message: str


def violated(ladder: Ladder, settings: Settings) -> tuple[bool, ...]:
    """Say for each of HC0 … HC7 whether the ladder breaks it."""
    found = {violation.code for violation in judge(ladder, settings)}
    return tuple(code in found for code in CODES)


def judge(ladder: Ladder, settings: Settings, *, tolerance: float = TOLERANCE) -> tuple[Violation, ...]:
    """Return every bound that a ladder breaks, by code and then by order.

    A ladder that is no ladder (fewer than two orders, a number that is not finite, a volume or price not above zero)
    breaks HC0 alone, since it has no ratios to judge.
    """
    broken = tuple(_no_ladder(ladder, settings.core))
    if broken:
        return broken
    return tuple(found for check in _CHECKS for found in check(ladder, settings, tolerance))


def exact(ladder: Ladder, settings: Settings) -> tuple[Violation, ...]:
    """Judge a rounded ladder in exact arithmetic: every number is the decimal that its text says, nothing tolerated."""
    if tuple(_no_ladder(ladder, settings.core)):
        return judge(ladder, settings)
    volumes, indents = (cast("tuple[float, ...]", tuple(map(_decimal, numbers))) for numbers in ladder)
    floor = replace(settings.constraints, first_volume_min=settings.first_volume_min)
    return judge(
        Ladder(volumes, indents),
        Settings(
            core=_decimals(settings.core),
            generation=_decimals(settings.generation),
            constraints=_decimals(floor),
            normalization=Normalization(post_round_2dp=False),  # its floor is among the constraints already
        ),
        tolerance=0,
    )


def _decimal(number: float) -> Fraction:
    return Fraction(repr(number))


_Group = TypeVar("_Group", Core, Generation, Constraints)


def _decimals(group: _Group) -> _Group:
    """Return a group of settings with a fraction for every float."""
    values: dict[str, Any] = {one.name: getattr(group, one.name) for one in fields(group)}
    made: dict[str, Any] = {name: _decimal(value) for name, value in values.items() if type(value) is float}
    return replace(group, **made)


def quarter(count: int) -> int:
    """Return how many orders the first and the last quarter of a ladder of `count` have: ⌈N/4⌉."""
    return -(-count // 4)


def _no_ladder(ladder: Ladder, core: Core) -> Iterator[Violation]:
    """Yield why there are no ratios and needs to judge."""
    volumes, indents = ladder
    if len(volumes) != len(indents):
        message = f"{len(volumes)} volumes stand beside {len(indents)} indents"
        yield Violation("HC0", None, len(indents), len(volumes), "orders.volumes_pct", "indents_pct", message)
    elif len(volumes) < _FEWEST:
        message = f"a ladder of {len(volumes)} orders is none; it has 2 or more"
        yield Violation("HC0", None, len(volumes), _FEWEST, "core.num_orders", "volumes_pct", message)
    for order, volume in enumerate(volumes, start=1):
        if not (math.isfinite(volume) and volume > 0):
            message = f"order {order}'s volume {_number(volume)} is not above 0"
            yield Violation("HC0", order, volume, 0, "orders.volumes_pct", "volumes_pct", message)
    for order, (indent, price) in enumerate(zip(indents, prices(indents, core), strict=True), start=1):
        if not (math.isfinite(price) and price > 0):
            message = f"order {order}'s indent {_number(indent)} gives the price {_number(price)}, not above 0"
            yield Violation("HC0", order, price, 0, "core.base_price", "indents_pct", message)


def _hc0(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield what is wrong with the structure: the count, the sum, the reach and the distances."""
    volumes, indents = ladder
    core, least = settings.core, settings.generation.min_indent_step_pct
    if len(volumes) != core.num_orders:
        message = f"the ladder has {len(volumes)} orders, num_orders says {core.num_orders}"
        yield Violation("HC0", None, len(volumes), core.num_orders, "core.num_orders", "volumes_pct", message)
    whole = total(volumes)
    if not abs(whole - 100) <= tolerance:
        message = f"the volumes sum to {_number(whole, 100)}, not to 100"
        yield Violation("HC0", None, whole, 100, "orders.volumes_pct", "volumes_pct", message)
    if not volumes[0] >= settings.first_volume_min - tolerance:
        floor = settings.first_volume_min
        message = f"the first volume {_number(volumes[0], floor)} is below first_volume_min {_number(floor)}"
        yield Violation("HC0", 1, volumes[0], floor, "constraints.first_volume_min", "volumes_pct", message)
    ends = (
        (1, indents[0], settings.generation.first_indent_pct, "generation.first_indent_pct"),
        (len(indents), indents[-1], core.overlap_pct, "core.overlap_pct"),
    )
    for order, indent, end, setting in ends:
        if not abs(indent - end) <= tolerance:
            name = setting.partition(".")[2]
            message = f"order {order} stands at {_number(indent, end)} %, {name} says {_number(end)}"
            yield Violation("HC0", order, indent, end, setting, "indents_pct", message)
    for order, step in enumerate(steps(indents), start=2):
        if not step >= least - tolerance:
            message = (
                f"order {order} stands {_number(step, least)} % after the one before, "
                f"under min_indent_step_pct {_number(least)}"
            )
            yield Violation("HC0", order, step, least, "generation.min_indent_step_pct", "indents_pct", message)


def _hc1(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield a second order outside its own band."""
    bounds = settings.constraints
    ratio = ratios(ladder.volumes)[0]
    cap, upper = bounds.c2 - 1, "constraints.c2"
    if bounds.m2_max <= cap:
        cap, upper = bounds.m2_max, "constraints.m2_max"
    yield from _outside(2, ratio, _Band("HC1", (bounds.m2_min, "constraints.m2_min"), (cap, upper)), tolerance)


def _hc2(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield orders that do not grow over the one before."""
    least = settings.constraints.growth_eps
    for order, (before, volume) in enumerate(pairwise(ladder.volumes), start=2):
        if not volume >= before + least - tolerance:
            message = (
                f"order {order}'s volume {_number(volume)} does not grow by growth_eps {_number(least)} "
                f"over the {_number(before)} before"
            )
            yield Violation("HC2", order, volume, before + least, "constraints.growth_eps", "volumes_pct", message)


def _hc3(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield ratios from the third order on outside their band, under the ceiling where it is on."""
    bounds = settings.constraints
    later = ratios(ladder.volumes)[1:]
    for order, (ratio, cap) in enumerate(zip(later, ceiling(len(later) + 2, bounds), strict=True), start=3):
        upper = "constraints.m_max" if cap == bounds.m_max else "constraints.ceiling"
        band = _Band("HC3", (bounds.m_min, "constraints.m_min"), (cap, upper))
        yield from _outside(order, ratio, band, tolerance)


class _Band(NamedTuple):
    """The band of a ratio: each end is a number and the setting that makes it."""

    code: str
    low: tuple[float, str]
    high: tuple[float, str]


def _outside(order: int, ratio: float, band: _Band, tolerance: float) -> Iterator[Violation]:
    """Yield a ratio outside its band."""
    if not ratio >= band.low[0] - tolerance:
        word, (limit, setting) = "under", band.low
    elif not ratio <= band.high[0] + tolerance:
        word, (limit, setting) = "over", band.high
    else:
        return
    name = setting.partition(".")[2]
    bound = f"{_number(limit)} of {name}" if name in {"c2", "ceiling"} else f"{name} {_number(limit)}"
    message = f"order {order}'s ratio {_number(ratio, limit)} is {word} {bound}"
    yield Violation(band.code, order, ratio, limit, setting, "volumes_pct", message)


def _slopes(ladder: Ladder) -> list[float]:
    """Return Δm_3 … Δm_N: how far each ratio lies from the one before."""
    return [after - before for before, after in pairwise(ratios(ladder.volumes))]


def _hc4(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield orders whose ratio moves too far from the one before."""
    cap = settings.constraints.slope_cap
    for order, slope in enumerate(_slopes(ladder), start=3):
        if not abs(slope) <= cap + tolerance:
            message = f"order {order}'s ratio moves by {_number(abs(slope), cap)}, over slope_cap {_number(cap)}"
            yield Violation("HC4", order, abs(slope), cap, "constraints.slope_cap", "volumes_pct", message)


def _hc5(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield a first quarter too heavy, a last one too light, and a last order too heavy."""
    bounds, volumes = settings.constraints, ladder.volumes
    count = quarter(len(volumes))
    head, tail, last = total(volumes[:count]), total(volumes[-count:]), volumes[-1]
    if not head <= bounds.q1_cap + tolerance:
        message = f"orders 1 to {count} hold {_number(head, bounds.q1_cap)} %, over q1_cap {_number(bounds.q1_cap)}"
        yield Violation("HC5", count, head, bounds.q1_cap, "constraints.q1_cap", "volumes_pct", message)
    if not tail >= bounds.tail_floor - tolerance:
        first = len(volumes) - count + 1
        held = f"orders {first} to {len(volumes)} hold {_number(tail, bounds.tail_floor)} %"
        message = f"{held}, under tail_floor {_number(bounds.tail_floor)}"
        yield Violation("HC5", first, tail, bounds.tail_floor, "constraints.tail_floor", "volumes_pct", message)
    if not last <= bounds.tail_cap + tolerance:
        message = f"the last order holds {_number(last, bounds.tail_cap)} %, over tail_cap {_number(bounds.tail_cap)}"
        yield Violation("HC5", len(volumes), last, bounds.tail_cap, "constraints.tail_cap", "volumes_pct", message)


def _hc6(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield a run of ratios that hardly move."""
    bounds = settings.constraints
    run = longest_flat(_slopes(ladder), bounds.flat - tolerance)
    if run > bounds.max_plateau:
        message = f"{run} ratios in a row move by less than flat {_number(bounds.flat)}, over {bounds.max_plateau}"
        yield Violation("HC6", None, run, bounds.max_plateau, "constraints.max_plateau", "volumes_pct", message)


def _hc7(ladder: Ladder, settings: Settings, tolerance: float) -> Iterator[Violation]:
    """Yield ratios without a wave; below seven orders none is asked for."""
    if len(ladder.volumes) < SMALLEST_WAVE:
        return
    bounds, ratio = settings.constraints, ratios(ladder.volumes)
    spread, least = variance(ratio), bounds.wave_std_min
    wide = math.sqrt(spread) >= least - tolerance if tolerance else spread >= least * least
    if not wide:
        deviation = math.sqrt(spread)
        message = f"the ratios deviate by {_number(deviation, least)}, under wave_std_min {_number(least)}"
        yield Violation("HC7", None, deviation, least, "constraints.wave_std_min", "volumes_pct", message)
    turned = turns(_slopes(ladder), bounds.wave_turn_min - tolerance)
    if turned < bounds.wave_turns_min:
        message = f"the ratios turn {turned} times, under wave_turns_min {bounds.wave_turns_min}"
        yield Violation(
            "HC7", None, turned, bounds.wave_turns_min, "constraints.wave_turns_min", "volumes_pct", message
        )


def turns(slopes: Sequence[float], least: float) -> int:
    """Count the sign changes between neighbouring slopes that are both `least` or more in size."""
    return sum(
        1
        for before, after in pairwise(slopes)
        if abs(before) >= least and abs(after) >= least and (before > 0) != (after > 0)
    )


def _number(value: float, beside: float | None = None) -> str:
    """Write a number in six digits, or in more where it would read as the bound beside it."""
    short = f"{float(value):.6g}"
    return short if beside is None or short != f"{float(beside):.6g}" else f"{float(value):.12g}"


_CHECKS: tuple[Callable[[Ladder, Settings, float], Iterator[Violation]], ...] = (
    _hc0,
    _hc1,
    _hc2,
    _hc3,
    _hc4,
    _hc5,
    _hc6,
    _hc7,
)
