"""Findings for a person at a terminal: message, place, snippet, way out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby

from deskc.core.decisions import NOTHING_HIDDEN, Hidden
from deskc.core.findings import Finding, Place, Severity
from deskc.report.cells import escape
from deskc.report.snippet import blocks, show
from deskc.report.sources import Sources, lines
from deskc.report.styles import Line, Style, coloured, plain

__all__ = ["text"]

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_OTHER: tuple[str, Style] = ("-", "gutter")
_Lines = Callable[[str], tuple[str, ...]]


def text(  # noqa: PLR0913 - what a person is told, all but the findings by keyword
    findings: Sequence[Finding],
    *,
    sources: Sources,
    color: bool = False,
    width: int = 100,
    fixable: int = 0,
    hidden: Hidden = NOTHING_HIDDEN,
    notes: bool = True,
) -> str:
    """Write each finding with snippets of at most `width` cells, how many there are, are hidden, and --fix mends.

    Without `notes` these are only counted.
    """
    known = cache(lambda path: lines(sources(path)))
    shown = [finding for finding in findings if notes or finding.severity != "note"]
    rows: list[Line] = []
    for finding in shown:
        rows += [*_finding(finding, known=known, width=width), ()]
    rows.append(((_footer(shown, fixable=fixable, hidden=hidden, noted=len(findings) - len(shown)), "strong"),))
    return coloured(rows) if color else plain(rows)


def _finding(finding: Finding, *, known: _Lines, width: int) -> Iterator[Line]:
    """Yield the finding's lines: what, where with snippets, which scopes, the way out."""
    yield (
        (f"{finding.severity}[{escape(finding.code)}]", finding.severity),
        (f": {escape(finding.message)}", "strong"),
    )
    gutter = max((len(str(place.line)) for place in finding.places if _inside(place, known)), default=1)
    for block in blocks(finding.places, inside=lambda place: _inside(place, known)):
        yield from _block(block, of=finding, known=known, room=width - gutter - 3, gutter=gutter)
    if len(finding.scopes) > 1:
        yield _label("in", f"{finding.scopes[0]} and {len(finding.scopes) - 1} more")
    if finding.help:
        yield _label("help", finding.help)
    if finding.next_action:
        yield _label("next", finding.next_action)


def _inside(place: Place, known: _Lines) -> bool:
    return place.line <= len(known(place.path))


def _label(name: str, said: str) -> Line:
    return ((f" {name}:", "label"), (f" {escape(said)}", ""))


def _block(block: list[Place], *, of: Finding, known: _Lines, room: int, gutter: int) -> Iterator[Line]:
    """Yield the arrow and the snippet of places that stand together; a place outside its file has the arrow alone."""
    first = min(block, key=of.places.index)
    arrow = "-->" if first == of.places[0] else ":::"
    where = f"{escape(first.path)}:{first.line}:{first.column}"
    pad = " " * gutter
    if not _inside(first, known):
        yield ((f"{pad}{arrow} ", "gutter"), (f"{where}: {escape(first.role)}" if first.role else where, ""))
        return
    yield ((f"{pad}{arrow} ", "gutter"), (where, ""))
    if arrow == "-->":
        yield ((f"{pad} |", "gutter"),)
    for number, here in groupby(block, key=lambda place: place.line):
        yield from _rows(known(first.path)[number - 1], places=tuple(here), of=of, room=room, gutter=gutter)


def _rows(source: str, *, places: tuple[Place, ...], of: Finding, room: int, gutter: int) -> Iterator[Line]:
    """Yield a line of source and, under it, an underline with its role for each of the line's places."""
    first = min(places, key=of.places.index)
    shown = show(source, place=first, room=room)
    yield ((f"{first.line:>{gutter}} |", "gutter"), (f" {shown.text}".rstrip(), ""))
    for place in places:
        before, length = shown.underline(place)
        mark, style = ("^", of.severity) if place == of.places[0] else _OTHER
        under = f" {' ' * before}{mark * length} {escape(place.role)}"
        yield ((f"{' ' * gutter} |", "gutter"), (under.rstrip(), style))


def _footer(findings: Sequence[Finding], *, fixable: int, hidden: Hidden, noted: int) -> str:
    """Say how many findings of each severity there are, and what else should be known of them."""
    counts = Counter(finding.severity for finding in findings)
    said = ", ".join(f"{n} {severity}{'s' * (n != 1)}" for severity in _SEVERITIES if (n := counts[severity]))
    others = (
        (fixable, "fixable with --fix"),
        (len(hidden.suppressed), "suppressed"),
        (len(hidden.baselined), "in the baseline"),
        (noted, f"note{'s' * (noted != 1)} for deskc check -v"),
    )
    beside = ", ".join(f"{n} {what}" for n, what in others if n)
    return (f"Found {said}" if findings else "No problems found") + (f" ({beside})" if beside else "")
