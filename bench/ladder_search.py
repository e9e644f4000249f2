"""The search part of the ladder benchmark: J at equal evaluations against general optimisers, and the best known.

Every call of the objective counts as one evaluation and so does every component of a gradient. Medians of five seeds,
N by overlap. `python bench/ladder_search.py --best MINUTES` searches for that long a cell and prints the table `BEST`.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from itertools import count, product
from pathlib import Path
from statistics import median
from time import monotonic, thread_time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from budgets import Budget
from deskc.ladder.constraints import judge
from deskc.ladder.model import Ladder
from deskc.ladder.score import score
from deskc.ladder.search.descent import prices, shares
from deskc.ladder.search.terms import terms
from deskc.ladder.search.zones import every_pattern, optimum
from deskc.ladder.settings import Core, Settings
from parts import Found

if TYPE_CHECKING:
    from ladder_decoder import Objective

__all__ = ["BEST", "run"]

ORDERS, OVERLAPS = (10, 15, 20, 30), (10, 20, 30)
BUDGETS, SEEDS = (5_000, 20_000), (1, 2, 3, 4, 5)
OURS = "ours"
PEERS = ("scipy DE", "pycma", "Nevergrad CMA")
SLOW, SLOW_CELLS, SLOW_BUDGET, SLOW_SEEDS = "Optuna TPE", ((10, 20),), 5_000, (1,)
EQUAL = 1e-6  # relative: ours stays 1e-7 inside W's jumps, a peer may come nearer
SMALL = 15  # up to so many orders every pattern is tried for the best known

BEST: Mapping[tuple[int, int], float] = {
    (10, 10): 0.7996903,
    (10, 20): 1.4594457,
    (10, 30): 2.3070925,
    (15, 10): 0.6287996,
    (15, 20): 1.1294533,
    (15, 30): 1.6385872,
    (20, 10): 0.5186857,
    (20, 20): 0.9482071,
    (20, 30): 1.3839350,
    (30, 10): 0.4017263,
    (30, 20): 0.6979973,
    (30, 30): 1.0462157,
}
"""The least J known by (orders, overlap): all zone patterns at 10 and 15 orders, ten minutes of our search above."""


class _Result(NamedTuple):
    """Medians over seeds: J, None where a peer is absent; and seconds of one core."""

    value: float | None
    seconds: float


def run(*, quick: bool, peers: tuple[str, ...] = PEERS, counts: tuple[int, ...] = BUDGETS) -> Found:
    """Let everyone spend the same evaluations on the same cells, and compare the medians."""
    cells = [(10, 20), (20, 20)] if quick else list(product(ORDERS, OVERLAPS))
    counts, seeds = (counts[:1], SEEDS[:3]) if quick else (counts, SEEDS)
    _ours(_settings(10, 20), seed=0, most=BUDGETS[0])  # compiles
    table, gaps, losses, seconds = [_head()], [], [], []
    for cell, most in product(cells, counts):
        ours = _median(OURS, cell, most, seeds)
        rivals = {name: _median(name, cell, most, seeds) for name in peers}
        if cell in SLOW_CELLS and most == SLOW_BUDGET and not quick and peers == PEERS:
            rivals[SLOW] = _median(SLOW, cell, most, SLOW_SEEDS)
        values = [rival.value for rival in rivals.values() if rival.value is not None]
        own = np.inf if ours.value is None else ours.value
        gaps.append(100 * (own / BEST[cell] - 1))
        losses.append(any(value < own * (1 - EQUAL) for value in values))
        seconds.append(ours.seconds)
        table.append(_line(cell, most, {OURS: ours, **rivals}, gaps[-1]))
        print(table[-1], file=sys.stderr, flush=True)
    note = (
        f"{SLOW} ran at {SLOW_BUDGET:,} evaluations in one cell with one seed: its time grows with the square of them"
    )
    return Found(
        (*table, *((note,) if not quick else ())),
        (
            Budget("search over the best known", 0.1, "%, worst cell", max(gaps)),
            Budget("search behind a peer", 0, "cells", float(sum(losses))),
            Budget("search, slowest cell", 2, "s of a core", max(seconds)),
        ),
        (),
    )


def _settings(orders: int, overlap: int) -> Settings:
    return Settings(core=Core(num_orders=orders, overlap_pct=float(overlap)))


def _median(name: str, cell: tuple[int, int], most: int, seeds: tuple[int, ...]) -> _Result:
    """Return the medians of one contestant in one cell."""
    settings, values, seconds = _settings(*cell), [], []
    for seed in seeds:
        begin = thread_time()
        value = _ours(settings, seed=seed, most=most) if name == OURS else _theirs(name, settings, seed=seed, most=most)
        seconds.append(thread_time() - begin)
        if value is None:
            return _Result(None, 0.0)
        values.append(value)
    return _Result(median(values), median(seconds))


def _ours(settings: Settings, *, seed: int, most: int) -> float:
    """Return the J of our search; it may stop before all evaluations are spent."""
    found = optimum(settings, seed=seed, max_evaluations=most)
    if found.evaluations > most:
        raise AssertionError(f"{found.evaluations} evaluations were spent of {most}")
    return float(found.scores[0]) if found.scores.size else np.inf


def _theirs(name: str, settings: Settings, *, seed: int, most: int) -> float | None:
    """Return the plain J of the best ladder a peer found: infinite where it breaks a bound, None for an absent peer."""
    from ladder_decoder import Objective  # noqa: PLC0415 - peers/ is on the path once the benchmark runs
    from ladder_optimisers import spend  # noqa: PLC0415 - as above

    objective = Objective(settings, most)
    return _judged(objective, settings) if spend(name, objective, seed) else None


def _judged(objective: "Objective", settings: Settings) -> float:
    numbers = terms(settings)
    volumes, held = shares(objective.ratios())
    indents = 100 * numbers.sign * (1 - prices(numbers, held)[0])
    indents[0], indents[-1] = numbers.first_indent, numbers.overlap
    ladder = Ladder(tuple((100 * volumes).tolist()), tuple(indents.tolist()))
    broken = any(found.code in settings.constraints.enforce for found in judge(ladder, settings))
    return np.inf if broken else score(ladder, settings).value


def _head() -> str:
    names = "".join(f"{name:>15}" for name in (OURS, *PEERS, SLOW))
    return f"{'N':>3}{'overlap':>9}{'evaluations':>13}{names}{'best known':>13}{'over it':>10}{'seconds':>9}"


def _line(cell: tuple[int, int], most: int, results: Mapping[str, _Result], gap: float) -> str:
    shown = "".join(_shown(name, results) for name in (OURS, *PEERS, SLOW))
    seconds = results[OURS].seconds
    return f"{cell[0]:>3}{cell[1]:>9}{most:>13,}{shown}{BEST[cell]:>13.6f}{gap:>9.3f}%{seconds:>9.2f}"


def _shown(name: str, results: Mapping[str, _Result]) -> str:
    if name not in results:
        return f"{'-':>15}"
    value = results[name].value
    return f"{'absent':>15}" if value is None else f"{value:>15.6f}"


def best(minutes: float) -> Iterator[str]:
    """Yield the lines of `BEST`: every pattern where they are few, else our search from seed after seed."""
    for orders, overlap in product(ORDERS, OVERLAPS):
        settings, end = _settings(orders, overlap), monotonic() + 60 * minutes
        if orders <= SMALL:
            value = float(every_pattern(settings).scores[0])
        else:
            value = np.inf
            for seed in count():
                value = min(value, float(optimum(settings, seed=seed).scores[0]))
                if monotonic() > end:
                    break
        yield f"    ({orders}, {overlap}): {value:.7f},"


def main() -> None:
    """Search for the best known, or run the part alone."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--best", type=float, metavar="MINUTES", help="search so long a cell and print BEST")
    parser.add_argument("--quick", action="store_true", help="few cells")
    parser.add_argument("--peer", action="append", choices=PEERS, help="these peers alone")
    parser.add_argument("--evaluations", action="append", type=int, help="so many alone")
    options = parser.parse_args()
    sys.path.append(str(Path(__file__).with_name("peers")))
    if options.best is not None:
        for line in best(options.best):
            print(line, flush=True)
        return
    counts = tuple(options.evaluations or BUDGETS)
    found = run(quick=options.quick, peers=tuple(options.peer or PEERS), counts=counts)
    print(*found.table, *(f"{budget.what}: {budget.measured} {budget.verdict}" for budget in found.budgets), sep="\n")


if __name__ == "__main__":
    main()
