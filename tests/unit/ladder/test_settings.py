"""The ladder's settings: what a section says comes back, and no two settings share a hash."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from deskc.ladder.settings import Constraints, Scoring, Settings, config_hash, from_mapping, to_mapping

GROUPS = [one.name for one in fields(Settings)]


def other(value: Any, kind: Any) -> Any:  # noqa: ANN401 - a setting's value and its annotation
    """Return another value of a setting's type."""
    if get_origin(kind) is Literal:
        return next(choice for choice in get_args(kind) if choice != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return (*value[:-1], 3.5) if isinstance(value[0], float) else value[:-1]
    return 1.5 if value is None else value + 1


def changed(group: str) -> Iterator[tuple[str, Settings]]:
    """Yield the default settings with one field of a group changed, field by field."""
    values = getattr(Settings(), group)
    kinds = get_type_hints(type(values))
    for one in fields(values):
        new = {one.name: other(getattr(values, one.name), kinds[one.name])}
        yield one.name, replace(Settings(), **{group: replace(values, **new)})


@pytest.mark.parametrize("group", GROUPS)
def test_settings_that_differ_in_one_field_differ_in_hash(group: str) -> None:
    """Every field of every group counts, and none like another."""
    hashes = {name: config_hash(settings) for name, settings in changed(group)}
    assert len({*hashes.values(), config_hash(Settings())}) == len(fields(getattr(Settings(), group))) + 1


@pytest.mark.parametrize("group", GROUPS)
def test_a_section_comes_back_as_it_was_written(group: str) -> None:
    """Reading what was written gives equal settings, whichever field is changed."""
    for name, settings in changed(group):
        assert from_mapping(to_mapping(settings)) == settings, name


def test_a_whole_number_hashes_as_the_float_it_is() -> None:
    """20 and 20.0 are one value."""
    assert config_hash(from_mapping({"core": {"overlap_pct": 20}})) == config_hash(Settings())


def test_what_is_absent_has_its_default() -> None:
    """A section may name some groups and some keys, and `orders` is none of them."""
    section = {"scoring": {"lambda": 0.05}, "constraints": {"enforce": ["HC0"]}, "orders": {"volumes_pct": [1]}}
    expected = Settings(scoring=Scoring(lambda_=0.05), constraints=Constraints(enforce=("HC0",)))
    assert from_mapping(section) == expected
    assert to_mapping(expected)["scoring"]["lambda"] == 0.05


@pytest.mark.parametrize(
    ("section", "name"),
    [({"cores": {}}, "cores"), ({"core": {"overlap": 20}}, "core.overlap"), ({"scoring": {"lambda_": 1}}, "lambda_")],
)
def test_an_unknown_name_is_named(section: dict[str, dict[str, float]], name: str) -> None:
    """A group or a key that no group has is refused."""
    with pytest.raises(KeyError, match=name):
        from_mapping(section)


def test_whole_numbers_stand_for_floats() -> None:
    """JSON and YAML write 1 for 1.0: settings that differ in nothing else are the same, to the type of each value."""
    said = {"constraints": {"m_max": 1, "flat": 0}, "penalties": {"sp1": 3}, "normalization": {"v2_band": [1, 2]}}
    read = from_mapping(said)
    assert [type(value) for value in (read.constraints.m_max, read.constraints.flat, read.penalties.sp1)] == [float] * 3
    assert [type(value) for value in read.normalization.v2_band] == [float] * 2
    assert type(from_mapping({"core": {"num_orders": 7}}).core.num_orders) is int
