"""A finding: one thing wrong or noteworthy, with its places and the way out."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

__all__ = ["SEVERITIES", "Finding", "Place", "Severity", "error", "grouped", "has_errors", "in_order"]

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Most severe first."""


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


def error(code: str, message: str, way_out: str, *places: Place, scopes: Iterable[object] = ()) -> Finding:
    """Return an error finding; `scopes` may be targets or scope ids, which are written as findings write them."""
    return Finding(code, "error", message, way_out, places, tuple(map(str, scopes)))


def _order(finding: Finding) -> tuple[object, ...]:
    places = tuple((place.path, place.line, place.column) for place in finding.places)
    rank = SEVERITIES.index(finding.severity)
    return (places[:1], rank, finding.code, finding.message, places, finding.scopes)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by place, then severity, code and message: the order never depends on how they were found."""
    return tuple(sorted(findings, key=_order))


def grouped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings that differ only in their scopes; what touches the whole desk goes on touching it."""
    together: dict[Finding, list[tuple[str, ...]]] = {}
    for finding in findings:
        together.setdefault(replace(finding, scopes=()), []).append(finding.scopes)
    return tuple(
        replace(finding, scopes=tuple(dict.fromkeys(chain.from_iterable(scopes))) if all(scopes) else ())
        for finding, scopes in together.items()
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Say whether any of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)
