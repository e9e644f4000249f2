"""Ladder presets: templates of a desk that ladder verbs find by name, whether a layer extends them or not."""

import re

__all__ = ["preset_file", "preset_name"]

_FILE = re.compile(r"templates/ladder_([a-z0-9_]+)\.yaml")


def preset_name(inside: str) -> str | None:
    """Return the name of the preset that a file of the desk holds, by its path in the desk's folder; else None."""
    found = _FILE.fullmatch(inside)
    return found and found[1]


def preset_file(name: str) -> str:
    """Return where a desk holds a preset, inside its folder."""
    return f"templates/ladder_{name}.yaml"
