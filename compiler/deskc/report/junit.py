"""Findings as JUnit XML, the form that most build servers show as test results."""

from collections.abc import Iterator, Sequence
from html import escape as quoted

from deskc.core.findings import Finding
from deskc.report.cells import escape

__all__ = ["FORMAT", "junit"]

FORMAT = "deskc-junit/1"


def junit(findings: Sequence[Finding]) -> str:
    """Write one suite with a case a finding, failed unless it is a note; one passed case where nothing was found."""
    failures = sum(finding.severity != "note" for finding in findings)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name="deskc" tests="{max(len(findings), 1)}" failures="{failures}" errors="0" skipped="0">',
        f'  <properties><property name="format" value="{FORMAT}"/></properties>',
        *map(_case, findings),
        *([] if findings else ['  <testcase classname="deskc" name="no problems found"/>']),
        "</testsuite>",
    ]
    return "\n".join(lines) + "\n"


def _case(finding: Finding) -> str:
    where = [f"{place.path}:{place.line}:{place.column}" for place in finding.places[:1]]
    path = finding.places[0].path if finding.places else "deskc"
    said = "\n".join(map(_xml, _paragraphs(finding)))
    told = f'<failure type="{finding.severity}" message="{_xml(finding.message)}">{said}</failure>'
    if finding.severity == "note":
        told = f"<system-out>{said}</system-out>"
    name = _xml(" ".join([finding.code, *where]))
    return f'  <testcase classname="{_xml(path)}" name="{name}">\n    {told}\n  </testcase>'


def _paragraphs(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}[{finding.code}]: {finding.message}"
    for place in finding.places:
        yield f"{place.path}:{place.line}:{place.column}" + (f": {place.role}" if place.role else "")
    if finding.help:
        yield f"help: {finding.help}"
    if finding.next_action:
        yield f"next: {finding.next_action}"


def _xml(text: str) -> str:
    """Escape a text for XML 1.0, which holds no control character in any spelling: those are shown as in a terminal."""
    return quoted(escape(text))
