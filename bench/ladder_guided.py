"""The guided part of the ladder benchmark: its median J against ladders drawn at random, at a thousand evaluations.

Every cell of orders, overlap and preset; medians of five seeds. Beside them stands how far the best found by zone
patterns, where the objective is plain, lies over the estimated bound.
"""

from itertools import product
from statistics import median

import numpy as np

from budgets import Budget
from deskc.ladder.estimate import estimate
from deskc.ladder.search.best import best, odd
from deskc.ladder.search.guided import Chunk, Guided
from deskc.ladder.settings import Core, Settings
from deskc.tuning.presets import bundled_presets, settings_of
from parts import Found

__all__ = ["run"]

ORDERS, OVERLAPS = (10, 15, 20, 30), (10.0, 20.0, 30.0)
QUICK_ORDERS, QUICK_OVERLAPS = (10, 20), (20.0,)
SEEDS, EVALUATIONS, BATCH = (1, 2, 3, 4, 5), 1_000, 100
BEST_EVALUATIONS = 5_000

PRESETS = settings_of(bundled_presets())


def run(*, quick: bool) -> Found:
    """Compare in every cell; a cell where nothing can be drawn at random counts as won where we find a ladder."""
    table = [
        f"{'preset':12}{'N':>4}{'overlap':>9}{'random':>10}{'guided':>10}{'best':>10}{'estimated bound':>17}{'gap':>8}"
    ]
    lost, gaps, too_high = 0, [], []
    orders, overlaps = (QUICK_ORDERS, QUICK_OVERLAPS) if quick else (ORDERS, OVERLAPS)
    for (name, preset), count, overlap in product(PRESETS.items(), orders, overlaps):
        settings = _cell(preset, count, overlap)
        random = median(_random(settings, seed) for seed in SEEDS)
        guided = median(_guided(settings, seed) for seed in SEEDS)
        lost += not guided < random
        found = best(settings, seed=SEEDS[0], max_evaluations=BEST_EVALUATIONS).scores.min(initial=np.inf)
        bound = estimate(settings)
        gap = np.nan if bound is None else 100 * (found / bound - 1)
        if bound is not None and not odd(settings):
            gaps.append(gap)
        if gap < 0:
            too_high.append(f"{name}, N = {count}, overlap {overlap:g}: the estimated bound lies above a ladder's J")
        table.append(
            f"{name:12}{count:4}{overlap:9g}{random:10.4f}{guided:10.4f}{found:10.4f}{bound or np.nan:17.4f}{gap:7.2f}%"
        )
    budgets = (
        Budget("guided search, cells not better than random", 0, "cells", float(lost)),
        Budget("estimated gap, widest with a plain objective", 4, "%", max(gaps)),
    )
    return Found(tuple(table), budgets, tuple(too_high))


def _cell(preset: Settings, count: int, overlap: float) -> Settings:
    return Settings(
        core=Core(num_orders=count, overlap_pct=overlap),
        constraints=preset.constraints,
        scoring=preset.scoring,
        normalization=preset.normalization,
    )


def _random(settings: Settings, seed: int) -> float:
    """Return the best J of ladders from points drawn evenly, with the best prices they can have."""
    points = np.random.default_rng(seed).random((EVALUATIONS, settings.core.num_orders - 1))
    return float(Chunk(points).work(settings).scores.min(initial=np.inf))


def _guided(settings: Settings, seed: int) -> float:
    """Return the best J of the guided search, asked for batches as a run asks."""
    search, spent = Guided(settings, seed), 0
    while spent < EVALUATIONS:
        found = [job.work(settings) for job in search.ask(min(BATCH, EVALUATIONS - spent))]
        search.tell(found)
        spent += sum(one.evaluations for one in found)
    return float(search.best.scores.min(initial=np.inf))
