"""Fixed ladders on which a lock holds the kernels to their values; each hard constraint is broken by one of them."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from deskc.ladder.model import Ladder
from deskc.ladder.settings import Constraints, Core, Generation, Penalties, Settings

__all__ = ["FIXED"]


def _ladder(ratios: Sequence[float], overlap_pct: float) -> Ladder:
    """Return the ladder of these martingale ratios with equal steps from 0 to `overlap_pct`."""
    shapes = list(accumulate(ratios, lambda volume, ratio: volume * (1 + ratio), initial=1.0))
    last = len(ratios)
    return Ladder(
        tuple(100 * shape / sum(shapes) for shape in shapes),
        tuple(overlap_pct * place / last for place in range(last + 1)),
    )


FIXED: Mapping[str, tuple[Ladder, Settings]] = {
    "even_10": (_ladder([0.12] * 9, 20.0), Settings()),
    "waves_20": (
        _ladder([0.75, 0.45] * 9 + [0.75], 20.0),
        Settings(
            Core(num_orders=20, side="short", sizing="quote", take_profit_pct=0.5, fee_pct=0.08),
            Generation(strong=0.4, weak=0.2),
            Constraints(ceiling=True),
            Penalties(soft_penalties=True, preset="robust"),
        ),
    ),
    "flat_7": (
        _ladder([0.01, 1.2, 0.02, 0.3, 0.3, 0.01], 15.0),
        Settings(Core(num_orders=7, overlap_pct=20.0, take_profit_pct=1.0), Generation(min_indent_step_pct=3.0)),
    ),
    "falling_12": (
        _ladder([0.05, 0.2, -0.1, 0.9, 0.05, 0.05, 0.05, 0.05, 0.05, 0.6, 6.0], 30.0),
        Settings(Core(num_orders=12, overlap_pct=30.0), penalties=Penalties(soft_penalties=True, preset="tight")),
    ),
}
"""By name: a ladder and the settings that judge it."""
