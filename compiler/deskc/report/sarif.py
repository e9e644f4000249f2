"""Findings as SARIF 2.1.0 (OASIS standard), for code scanning and editors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from json import dumps
from typing import Any
from urllib.parse import quote

from deskc.core.decisions import NOTHING_HIDDEN, Hidden
from deskc.core.findings import Finding, Place
from deskc.report.cells import escape
from deskc.report.sources import Titles

__all__ = ["sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_BRACKETS = re.compile(r"[\[\]\\]")


def sarif(findings: Sequence[Finding], *, titles: Titles, hidden: Hidden = NOTHING_HIDDEN) -> str:
    """Write one run: a rule a code that occurs, a result a finding, columns in code points, paths from the root.

    What is hidden is a result too, with how it was suppressed (SARIF 2.1.0 section 3.27.23); where there is any, the
    other results say that they are not.
    """
    kinds = ((findings, ()), (hidden.suppressed, ("inSource",)), (hidden.baselined, ("external",)))
    told = [(finding, how) for group, how in kinds for finding in group]
    codes = {code: index for index, code in enumerate(sorted({finding.code for finding, _ in told}))}
    results = [_result(finding, codes=codes) for finding, _ in told]
    if any(hidden):
        for result, (_, how) in zip(results, told, strict=True):
            result["suppressions"] = [{"kind": kind} for kind in how]
    rules = [{"id": code, "shortDescription": {"text": titles(code)}} for code in codes]
    run = {
        "tool": {"driver": {"name": "deskc", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository"}}},
        "results": results,
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding, *, codes: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": codes[finding.code],
        "level": finding.severity,
        "message": {"text": "\n".join(_paragraphs(finding))},
        "locations": [_location(place) for place in finding.places[:1]],
        "relatedLocations": [{"id": index, **_location(place)} for index, place in _related(finding)],
        "partialFingerprints": {"deskcFinding/v1": finding.fingerprint},
    }


def _related(finding: Finding) -> Iterator[tuple[int, Place]]:
    return enumerate(finding.places[1:], start=1)


def _paragraphs(finding: Finding) -> Iterator[str]:
    """Yield the message, a link to each further place (SARIF 2.1.0 section 3.11.6), and the way out."""
    yield _literal(finding.message)
    for index, place in _related(finding):
        yield f"[{_quoted(place.role or 'see also')}]({index})"
    if finding.help:
        yield f"help: {_literal(finding.help)}"
    if finding.next_action:
        yield f"next: {_literal(finding.next_action)}"


def _literal(text: str) -> str:
    """Keep a text from being read as a link; brackets that could not be one stay as they are."""
    return _quoted(text) if "](" in text else escape(text)


def _quoted(text: str) -> str:
    return _BRACKETS.sub(r"\\\g<0>", escape(text))


def _location(place: Place) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    artifact = {"uri": quote(place.path, errors="backslashreplace"), "uriBaseId": _ROOT}
    said = {"message": {"text": escape(place.role)}} if place.role else {}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}, **said}
