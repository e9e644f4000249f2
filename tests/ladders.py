"""Random ladders and settings for laws: sound ones, ones within a few roundings of a bound, and what is none."""

import math
from dataclasses import replace
from itertools import accumulate, pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from deskc.ladder.constraints import TOLERANCE, quarter
from deskc.ladder.model import Ladder, ratios, steps
from deskc.ladder.score import total, variance
from deskc.ladder.settings import Constraints, Core, Generation, Penalties, Scoring, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["broken", "drawn", "equal_steps", "from_ratios", "near", "random_ladder", "random_settings", "scaled"]

_ODD = (math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0, 5e-324, 1e-310, 1e308, 1e-12)


def drawn(seed: int) -> Random:
    """Return where a law draws its cases from."""
    return Random(seed)  # noqa: S311 - cases are no secrets


def from_ratios(ratio: list[float], *, whole: float = 100.0) -> tuple[float, ...]:
    """Return the volumes with these martingale ratios that sum to about `whole`."""
    return scaled(list(accumulate(ratio, lambda volume, one: volume * (1 + one), initial=1.0)), whole=whole)


def scaled(volumes: list[float], *, whole: float = 100.0) -> tuple[float, ...]:
    """Return the volumes brought to a sum of about `whole`."""
    factor = whole / total(volumes)
    return tuple(volume * factor for volume in volumes)


def equal_steps(count: int, *, overlap_pct: float = 20.0) -> tuple[float, ...]:
    """Return indents from 0 to `overlap_pct` at equal distances."""
    return tuple(overlap_pct * place / max(1, count - 1) for place in range(count))


def random_ladder(random: Random, count: int) -> Ladder:
    """Return a ladder of `count` orders: ratios that wander, alternate, stay or jump, and equal or random steps."""
    level, wobble = random.uniform(0, 0.8), random.choice([0.0, 0.02, 0.2, 0.5])
    ratio = [random.choice([level, level + wobble * random.uniform(-1, 1)]) for _ in range(count - 1)]
    if random.random() < 0.3:
        ratio = [level + wobble * (-1) ** place for place in range(count - 1)]
    if count > 1 and random.random() < 0.1:
        ratio = [0.0] * (count - 1)  # equal volumes
    volumes = list(from_ratios(ratio)) if random.random() < 0.8 else [random.expovariate(0.1) for _ in range(count)]
    indents = equal_steps(count)
    if random.random() < 0.5:
        indents = (0.0, *sorted(random.uniform(0, 20) for _ in range(count - 2)), 20.0)[:count]
    if count > 1 and random.random() < 0.1:
        volumes[-1] = 40.0
        volumes[:-1] = scaled(volumes[:-1], whole=60.0)
    return Ladder(tuple(volumes), indents)


def random_settings(random: Random, count: int) -> Settings:
    """Return settings of every kind, for ladders of `count` orders nearly always."""
    return Settings(
        Core(
            base_price=random.choice([1.0, 0.0001, 65000.0]),
            num_orders=count if random.random() < 0.95 else count + 1,
            side=random.choice(["long", "short"]),
            sizing=random.choice(["base", "quote"]),
            take_profit_pct=random.choice([0.0, 0.5, 2.0]),
            fee_pct=random.choice([0.0, 0.08]),
        ),
        Generation(strong=random.choice([0.5, 0.3]), weak=random.choice([0.1, 0.3, 0.35])),
        Constraints(ceiling=random.random() < 0.3, first_volume_min=random.choice([0.0, 0.01])),
        Penalties(soft_penalties=random.random() < 0.5, preset=random.choice(["default", "explore", "tight"])),
        Scoring(*(random.choice([0.0, 0.3, random.random()]) for _ in range(4))),
    )


def near(random: Random, ladder: Ladder, settings: Settings) -> Settings:
    """Return settings whose every bound lies, the tolerance included, within a few roundings of what the ladder has."""
    volumes, indents = ladder
    count, ratio, apart = quarter(len(volumes)), ratios(volumes), steps(indents)
    growth = [after - before for before, after in pairwise(volumes)]
    slopes = [abs(after - before) for before, after in pairwise(ratio)] or [0.25]
    flatter = [min(pair) for pair in pairwise(slopes)] or slopes
    later = ratio[1:] or ratio

    def under(value: float) -> float:
        return _nudged(random, value - TOLERANCE)

    def over(value: float) -> float:
        return _nudged(random, value + TOLERANCE)

    def nudged(value: float) -> float:
        return _nudged(random, value)

    most = over if random.random() < 0.3 else under  # `over` keeps a bound, and lets others decide
    bounds: dict[str, Callable[[], float]] = {
        "first_volume_min": lambda: over(volumes[0]),
        "m2_min": lambda: over(ratio[0]),
        "m2_max": lambda: most(ratio[0]),
        "c2": lambda: most(1 + ratio[0]),
        "growth_eps": lambda: over(random.choice(growth)),
        "m_min": lambda: over(random.choice([min(later), random.choice(later)])),
        "m_max": lambda: most(random.choice([max(later), random.choice(later)])),
        "m_head": lambda: most(max(later)),
        "slope_cap": lambda: under(random.choice([max(slopes), random.choice(slopes)])),
        "q1_cap": lambda: most(total(volumes[:count])),
        "tail_floor": lambda: over(total(volumes[-count:])),
        "tail_cap": lambda: most(volumes[-1]),
        "flat": lambda: random.choice([over, nudged])(random.choice(slopes)),
        "wave_std_min": lambda: over(math.sqrt(variance(ratio))),
        "wave_turn_min": lambda: over(random.choice([*slopes, *flatter])),
    }
    chosen: dict[str, Any] = {name: bound() for name, bound in bounds.items() if random.random() < 0.8}
    chosen |= {"max_plateau": random.choice([0, 1, 3]), "wave_turns_min": random.choice([0, 1, 2])}
    return replace(
        settings,
        core=replace(settings.core, overlap_pct=random.choice([under, over])(indents[-1])),
        generation=replace(
            settings.generation,
            first_indent_pct=random.choice([under, over])(indents[0]),
            min_indent_step_pct=over(min(apart)),
            strong=_nudged(random, random.choice(ratio)),
            weak=_nudged(random, random.choice(ratio)),
        ),
        constraints=replace(settings.constraints, **chosen),
    )


def _nudged(random: Random, value: float) -> float:
    """Return a number up to three roundings away."""
    for _ in range(random.randrange(4)):
        value = math.nextafter(value, random.choice([-math.inf, math.inf]))
    return value


def broken(random: Random, ladder: Ladder) -> Ladder:
    """Return a ladder with one or two numbers that no ladder has, or hardly one."""
    numbers = [list(ladder.volumes), list(ladder.indents)]
    for _ in range(random.choice([1, 2])):
        side = random.choice(numbers)
        side[random.randrange(len(side))] = random.choice([*_ODD, 100.0, 120.0, 100 - 1e-12])
    if random.random() < 0.1:
        numbers[0] = [random.choice([1e308, 5e-324, 1e-300, 1e300]) for _ in numbers[0]]
    return Ladder(tuple(numbers[0]), tuple(numbers[1]))
