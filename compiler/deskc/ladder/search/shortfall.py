"""How far ladders are from keeping what is enforced: 0 for those that keep it, and graded for those that do not."""

import numpy as np

from deskc.ladder.constraints import SMALLEST_WAVE
from deskc.ladder.kernels import Masks
from deskc.ladder.parameters import Floats
from deskc.ladder.settings import CODES, Constraints, Settings

__all__ = ["enforced_bits", "shortfall"]

_BROKEN = 1e-3  # for each enforced code that is broken, so that no broken one comes to nothing


def enforced_bits(settings: Settings) -> int:
    """Return the bits of the constraints that are enforced, as the kernel's masks have them."""
    return sum(1 << place for place, code in enumerate(CODES) if code in settings.constraints.enforce)


def shortfall(volumes: Floats, violations: Masks, settings: Settings) -> Floats:
    """Return for ladders (n, N) how much their ratios lack of HC6 and HC7 where those are enforced, shape (n,).

    For HC6 it is what the steepest slope of each run that is too long lacks of `flat`, for HC7 what the deviation lacks
    of its bound and what the sharpest turns lack of being turns: sums of fractions of a ratio.
    """
    bounds = settings.constraints
    broken = violations & enforced_bits(settings)
    missing = _BROKEN * sum(((broken >> place) & 1).astype(float) for place in range(len(CODES)))
    with np.errstate(all="ignore"):
        ratios = volumes[:, 1:] / volumes[:, :-1] - 1
    slopes = np.diff(ratios, axis=1)
    if "HC6" in bounds.enforce:
        missing = missing + _flatness(np.abs(slopes), bounds)
    if "HC7" in bounds.enforce and volumes.shape[1] >= SMALLEST_WAVE:
        missing = missing + np.maximum(0.0, bounds.wave_std_min - ratios.std(axis=1)) + _dullness(slopes, bounds)
    return np.where(broken == 0, 0.0, missing)


def _flatness(sizes: Floats, bounds: Constraints) -> Floats:
    run = bounds.max_plateau + 1
    if sizes.shape[1] < run:
        return np.zeros(len(sizes))
    steepest = np.lib.stride_tricks.sliding_window_view(sizes, run, axis=1).max(axis=2)
    return np.asarray(np.maximum(0.0, bounds.flat - steepest).sum(axis=1))


def _dullness(slopes: Floats, bounds: Constraints) -> Floats:
    before, after = slopes[:, :-1], slopes[:, 1:]
    sharpness = np.where((before > 0) != (after > 0), np.minimum(np.abs(before), np.abs(after)), 0.0)
    sharpest = np.sort(sharpness, axis=1)[:, sharpness.shape[1] - bounds.wave_turns_min :]
    return np.asarray(np.maximum(0.0, bounds.wave_turn_min - sharpest).sum(axis=1))
