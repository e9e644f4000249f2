"""Whether the bounds leave room for any ladder at all (LADDER 3): sound proofs in plain Python that they do not.

A proof narrows the interval of every volume and ratio until one is empty. What it finds is true of every ladder; what
it does not find may still be impossible, which `ladder certify` settles with linear programs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from deskc.ladder.boxes import Boxes, empty, highest_deviation, steepest
from deskc.ladder.constraints import SMALLEST_WAVE, TOLERANCE
from deskc.ladder.settings import Settings

__all__ = ["Conflict", "conflicts", "exceeded_multiple"]


class Conflict(NamedTuple):
    """Bounds that no ladder keeps together.

    `code` is the constraint of the first of `settings`, which are paths below section `ladder`; `codes` are those of
    all of them.
    """

    code: str
    settings: tuple[str, ...]
    codes: frozenset[str]
    message: str


class _Bound(NamedTuple):
    """The constraint that a bound belongs to, and the value with which it asks for nothing."""

    code: str
    relaxed: float


_VOLUMES: Mapping[str, _Bound] = {
    "q1_cap": _Bound("HC5", 100),
    "tail_floor": _Bound("HC5", 0),
    "tail_cap": _Bound("HC5", 100),
    "slope_cap": _Bound("HC4", inf),
    "m_max": _Bound("HC3", inf),
    "m_min": _Bound("HC3", -1),
    "ceiling": _Bound("HC3", False),  # noqa: FBT003 - the value of a switch
    "growth_eps": _Bound("HC2", -100),
    "m2_max": _Bound("HC1", inf),
    "c2": _Bound("HC1", inf),
    "m2_min": _Bound("HC1", -1),
    "first_volume_min": _Bound("HC0", 0),
}
_RATIOS = ("slope_cap", "m_max", "m_min", "ceiling", "m2_max", "c2", "m2_min")
_PLATEAU: Mapping[str, _Bound] = {
    "flat": _Bound("HC6", 0),
    "max_plateau": _Bound("HC6", inf),
    **{name: _VOLUMES[name] for name in _RATIOS},
}
_DEVIATION: Mapping[str, _Bound] = {"wave_std_min": _Bound("HC7", 0), **{name: _VOLUMES[name] for name in _RATIOS}}
_TURNS: Mapping[str, _Bound] = {
    "wave_turns_min": _Bound("HC7", 0),
    "wave_turn_min": _Bound("HC7", 0),
    **{name: _VOLUMES[name] for name in _RATIOS},
}


def conflicts(settings: Settings) -> tuple[Conflict, ...]:
    """Return bounds that are proved to exclude each other; none is no proof that a ladder exists.

    What is enforced is tried by itself first, so that a conflict names bounds that are not only where it has to.
    """
    searched: tuple[tuple[Callable[[Settings], bool], Mapping[str, _Bound]], ...] = (
        (_no_volumes, _VOLUMES),
        (_all_flat, _PLATEAU),
        (_too_even, _DEVIATION),
        (_no_turns, _TURNS),
    )
    proved = (_conflict(settings, proves, bounds) for proves, bounds in searched)
    return (*_indents(settings), *(one for one in proved if one is not None))


def exceeded_multiple(settings: Settings) -> str | None:
    """Say how m2_max exceeds c2 - 1, which HC1 would take for the smaller of the two in silence; else None."""
    bounds = settings.constraints
    if bounds.m2_max <= bounds.c2 - 1 + TOLERANCE:
        return None
    return f"m2_max {bounds.m2_max:.6g} is over c2 - 1, which is {bounds.c2 - 1:.6g}"


def _indents(settings: Settings) -> Iterator[Conflict]:
    """Yield why the orders do not fit between the first indent and the overlap, HC0."""
    core, generation = settings.core, settings.generation
    room = core.overlap_pct - generation.first_indent_pct
    needed = (core.num_orders - 1) * generation.min_indent_step_pct
    structure = frozenset({"HC0"})
    if core.side == "long" and core.overlap_pct >= 100:  # noqa: PLR2004 - percent of the price
        message = f"overlap_pct {core.overlap_pct:.6g} puts the last price of a long ladder at 0 or below"
        yield Conflict("HC0", ("core.overlap_pct", "core.side"), structure, message)
    if needed > room + TOLERANCE:
        message = (
            f"{core.num_orders} orders {generation.min_indent_step_pct:.6g} % apart take {needed:.6g} %, "
            f"over the {room:.6g} % from first_indent_pct to overlap_pct"
        )
        named = (
            *("core.overlap_pct", "generation.min_indent_step_pct", "core.num_orders"),
            "generation.first_indent_pct",
        )
        yield Conflict("HC0", named, structure, message)


def _conflict(settings: Settings, proves: Callable[[Settings], bool], bounds: Mapping[str, _Bound]) -> Conflict | None:
    """Return bounds none of which can be left out of a proof, or None where there is no proof."""
    enforced = [name for name, bound in bounds.items() if bound.code in settings.constraints.enforce]
    names = next((some for some in (enforced, list(bounds)) if proves(_only(settings, some, bounds))), None)
    if names is None:
        return None
    for name in sorted(names, key=lambda one: (one not in enforced, bounds[one].code), reverse=True):
        fewer = [other for other in names if other != name]
        if proves(_only(settings, fewer, bounds)):
            names = fewer
    names.sort(key=lambda name: bounds[name].code, reverse=True)
    said = [f"{name} {_value(settings, name)}" for name in names]
    together = f"{', '.join(said[:-1])} and {said[-1]} together" if said[1:] else said[0]
    return Conflict(
        bounds[names[0]].code,
        tuple(_path(settings, name) for name in names),
        frozenset(bounds[name].code for name in names),
        f"no ladder of {settings.core.num_orders} orders keeps {together}",
    )


def _only(settings: Settings, names: Sequence[str], bounds: Mapping[str, _Bound]) -> Settings:
    """Return settings in which these bounds alone ask for something."""
    relaxed: dict[str, Any] = {name: bound.relaxed for name, bound in bounds.items() if name not in names}
    rounding = settings.normalization
    if "first_volume_min" in relaxed:
        rounding = replace(rounding, post_round_2dp=False)
    return replace(settings, constraints=replace(settings.constraints, **relaxed), normalization=rounding)


def _value(settings: Settings, name: str) -> str:
    value = settings.first_volume_min if name == "first_volume_min" else getattr(settings.constraints, name)
    return "on" if value is True else f"{value:.6g}"


def _path(settings: Settings, name: str) -> str:
    if name == "first_volume_min" and settings.constraints.first_volume_min < settings.first_volume_min:
        return "normalization.post_round_2dp"
    return f"constraints.{name}"


def _no_volumes(settings: Settings) -> bool:
    """Say whether no volumes keep HC0's floor and HC1 to HC5."""
    return empty(settings)


def _all_flat(settings: Settings) -> bool:
    """Say whether more ratios in a row than HC6 accepts cannot but move by less than `flat`."""
    bounds, boxes = settings.constraints, Boxes(settings)
    run = longest = 0
    for step in () if boxes.is_empty else steepest(boxes.ratios, bounds.slope_cap):
        run = run + 1 if step < bounds.flat - 2 * TOLERANCE else 0
        longest = max(longest, run)
    return longest > bounds.max_plateau


def _too_even(settings: Settings) -> bool:
    """Say whether no ratios within their boxes deviate as HC7 asks."""
    boxes = Boxes(settings)
    if boxes.is_empty or boxes.count < SMALLEST_WAVE:
        return False
    return highest_deviation(boxes.ratios) < settings.constraints.wave_std_min - 2 * TOLERANCE


def _no_turns(settings: Settings) -> bool:
    """Say whether fewer neighbouring steps than HC7's turns can be large enough for one."""
    bounds, boxes = settings.constraints, Boxes(settings)
    if boxes.is_empty or boxes.count < SMALLEST_WAVE:
        return False
    able = [step >= bounds.wave_turn_min - 2 * TOLERANCE for step in steepest(boxes.ratios, bounds.slope_cap)]
    return sum(one and other for one, other in pairwise(able)) < bounds.wave_turns_min
