"""A resolver in the plainest Python, written from the design page alone: it shares nothing with the compiler."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

__all__ = ["Data", "Missing", "resolved"]

Data = dict[str, Any]

TRADING = ("exchange", "ladder", "risk", "strategy", "trading")
BESIDE = ("bot", "config_version", "extends")


class Missing(Exception):  # noqa: N818 - a verdict, not a failure
    """A reference that names nothing, or itself in the end."""


def resolved(
    layers: Mapping[str, Data], hierarchy: list[str], names: Mapping[str, str], defaults: Mapping[str, Data]
) -> Data:
    """Return the sections of one scope; `names` are its axes, a bot-level scope has no coin. Raise Missing."""
    sections: Data = {}
    for pattern in hierarchy:
        try:
            path = pattern.format_map(names)
        except KeyError:  # the level varies by what this scope has not
            continue
        for file in stacked(layers, path):
            for section, said in file.items():
                if section not in BESIDE and ("coin" not in names or section in TRADING):
                    if section not in sections:
                        sections[section] = deepcopy(defaults.get(section, {}))
                    merge(sections[section], said)
    return {section: bound(value, sections, ()) for section, value in sections.items()}


def stacked(layers: Mapping[str, Data], path: str) -> Iterator[Data]:
    """Yield a file after the templates beneath it, depth first."""
    if path in layers:
        for template in layers[path].get("extends", []):
            yield from stacked(layers, template)
        yield layers[path]


def merge(target: Data, said: Data) -> None:
    """Merge maps by key; anything else replaces; first take away, then set."""
    if said.get("$replace") is True:
        target.clear()
    for key in said.get("$unset", []):
        target.pop(key, None)
    for key, value in said.items():
        if key.startswith("$"):
            continue
        if isinstance(value, dict):
            if not isinstance(target.get(key), dict):
                target[key] = {}
            merge(target[key], value)
        else:
            target[key] = deepcopy(value)


def bound(value: Any, sections: Data, seen: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    """Put the values in that references name; a dollar that is escaped is a dollar."""
    if isinstance(value, dict):
        return {key: bound(item, sections, seen) for key, item in value.items()}
    if isinstance(value, str) and value.startswith("${ref:"):
        path = value.removeprefix("${ref:").removesuffix("}")
        if path in seen:
            raise Missing(path)
        found: Any = sections
        for step in path.split("."):
            if not isinstance(found, dict) or step not in found:
                raise Missing(path)
            found = found[step]
        if isinstance(found, (dict, list)):
            raise Missing(path)
        return bound(found, sections, (*seen, path))
    return value.replace("$${", "${") if isinstance(value, str) else value
