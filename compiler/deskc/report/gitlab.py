"""Findings as a GitLab Code Quality report (GitLab documentation, "Code Quality report format")."""

from collections import Counter
from collections.abc import Iterable
from json import dumps
from typing import Any

from deskc.core.findings import Finding, Place, Severity
from deskc.report.cells import escape

__all__ = ["gitlab"]

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "minor", "note": "info"}


def gitlab(findings: Iterable[Finding]) -> str:
    """Write a list of violations; two findings with one fingerprint get different ones, as GitLab drops repeats."""
    seen: Counter[str] = Counter()
    violations = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        violations.append(_violation(finding, occurrence=seen[finding.fingerprint]))
    return dumps(violations, indent=2) + "\n"


def _violation(finding: Finding, *, occurrence: int) -> dict[str, Any]:
    place = finding.places[0] if finding.places else Place(".")
    return {
        "description": escape(finding.message),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint if occurrence == 1 else f"{finding.fingerprint}-{occurrence}",
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": place.path, "lines": {"begin": place.line}},
    }
