"""Settings come from flag over file over preset over default, and each value's source is known."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from deskc.core.errors import DeskcError
from deskc.ladder.settings import Settings, config_hash, to_mapping
from deskc.tuning.configure import settings_from

SCHEMA = Path(__file__).parents[3] / "schemas" / "ladder.schema.json"
CAPS: Mapping[str, Any] = {"constraints": {"slope_cap": 0.3, "q1_cap": 20, "m2_max": 0.9}}


def test_an_explicit_flag_wins_over_file_preset_and_default() -> None:
    """Each source in turn gives what those above it leave out."""
    file = {"constraints": {"slope_cap": 0.2, "q1_cap": 21}}
    settings, sources = settings_from({"constraints.slope_cap": 0.15}, file, CAPS)
    bounds = settings.constraints
    assert (bounds.slope_cap, bounds.q1_cap, bounds.m2_max, bounds.tail_floor) == (0.15, 21, 0.9, 32)
    paths = ("slope_cap", "q1_cap", "m2_max", "tail_floor")
    assert [sources[f"constraints.{path}"] for path in paths] == ["flag", "file", "preset", "default"]


def test_every_setting_has_a_source() -> None:
    """Nothing said is all by default, and no setting goes without."""
    settings, sources = settings_from({}, {}, {})
    named = {f"{group}.{name}" for group, values in to_mapping(settings).items() for name in values}
    assert sources.keys() == named
    assert set(sources.values()) == {"default"}
    assert settings == Settings()


def test_a_whole_number_is_the_float_that_it_means() -> None:
    """20 and 20.0 are one setting, with one hash; a count stays whole."""
    whole, _ = settings_from({"core.overlap_pct": 30, "core.num_orders": 7.0, "penalties.sp1": 2}, {}, {})
    exact, _ = settings_from({"core.overlap_pct": 30.0, "core.num_orders": 7, "penalties.sp1": 2.0}, {}, {})
    assert [type(one) for one in (whole.core.overlap_pct, whole.core.num_orders, whole.penalties.sp1)] == [
        float,
        int,
        float,
    ]
    assert config_hash(whole) == config_hash(exact)


@pytest.mark.parametrize(
    ("flags", "message", "help"),
    [
        ({"constraints.slop_cap": 0.2}, "ladder.constraints.slop_cap is no setting (the flags)", "slope_cap"),
        ({"constrains.slope_cap": 0.2}, "ladder.constrains is no setting", "constraints"),
        ({"core.num_orders": 1}, "is 1, below 2", "2 or more"),
        ({"core.overlap_pct": float("nan")}, "ladder.core.overlap_pct is no finite number", "number"),
        ({"core.fee_pct": -0.1}, "is -0.1, below 0", "0 or more"),
        ({"core.overlap_pct": float("inf")}, "ladder.core.overlap_pct is no finite number", "number"),
        ({"penalties.preset": "robsut"}, 'is "robsut", not one of', "robust"),
        ({"constraints.enforce": ["HC9"]}, 'is "HC9", not one of', "HC"),
    ],
)
def test_what_is_no_legal_setting_is_one_sentence(flags: Mapping[str, Any], message: str, help: str) -> None:  # noqa: A002 - the word users see
    """The setting, the value, the bound and where it was said."""
    with pytest.raises(DeskcError) as refused:
        settings_from(flags, {}, {})
    assert message in refused.value.message
    assert help in refused.value.help


def test_a_bad_value_names_its_source() -> None:
    """A file's mistake is not blamed on a preset."""
    with pytest.raises(DeskcError, match=r"\(the file\)"):
        settings_from({}, {"scoring": {"alpha": -1}}, CAPS)
    with pytest.raises(DeskcError, match=r"\(the preset\)"):
        settings_from({}, {}, {"scoring": {"alpha": -1}})


def test_the_schema_and_the_settings_are_the_same_names_and_defaults() -> None:
    """The seven groups of the schema are the seven dataclasses, key by key; `orders` alone stands beside them."""
    groups = json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"]
    defaults = to_mapping(Settings())
    assert [*groups] == [*(field.name for field in fields(Settings)), "orders"]
    for group, values in defaults.items():
        described = groups[group]["properties"]
        assert {name: schema["default"] for name, schema in described.items()} == values
        assert [*described] == [*values]
    assert groups["orders"]["required"] == ["volumes_pct", "indents_pct"]
