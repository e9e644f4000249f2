"""The settings of a ladder run: explicit flag over file over preset over default, and which gave what (LADDER 4)."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from deskc.core.errors import DeskcError
from deskc.core.violations import close_to
from deskc.ladder.settings import Settings, from_mapping, to_mapping

__all__ = ["Configured", "Section", "Source", "settings_from"]

Section: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Section `ladder` as a file writes it: groups of settings, each possibly absent; `orders` may stand beside them."""

Source: TypeAlias = Literal["flag", "file", "preset", "default"]
"""Where a value comes from."""


class Configured(NamedTuple):
    """Settings, and the source of each by its path below section `ladder`, such as `constraints.slope_cap`."""

    settings: Settings
    sources: Mapping[str, Source]


def settings_from(flags: Mapping[str, Any], file: Section, preset: Section) -> Configured:
    """Combine what three sources say over the defaults; the arguments stand in their order of precedence.

    `flags` are explicit ones by path, such as `{"constraints.slope_cap": 0.2}`. Whole numbers become floats where the
    setting is one. Raise DeskcError, with a guess, for what is no setting.
    """
    given: tuple[tuple[Source, Mapping[str, Any]], ...] = (
        ("preset", dict(_flat(preset, "the preset"))),
        ("file", dict(_flat(file, "the file"))),
        ("flag", flags),
    )
    defaults = dict(_flat(to_mapping(Settings()), "the defaults"))
    values = dict(defaults)
    sources: dict[str, Source] = dict.fromkeys(defaults, "default")
    for source, said in given:
        for path, value in said.items():
            if path not in defaults:
                raise _unknown(path, source, defaults)
            values[path], sources[path] = _like(defaults[path], value), source
    section: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        group, _, name = path.partition(".")
        section.setdefault(group, {})[name] = value
    return Configured(from_mapping(section), sources)


def _flat(section: Section, what: str) -> Iterator[tuple[str, Any]]:
    """Yield each setting by its path; the orders are none."""
    for group, values in section.items():
        if group == "orders":
            continue
        if not isinstance(values, Mapping):
            raise DeskcError(f"{group} of {what} is no group of settings", help=f"write {group}: {{name: value}}")
        for name, value in values.items():
            yield f"{group}.{name}", value


def _unknown(path: str, source: str, known: Mapping[str, Any]) -> DeskcError:
    names = {one.partition(".")[2]: one for one in known}
    guess = close_to(path, known) or names.get(close_to(path.rpartition(".")[2], names) or "")
    way_out = f"did you mean {guess}?" if guess else "deskc schema ladder lists the settings"
    return DeskcError(f"{path}, given by a {source}, is no setting of a ladder", help=way_out)


def _like(default: Any, value: Any) -> Any:  # noqa: ANN401 - a setting may have any JSON value
    """Return a whole number as a float where the default is one, also in a list."""
    if isinstance(value, list):
        return [_like(0.0, one) for one in value] if default and isinstance(default[0], float) else value
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and (default is None or isinstance(default, float)) else value
