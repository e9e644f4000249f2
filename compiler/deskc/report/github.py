"""Findings as GitHub workflow commands, which annotate the lines of a pull request."""

from collections import Counter
from collections.abc import Iterator, Sequence

from deskc.core.findings import Finding, Place, Severity
from deskc.report.cells import escape
from deskc.report.sources import Titles

__all__ = ["github"]

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}

# GitHub shows ten annotations of a kind a step and drops the rest unsaid; the tenth notice is ours, to say so.
_LIMITS: dict[Severity, int] = {"error": 10, "warning": 10, "note": 9}


def github(findings: Sequence[Finding], *, titles: Titles, changed: frozenset[tuple[str, int]] = frozenset()) -> str:
    """Write a command a finding, those on `changed` (path, line) first, as many as GitHub shows, and count the rest."""
    shown: Counter[Severity] = Counter()
    left: Counter[Severity] = Counter()
    commands = []
    for finding in sorted(findings, key=lambda finding: not _touches(finding, changed)):
        if shown[finding.severity] < _LIMITS[finding.severity]:
            shown[finding.severity] += 1
            commands.append(_command(finding, titles=titles))
        else:
            left[finding.severity] += 1
    return "".join(f"{command}\n" for command in (*commands, *_left_out(left)))


def _touches(finding: Finding, changed: frozenset[tuple[str, int]]) -> bool:
    """Say whether any place of the finding covers a changed line."""
    covered = ((place.path, line) for place in finding.places for line in range(place.line, place.end_line + 1))
    return not changed.isdisjoint(covered)


def _command(finding: Finding, *, titles: Titles) -> str:
    properties = dict(_where(finding.places[0])) if finding.places else {}
    properties["title"] = f"{finding.code}: {titles(finding.code)}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{'%0A'.join(map(_data, _paragraphs(finding)))}"


def _where(place: Place) -> Iterator[tuple[str, str]]:
    yield "file", place.path
    yield "line", str(place.line)
    yield "endLine", str(place.end_line)
    if place.line == place.end_line:  # GitHub takes columns within one line only
        yield "col", str(place.column)
        yield "endColumn", str(place.end_column)


def _paragraphs(finding: Finding) -> Iterator[str]:
    yield finding.message
    for place in finding.places[1:]:
        yield f"{place.role or 'see also'}: {place.path}:{place.line}:{place.column}"
    if finding.help:
        yield f"help: {finding.help}"
    if finding.next_action:
        yield f"next: {finding.next_action}"


def _data(text: str) -> str:
    """Escape a command's text: control characters shown, then `%`, the one other character that GitHub decodes."""
    return escape(text).replace("%", "%25")


def _property(text: str) -> str:
    """Escape a property's value, where colon and comma end something as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _left_out(left: Counter[Severity]) -> Iterator[str]:
    if left:
        said = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for severity, count in left.items())
        yield f"::notice title=deskc::{said} more than GitHub shows in one step; read the log or run deskc check"
