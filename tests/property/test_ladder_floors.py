"""However near its limit the first volume's floor is: where one can be drawn the search finds a ladder."""

from dataclasses import replace

from hypothesis import assume, event, given
from hypothesis import strategies as st

from deskc.ladder.constraints import judge
from deskc.ladder.model import Ladder
from deskc.ladder.rounding import Rounded, feasible_start, round_ladder
from deskc.ladder.score import score
from deskc.ladder.search.zones import optimum
from deskc.ladder.settings import Settings
from ladder_presets import PRESETS, preset
from laws import laws

HALVINGS = 6
FEW = 8_000
HIGHEST = 25.0  # four orders that grow: the first has less


def floored(settings: Settings, floor: float) -> Settings:
    """Return settings with another floor of the first volume."""
    return replace(settings, constraints=replace(settings.constraints, first_volume_min=floor))


def highest(settings: Settings) -> float:
    """Return about the highest floor of the first volume at which a ladder can still be drawn."""
    low, high = 0.0, HIGHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if feasible_start(floored(settings, middle), 1, max_evaluations=FEW):
            low = middle
        else:
            high = middle
    return low


@st.composite
def tasks(draw: st.DrawFn) -> Settings:
    """Draw a preset for 4 to 12 orders whose first volume has a floor between .3 of its limit and the limit itself."""
    made = preset(
        draw(st.sampled_from(sorted(PRESETS))),
        draw(st.integers(4, 12)),
        overlap_pct=draw(st.sampled_from([1.8, 5.0, 20.0, 45.0])),
        side=draw(st.sampled_from(["long", "short"])),
        sizing=draw(st.sampled_from(["base", "quote"])),
        take_profit_pct=draw(st.sampled_from([0.0, 0.5, 1.0])),
    )
    return floored(made, highest(made) * draw(st.floats(0.3, 1.0)))


@laws(25)
@given(tasks(), st.integers(0, 2**32))
def test_a_search_finds_a_ladder_wherever_one_can_be_drawn(settings: Settings, seed: int) -> None:
    """It keeps what is enforced and is never worse than the drawn one, nor, without waves, than what rounding finds."""
    start = feasible_start(settings, seed)
    assume(start is not None)
    assert start is not None
    found = optimum(settings, seed=seed)
    (volumes,), (indents,) = found.volumes.tolist(), found.indents.tolist()
    broken = {violation.code for violation in judge(Ladder(tuple(volumes), tuple(indents)), settings)}
    assert not broken & set(settings.constraints.enforce)
    assert found.scores[0] <= score(start, settings).value
    waves = "HC7" in settings.constraints.enforce
    event("waves" if waves else "zones alone")
    rounded = round_ladder(start, settings, seed=seed, max_evaluations=FEW)
    if isinstance(rounded, Rounded) and not waves:
        assert found.scores[0] <= rounded.score * (1 + 1e-9)
