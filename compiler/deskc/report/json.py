"""Findings as versioned JSON: a contract that others build on (ARCHITECTURE 7)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from json import dumps
from typing import Any

from deskc.core.decisions import NOTHING_HIDDEN, Hidden
from deskc.core.findings import Finding

__all__ = ["FORMAT", "json", "record"]

FORMAT = "deskc-findings/1"


def record(finding: Finding) -> dict[str, Any]:
    """Return a finding as the JSON object that every machine-readable output carries."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "places": [asdict(place) for place in finding.places],
        "scopes": list(finding.scopes),
        "fingerprint": finding.fingerprint,
        "next_action": finding.next_action,
    }


def json(findings: Sequence[Finding], *, hidden: Hidden = NOTHING_HIDDEN) -> str:
    """Write the findings, and how many there are of each severity and are hidden; ASCII alone: no terminal obeys it."""
    counts = Counter(finding.severity for finding in findings)
    summary = {
        "errors": counts["error"],
        "warnings": counts["warning"],
        "notes": counts["note"],
        "suppressed": len(hidden.suppressed),
        "baselined": len(hidden.baselined),
    }
    return dumps({"format": FORMAT, "findings": [*map(record, findings)], "summary": summary}, indent=2) + "\n"
