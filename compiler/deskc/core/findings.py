"""A finding: one thing wrong or noteworthy, with its places and the way out."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Place", "Severity", "has_errors", "in_order"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a file: 1-based lines and columns in code points; `end_column` is exclusive.

    `path` is relative to the repository's root. `role` says what the span is ("set here", "limit set here").
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    role: str = ""

    def __post_init__(self) -> None:
        """Make an unknown end the start, so that every place is a span."""
        if not self.end_line:
            object.__setattr__(self, "end_line", self.line)
            object.__setattr__(self, "end_column", self.end_column or self.column)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or noteworthy; the first place is where to look, the others explain it.

    `scopes` names what it touches, as `environment/bot[/coin[/side]]`; empty means the whole desk.
    """

    code: str
    severity: Severity
    message: str
    help: str = ""
    places: tuple[Place, ...] = ()
    scopes: tuple[str, ...] = ()
    next_action: str | None = None

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that stay the same when lines move but the fact does not."""
        facts = [self.code, self.message, [place.path for place in self.places]]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


_RANK = {"error": 0, "warning": 1, "note": 2}


def _order(finding: Finding) -> tuple[object, ...]:
    places = tuple((place.path, place.line, place.column) for place in finding.places)
    return (places[:1], _RANK[finding.severity], finding.code, finding.message, places, finding.scopes)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by place, then severity, code and message: the order never depends on how they were found."""
    return tuple(sorted(findings, key=_order))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Say whether any of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)
