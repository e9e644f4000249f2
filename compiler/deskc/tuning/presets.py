"""Ladder presets by name: a desk's own templates, or those that came with deskc (LADDER 4)."""

from collections.abc import Mapping
from pathlib import Path

from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.core.presets import preset_file, preset_name
from deskc.core.violations import close_to
from deskc.ladder.settings import Settings
from deskc.tuning.configure import Section, refuse_illegal, settings_from
from deskc.tuning.files import section_of

__all__ = ["bundled_presets", "preset", "presets_in", "settings_of"]

_BUNDLED = Path(__file__).parents[1] / "_templates" / "dca"


def presets_in(tree: Tree, folder: str) -> Mapping[str, bytes]:
    """Return the presets of the desk in a folder of a tree, by name."""
    inside = {preset_name(path.removeprefix(folder)): data for path, data in tree.files.items()}
    return {name: data for name, data in sorted(inside.items(), key=lambda one: one[0] or "") if name is not None}


def bundled_presets() -> Mapping[str, bytes]:
    """Return the presets that came with deskc, by name."""
    files = {path.relative_to(_BUNDLED).as_posix(): path.read_bytes() for path in _BUNDLED.rglob("*.yaml")}
    return presets_in(Tree(None, 0, files), "")


def preset(name: str, known: Mapping[str, bytes]) -> Section:
    """Return the section `ladder` of a preset among those known.

    Raise DeskcError, with a guess, where there is none of that name, and where it cannot be read or is illegal.
    """
    if name not in known:
        guess = close_to(name, known)
        listed = f"known are {', '.join(known)}" if known else "add templates/ladder_NAME.yaml to the desk"
        raise DeskcError(f"there is no preset {name}", help=f"did you mean {guess}? {listed}" if guess else listed)
    file = preset_file(name)
    section = section_of(file, known[name])
    refuse_illegal(section, file)
    return section


def settings_of(known: Mapping[str, bytes]) -> Mapping[str, Settings]:
    """Return the settings of each preset by name: what it says over the defaults. Raise DeskcError as `preset` does."""
    return {name: settings_from({}, {}, preset(name, known)).settings for name in known}
