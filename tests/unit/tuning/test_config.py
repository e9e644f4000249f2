"""Configurations that programs change, and the flat ones that they come from."""

import pytest

from deskc.core.errors import DeskcError
from deskc.ladder.settings import Settings, config_hash, to_mapping
from deskc.tuning import EvaluationConfig
from deskc.tuning.configure import settings_from
from deskc.tuning.flat import grouped


def test_the_documented_changes_are_made() -> None:
    """Attribute by attribute; what was handed out before stays as it was."""
    config = EvaluationConfig()
    before = config.settings
    config.constraints.slope_cap = 0.15
    config.constraints.m2_min = 0.20
    config.constraints.tail_floor = 35.0
    assert before == Settings()
    assert (config.settings.constraints.slope_cap, config.constraints.tail_floor) == (0.15, 35.0)
    assert config.config_hash == config_hash(config.settings) != config_hash(before)


def test_every_setting_of_every_group_can_be_changed() -> None:
    """To the value that it has, whatever its type; the seven groups are those of the settings."""
    config, defaults = EvaluationConfig(), to_mapping(Settings())
    for group, values in defaults.items():
        for name, value in values.items():
            setattr(getattr(config, group), name, value)
    assert config == EvaluationConfig()
    assert config.to_mapping() == defaults
    assert EvaluationConfig.from_mapping(defaults) == config


@pytest.mark.parametrize(
    ("name", "value", "way_out"),
    [
        ("slop_cap", 0.2, "did you mean slope_cap?"),
        ("slope_cap", float("nan"), "number"),
        ("slope_cap", -1, "0 or more"),
    ],
)
def test_what_is_no_setting_or_no_value_is_refused(name: str, value: float, way_out: str) -> None:
    """At once, with a guess, and nothing has changed."""
    config = EvaluationConfig()
    with pytest.raises(DeskcError) as caught:
        setattr(config.constraints, name, value)
    assert way_out in caught.value.help
    assert config == EvaluationConfig()


def test_reading_what_is_no_setting_is_an_attribute_error() -> None:
    """As of any object."""
    with pytest.raises(AttributeError, match="slop_cap"):
        _ = EvaluationConfig().constraints.slop_cap


def test_a_flat_configuration_is_sorted_into_groups() -> None:
    """Names that one setting has, names that changed, either case; fractions of the budget become percent."""
    flat = {
        "alpha": 0.4,
        "lambda_penalty": 0.2,
        "Slope-Cap": 0.2,
        "tail_cap": 0.4,
        "q1_cap": 22.0,
        "post_round_keep_v1_band": False,
        "wave_strong_threshold": 0.6,
        "overlap": 15,
        "w_front": 2.5,
        "constraints": {"m2_min": 0.2},
    }
    told = grouped(flat)
    assert told.unknown == ()
    assert told.section == {
        "scoring": {"alpha": 0.4, "lambda": 0.2},
        "constraints": {"slope_cap": 0.2, "tail_cap": 40.0, "q1_cap": 22.0, "m2_min": 0.2},
        "normalization": {"keep_v2_band": False},
        "generation": {"strong": 0.6},
        "core": {"overlap_pct": 15},
        "penalties": {"sp5": 2.5},
    }
    assert settings_from({}, told.section, {}).settings.core.overlap_pct == 15.0


def test_every_setting_with_a_name_of_its_own_is_known_flat() -> None:
    """All but the two called strategy, which a flat configuration tells apart by longer names."""
    every = {name: value for values in to_mapping(Settings()).values() for name, value in values.items()}
    assert grouped(every).unknown == ("preset", "strategy")[1:]


def test_unknown_keys_are_listed_in_their_order() -> None:
    """And kept out of the groups."""
    told = grouped({"orders_min": 5, "alpha": 0.4, "n_trials": 100})
    assert (told.section, told.unknown) == ({"scoring": {"alpha": 0.4}}, ("orders_min", "n_trials"))


def test_a_flat_value_that_is_none_is_refused() -> None:
    """As in any other file."""
    with pytest.raises(DeskcError, match="slope_cap"):
        grouped({"slope_cap": "steep"})
