"""The output formats of findings by name; each is the function of a module that bears its name, loaded when asked."""

from collections.abc import Sequence
from importlib import import_module

from deskc.core.decisions import NOTHING_HIDDEN, Hidden
from deskc.core.errors import DeskcError
from deskc.core.findings import Finding
from deskc.report.sources import Sources, Titles

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "concise", "json", "github", "gitlab", "sarif", "junit")


def render(  # noqa: PLR0913 - the one entry, all but the findings by keyword
    findings: Sequence[Finding],
    *,
    fmt: str,
    sources: Sources,
    titles: Titles,
    color: bool = False,
    changed: frozenset[tuple[str, int]] = frozenset(),
    width: int = 100,
    fixable: int = 0,
    hidden: Hidden = NOTHING_HIDDEN,
    notes: bool = True,
) -> str:
    """Write findings, ordered already, in one of `FORMATS`; what is written ends with a newline or is empty.

    `changed` holds (path, line) of what a pull request changed, `width` the cells a snippet may take, `fixable` how
    many findings --fix would mend, `hidden` what is only counted. Colour is for text alone, and so is `notes`: whether
    notes are written out. Raise DeskcError for an unknown format.
    """
    arguments: dict[str, dict[str, object]] = {
        "text": {
            "sources": sources,
            "color": color,
            "width": width,
            "fixable": fixable,
            "hidden": hidden,
            "notes": notes,
        },
        "concise": {},
        "json": {"hidden": hidden},
        "github": {"titles": titles, "changed": changed},
        "gitlab": {},
        "sarif": {"titles": titles, "hidden": hidden},
        "junit": {},
    }
    if fmt not in arguments:
        msg = f"{fmt!r} is no output format"
        raise DeskcError(msg, help=f"choose one of {', '.join(FORMATS)}")
    written: str = getattr(import_module(f"deskc.report.{fmt}"), fmt)(findings, **arguments[fmt])
    return written
