"""The settings of a ladder run: explicit flag over file over preset over default, and which gave what (LADDER 4)."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from deskc.content import bundled, load_schemas
from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.core.schemas import Schema
from deskc.ladder.settings import Settings, from_mapping, to_mapping

__all__ = ["Configured", "Section", "Source", "refuse_illegal", "settings_from"]

Section: TypeAlias = Mapping[str, Any]
"""Section `ladder` as a file writes it: groups of settings, each possibly absent; `orders` may stand beside them."""

Source: TypeAlias = Literal["flag", "file", "preset", "default"]
"""Where a value comes from."""

_SOURCES: Mapping[Source, str] = {"preset": "the preset", "file": "the file", "flag": "the flags"}
_SCHEMA = "ladder.schema.json"


class Configured(NamedTuple):
    """Settings, and the source of each by its path below section `ladder`, such as `constraints.slope_cap`."""

    settings: Settings
    sources: Mapping[str, Source]


def settings_from(flags: Mapping[str, Any], file: Section, preset: Section) -> Configured:
    """Combine what three sources say over the defaults; the arguments stand in their order of precedence.

    `flags` are the explicit ones by path, such as `{"constraints.slope_cap": 0.2}`. Raise DeskcError, with a guess, for
    what is no setting or breaks the schema of section `ladder`.
    """
    given: tuple[tuple[Source, Section], ...] = (("preset", preset), ("file", file), ("flag", _nested(flags)))
    section = to_mapping(Settings())
    sources: dict[str, Source] = {path: "default" for path, _ in _flat(section)}
    for source, said in given:
        refuse_illegal(said, _SOURCES[source])
        for path, value in _flat(said):
            group, _, name = path.partition(".")
            section[group][name] = value
            sources[path] = source
    return Configured(from_mapping(section), sources)


def refuse_illegal(section: Section, who: str) -> None:
    """Raise DeskcError, with a guess, where a section `ladder` breaks the schema that came with deskc.

    `who` says where the section comes from.
    """
    for path, value in _flat(section):
        if isinstance(value, float) and not math.isfinite(value):
            raise DeskcError(f"ladder.{path} is no finite number ({who})", help="write a number")
    violation = next(iter(_schema().violations(section)), None)
    if violation is not None:
        raise DeskcError(f"{violation.message} ({who})", help=violation.help)


@cache
def _schema() -> Schema:
    """Return the schema of section `ladder`."""
    tree = Tree(None, 0, {_SCHEMA: (bundled("schemas") / _SCHEMA).read_bytes()})
    return load_schemas(tree, "").value.sections["ladder"]


def _nested(flags: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return settings by path as the groups that they belong to."""
    section: dict[str, dict[str, Any]] = {}
    for path, value in flags.items():
        group, _, name = path.partition(".")
        section.setdefault(group, {})[name] = list(value) if isinstance(value, tuple) else value
    return section


def _flat(section: Section) -> Iterator[tuple[str, Any]]:
    """Yield each setting by its path; the orders are none."""
    for group, values in section.items():
        if group != "orders" and isinstance(values, Mapping):
            yield from ((f"{group}.{name}", value) for name, value in values.items())
