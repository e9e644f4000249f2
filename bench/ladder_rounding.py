"""Two-decimal ladders: how often rounding finds a valid one, what that costs in J, and how long it takes.

Usage: python bench/ladder_rounding.py [SEEDS]. For each preset and number of orders, the best unrounded ladder that a
long annealing finds among those that keep what the preset enforces is rounded with SEEDS (default 5) seeds. `valid` are
those for which a ladder came back, all judged by the exact judge; `cost` is the median J over the unrounded one's, and
over that of the best whose first volume may be next to nothing; `plain` says whether plain rounding would have done.
"""

import sys
from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np

from deskc.ladder.constraints import exact
from deskc.ladder.kernels import judge_batch
from deskc.ladder.model import Ladder, ratios
from deskc.ladder.parameters import pack
from deskc.ladder.rounding import NoneFound, feasible_start, round_ladder
from deskc.ladder.rounding.anneal import Effort, anneal
from deskc.ladder.rounding.limits import limits_of
from deskc.ladder.rounding.rounded import plain
from deskc.ladder.score import score
from deskc.ladder.settings import Core, Normalization, Settings
from deskc.tuning.presets import bundled_presets, settings_of

ORDERS = (7, 8, 9, 10, 11, 12, 15, 20, 25, 30)
ROUNDED = Normalization(post_round_2dp=True)
PRESETS = settings_of(bundled_presets())
LONG = 200_000
TRIES = 3


def main(seeds: int) -> None:
    """Print one line for each preset and number of orders."""
    print("preset       orders  plain  valid  seconds   cost  over v_1 = 0")
    for name, chosen in PRESETS.items():
        for orders in ORDERS:
            settings = replace(chosen, core=Core(num_orders=orders), normalization=ROUNDED)
            print(f"{name:12} {orders:6}  {line(settings, seeds)}", flush=True)


def line(settings: Settings, seeds: int) -> str:
    """Round the best unrounded ladder with each seed, and say how that went."""
    best, free = unrounded(settings), unrounded(replace(settings, normalization=Normalization()))
    costs, over, seconds = [], [], []
    for seed in range(seeds):
        begin = perf_counter()
        found = round_ladder(best, settings, seed=seed)
        seconds.append(perf_counter() - begin)
        if not isinstance(found, NoneFound) and not broken(found.ladder, settings):
            costs.append(100 * (found.score / score(best, settings).value - 1))
            over.append(100 * (found.score / score(free, settings).value - 1))
    words = (
        f"{'no' if broken(plain(best, settings), settings) else 'yes':>5}  {len(costs)}/{seeds}  {median(seconds):7.2f}"
    )
    return words + (f"  {median(costs):4.1f} %  {median(over):9.1f} %" if costs else "")


def unrounded(settings: Settings) -> Ladder:
    """Return the best ladder of a long search that keeps what is enforced, two decimals apart."""
    limits, parameters = limits_of(settings, whole=False), pack(settings)
    found = []
    for seed in range(TRIES):
        start = feasible_start(settings, seed)
        if start is None:
            continue
        best, _ = anneal(
            np.array(ratios(start.volumes)),
            limits,
            lambda made: judge_batch(made.volumes / 100, made.indents, parameters).scores,
            Effort(np.random.default_rng(seed), LONG),
        )
        if best:
            found.append(best)
    winner = min(found, key=lambda one: one.worth)
    return Ladder(tuple((winner.volumes / 100).tolist()), tuple(winner.indents.tolist()))


def broken(ladder: Ladder, settings: Settings) -> bool:
    """Say whether a rounded ladder breaks what is enforced."""
    return any(found.code in settings.constraints.enforce for found in exact(ladder, settings))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
