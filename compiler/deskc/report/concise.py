"""Findings a line each, as grep and editors read them."""

from collections.abc import Iterable

from deskc.core.findings import Finding
from deskc.report.cells import escape

__all__ = ["concise"]


def concise(findings: Iterable[Finding]) -> str:
    """Write `path:line:column: severity[CODE]: message` for each finding, without the place where there is none."""
    return "".join(escape(_line(finding)) + "\n" for finding in findings)


def _line(finding: Finding) -> str:
    where = "".join(f"{place.path}:{place.line}:{place.column}: " for place in finding.places[:1])
    return f"{where}{finding.severity}[{finding.code}]: {finding.message}"
