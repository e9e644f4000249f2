"""Ladder presets are found by name: the desk's own, or those that came with deskc."""

from pathlib import Path

import pytest

from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.ladder.settings import Settings, config_hash
from deskc.tuning.configure import settings_from
from deskc.tuning.presets import bundled_presets, preset, presets_in

NAMES = ("exploration", "fast_exit", "production", "strict")
DESK = Path(__file__).parents[3] / "config-repo"
SIX, ALL = tuple(f"HC{number}" for number in range(6)), tuple(f"HC{number}" for number in range(8))


def chosen(name: str) -> Settings:
    """Return a bundled preset's settings over the defaults."""
    return settings_from({}, {}, preset(name, bundled_presets())).settings


def test_the_four_presets_have_their_documented_values() -> None:
    """LADDER 4, and LADDER 3 for strict's first volume."""
    one, two, three, four = (chosen(name) for name in ("exploration", "production", "strict", "fast_exit"))
    assert (one.constraints.slope_cap, one.constraints.m2_max, one.scoring.lambda_) == (0.3, 1.0, 0.05)
    assert (one.penalties.preset, one.constraints.enforce) == ("explore", SIX)
    assert (two.constraints.slope_cap, two.penalties.preset, two.normalization.post_round_2dp) == (0.25, "robust", True)
    assert two.constraints.enforce == three.constraints.enforce == ALL
    assert (three.constraints.slope_cap, three.constraints.m2_max, three.scoring.lambda_) == (0.2, 0.8, 0.15)
    assert (three.penalties.preset, three.normalization.post_round_2dp, three.first_volume_min) == ("tight", True, 0.02)
    assert (four.constraints.tail_floor, four.constraints.q1_cap, four.scoring.gamma) == (35, 20, 0.3)
    assert four.constraints.enforce == SIX


def test_each_preset_is_a_configuration_of_its_own() -> None:
    """A preset changes something, and no two are the same."""
    hashes = {config_hash(chosen(name)) for name in NAMES} | {config_hash(Settings())}
    assert len(hashes) == len(NAMES) + 1


def test_the_reference_desk_has_the_presets_that_came_with_deskc() -> None:
    """Byte for byte, so that a name means one thing."""
    files = {f"d/templates/{path.name}": path.read_bytes() for path in (DESK / "templates").glob("*.yaml")}
    assert presets_in(Tree(None, 0, files), "d/") == bundled_presets()
    assert tuple(bundled_presets()) == NAMES


def test_a_desk_may_have_presets_of_its_own() -> None:
    """Any template of that form is one."""
    tree = Tree(None, 0, {"templates/ladder_mine.yaml": b"ladder:\n  core:\n    num_orders: 7\n"})
    assert preset("mine", presets_in(tree, "")) == {"core": {"num_orders": 7}}


def test_an_unknown_preset_is_refused_with_a_guess_and_the_list() -> None:
    """One sentence."""
    with pytest.raises(DeskcError, match="there is no preset prodution") as refused:
        preset("prodution", bundled_presets())
    assert refused.value.help == f"did you mean production? known are {', '.join(NAMES)}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ladder:\n  core:\n    num_orders: 1\n", "templates/ladder_mine.yaml"),
        ("ladder:\n  core: {num_orders: .nan}\n", "templates/ladder_mine.yaml"),
        ("ladder: {}\nextends: [templates/ladder_strict.yaml]\n", "beside ladder:"),
        ("- 1\n", "templates/ladder_mine.yaml"),
    ],
)
def test_a_preset_that_cannot_be_used_says_why(text: str, message: str) -> None:
    """The file is named."""
    with pytest.raises(DeskcError, match=message):
        preset("mine", {"mine": text.encode()})
