"""Set aside the findings that people decided to let pass, and say which of these decisions let nothing pass."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from deskc.core.decisions import NOTHING_HIDDEN, Decisions, Hidden
from deskc.core.findings import Finding

__all__ = ["Passing", "idle", "passing", "suppress"]

_SHOWN = 5  # lines of the baseline that one finding points at


class Passing(NamedTuple):
    """What may pass: codes at lines, as (path, line, code), and findings of the baseline, as (code, fingerprint)."""

    spots: frozenset[tuple[str, int, str]]
    facts: frozenset[tuple[str, str]]


def passing(decisions: Decisions) -> Passing:
    """Return what decisions let pass, as it is looked up."""
    spots = (
        (comment.place.path, line, code)
        for comment in decisions.suppressions
        for line in comment.lines
        for code in comment.codes
    )
    return Passing(frozenset(spots), frozenset(entry.fact for entry in decisions.baseline))


def suppress(findings: tuple[Finding, ...], allowed: Passing) -> tuple[tuple[Finding, ...], Hidden]:
    """Split findings into those that are judged and those that are hidden.

    A comment counts at any place of a finding: a limit is often its second one, and whoever set the limit may speak
    there. Who may speak was decided when the comments were loaded.
    """
    if not any(allowed):
        return findings, NOTHING_HIDDEN
    judged: list[Finding] = []
    suppressed: list[Finding] = []
    baselined: list[Finding] = []
    for finding in findings:
        if allowed.spots and not allowed.spots.isdisjoint(_spots(finding)):
            suppressed.append(finding)
        elif allowed.facts and (finding.code, finding.fingerprint) in allowed.facts:
            baselined.append(finding)
        else:
            judged.append(finding)
    return tuple(judged), Hidden(tuple(suppressed), tuple(baselined))


def _spots(finding: Finding) -> Iterator[tuple[str, int, str]]:
    return ((place.path, place.line, finding.code) for place in finding.places)


def idle(decisions: Decisions, hidden: Hidden, *, unjudged: Container[str]) -> Iterator[Finding]:
    """Yield a warning for each comment that let nothing pass, and one for all such lines of the baseline.

    Give the codes of rules that were not, or not everywhere, run.
    """
    used = frozenset(spot for finding in hidden.suppressed for spot in _spots(finding))
    for comment in decisions.suppressions:
        unused = [
            code
            for code in comment.codes
            if code not in unjudged and used.isdisjoint((comment.place.path, line, code) for line in comment.lines)
        ]
        if unused:
            message = f"{' and '.join(unused)} is suppressed here, where nothing is found"
            yield Finding("SUP004", "warning", message, "delete the suppression", (comment.place,))
    met = frozenset((finding.code, finding.fingerprint) for finding in hidden.baselined)
    stale = [entry for entry in decisions.baseline if entry.fact not in met and entry.code not in unjudged]
    if stale:
        message = f"{len(stale)} of {len(decisions.baseline)} lines of the baseline match nothing any more"
        way_out = "write it again: deskc check --write-baseline"
        yield Finding("BASE001", "warning", message, way_out, tuple(entry.place for entry in stale[:_SHOWN]))
