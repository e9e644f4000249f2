"""The ladder preset that a command names."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deskc.tuning.configure import Section

__all__ = ["Preset", "preset"]

Preset = Annotated[
    str | None, typer.Option("--preset", metavar="NAME", help="A preset: templates/ladder_NAME.yaml of the desk.")
]


def preset(name: str | None, desk: str | None = None) -> "Section":
    """Return a preset of the desk named, else of the one found; where it has none at all, one that came with deskc.

    No name is an empty preset. Raise DeskcError, with a guess, where there is no preset of that name.
    """
    if name is None:
        return {}
    from deskc.cli.where import find_desk, now
    from deskc.core.errors import DeskcError
    from deskc.stages.read import Folder, WorktreeSource, read
    from deskc.tuning import presets

    try:
        where = find_desk(desk)
        tree = read(WorktreeSource(where.root, now()), (Folder(f"{where.folder}templates/", (".yaml",)),)).value
    except DeskcError:
        if desk is not None:
            raise
        return presets.preset(name, presets.bundled_presets())
    return presets.preset(name, presets.presets_in(tree, where.folder) or presets.bundled_presets())
