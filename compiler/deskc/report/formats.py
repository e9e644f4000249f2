"""The output formats of findings by name."""

from collections.abc import Callable, Sequence

from deskc.core.decisions import NOTHING_HIDDEN, Hidden
from deskc.core.errors import DeskcError
from deskc.core.findings import Finding
from deskc.report.concise import concise
from deskc.report.github import github
from deskc.report.gitlab import gitlab
from deskc.report.json import json
from deskc.report.junit import junit
from deskc.report.sarif import sarif
from deskc.report.sources import Sources, Titles
from deskc.report.text import text

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
) -> str:
    """Write findings, ordered already, in one of `FORMATS`; what is written ends with a newline or is empty.

    `changed` holds (path, line) of what a pull request changed, `width` the cells a snippet may take, `fixable` how
    many findings --fix would mend, `hidden` what is only counted. Colour is for text alone. Raise DeskcError for an
    unknown format.
    """
    renderers: dict[str, Callable[[], str]] = {
        "text": lambda: text(findings, sources=sources, color=color, width=width, fixable=fixable, hidden=hidden),
        "concise": lambda: concise(findings),
        "json": lambda: json(findings, hidden=hidden),
        "github": lambda: github(findings, titles=titles, changed=changed),
        "gitlab": lambda: gitlab(findings),
        "sarif": lambda: sarif(findings, titles=titles, hidden=hidden),
        "junit": lambda: junit(findings),
    }
    if fmt not in renderers:
        msg = f"{fmt!r} is no output format"
        raise DeskcError(msg, help=f"choose one of {', '.join(FORMATS)}")
    return renderers[fmt]()
