"""The old flat form of a configuration, sixty and more parameters side by side: which setting each of them became."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from deskc.ladder.settings import Settings, to_mapping
from deskc.tuning.configure import Section, refuse_illegal

__all__ = ["Imported", "grouped"]

_ALIASES: Mapping[str, str] = {
    "adaptive_strategy": "adaptive.strategy",
    "first_indent": "generation.first_indent_pct",
    "first_indent_target": "generation.first_indent_pct",
    "lambda_penalty": "scoring.lambda",
    "min_indent_step": "generation.min_indent_step_pct",
    "orders": "core.num_orders",
    "overlap": "core.overlap_pct",
    "penalty_preset": "penalties.preset",
    "post_round_keep_v1_band": "normalization.keep_v2_band",
    "post_round_strategy": "normalization.strategy",
    "post_round_v1_band": "normalization.v2_band",
    "random_seed": "core.seed",
    "w_front": "penalties.sp5",
    "w_plateau": "penalties.sp2",
    "w_second": "penalties.sp1",
    "w_slope": "penalties.sp7",
    "w_tailweak": "penalties.sp6",
    "w_varm": "penalties.sp3",
    "w_wave": "penalties.sp4",
    "wave_strong_threshold": "generation.strong",
    "wave_weak_threshold": "generation.weak",
}
_SHARES = ("constraints.q1_cap", "constraints.tail_cap", "constraints.tail_floor")
_PERCENT = 100


class Imported(NamedTuple):
    """The settings that a flat configuration gives, by group, and the keys of it that are none."""

    section: Section
    unknown: tuple[str, ...]


def grouped(flat: Mapping[str, Any]) -> Imported:
    """Sort flat parameters into the seven groups; what stands in a group already stays there.

    Shares of the budget of at most 1 are fractions and become percent. Raise DeskcError for a value that its setting
    may not have.
    """
    paths = _paths()
    section: dict[str, dict[str, Any]] = {}
    unknown = []
    for key, value in flat.items():
        path = paths.get(key.lower().replace("-", "_"))
        if path is not None:
            _set(section, path, value)
        elif isinstance(value, Mapping) and key in to_mapping(Settings()):
            for name, one in value.items():
                _set(section, f"{key}.{name}", one)
        else:
            unknown.append(key)
    refuse_illegal(section, "the flat configuration")
    return Imported(section, tuple(unknown))


def _paths() -> dict[str, str]:
    """Return the setting of each flat name: those that one setting alone has, and those that had another name."""
    every = [(name, f"{group}.{name}") for group, values in to_mapping(Settings()).items() for name in values]
    names = [name for name, _ in every]
    return {name: path for name, path in every if names.count(name) == 1} | dict(_ALIASES)


def _set(section: dict[str, dict[str, Any]], path: str, value: Any) -> None:  # noqa: ANN401 - a setting's JSON value
    group, _, name = path.partition(".")
    share = path in _SHARES and isinstance(value, (int, float)) and 0 < value <= 1
    section.setdefault(group, {})[name] = value * _PERCENT if share else value
