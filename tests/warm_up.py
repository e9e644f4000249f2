"""Compile the ladder's loops before the suite begins: two halves at once, where workers would each compile all of it.

Run by `make test`. What is compiled lies beside the modules, and is compiled anew only after they change.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from deskc.ladder.settings import CODES, Core, Normalization, Settings

SMALL = Settings(Core(num_orders=8))
ALL = replace(SMALL, constraints=replace(SMALL.constraints, enforce=CODES))
FEW = 300


def search() -> None:
    """Search for a ladder by zone patterns and by climbs, and estimate how good one could be."""
    from deskc.ladder.estimate import estimate  # noqa: PLC0415 - each half imports its own
    from deskc.ladder.search.best import best  # noqa: PLC0415 - as above

    best(ALL, seed=0, max_evaluations=FEW)
    estimate(SMALL)


def rounding() -> None:
    """Round a ladder to two decimals."""
    from deskc.ladder.rounding import feasible_start, round_ladder  # noqa: PLC0415 - as above

    start = feasible_start(ALL, 0)
    if start is None:
        raise AssertionError("the warm-up's ladder has no start")
    round_ladder(start, replace(ALL, normalization=Normalization(post_round_2dp=True)), seed=0, max_evaluations=FEW)


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for half in [pool.submit(search), pool.submit(rounding)]:
            half.result()
