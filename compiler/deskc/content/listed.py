"""Lists that stand beside the layers: baseline.yaml and quarantine.yaml."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from deskc.content.files import bundled
from deskc.core import canonical
from deskc.core.decisions import PROTECTED, Accepted, Withdrawn
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error, has_errors, in_order
from deskc.core.outcome import Outcome
from deskc.core.violations import Violation, close_to, violations
from deskc.stages.parse import parse_file
from deskc.stages.parse.limits import MAX_FINDINGS

__all__ = ["baseline_text", "is_baselined", "read_baseline", "read_quarantine"]

_HEAD = """\
# What rules found here when this desk adopted them: counted, not judged. deskc check --write-baseline owns this file
# and writes it whole, keeping no comment; of what is written by hand it keeps the reasons.
"""


def read_baseline(path: str, data: bytes) -> Outcome[tuple[Accepted, ...]]:
    """Read baseline.yaml; an entry whose code is never baselined is an error."""
    read = _entries(path, data, "baseline")
    kept: list[Accepted] = []
    findings = list(read.findings)
    for said, place in read.value:
        entry = Accepted(said["code"], said["fingerprint"], said.get("reason"), place)
        if is_baselined(entry.code):
            kept.append(entry)
        elif len(findings) < MAX_FINDINGS:
            message = f"{entry.code} is never let pass by a baseline"
            way_out = "delete the line and mend what is found; a suppression needs a reason, an expiry and authority"
            findings.append(error("BASE002", message, way_out, place))
    return Outcome(tuple(kept), tuple(findings))


def is_baselined(code: str) -> bool:
    """Say whether a baseline may hold a code: one of a rule, and of none that guards risk or secrets."""
    from deskc.core.codes import CODES  # noqa: PLC0415 - the catalogue, where a baseline needs it

    return code not in CODES and not code.startswith(PROTECTED)


def baseline_text(findings: Iterable[Finding], before: Iterable[Accepted]) -> str:
    """Write the baseline of some findings, keeping the reasons that stood in it before."""
    reasons = {entry.fact: entry.reason for entry in before}
    entries = {(finding.code, finding.fingerprint): finding for finding in reversed(in_order(findings))}
    return _HEAD + "".join(_written(finding, reasons.get(fact)) for fact, finding in sorted(entries.items()))


def _written(finding: Finding, reason: str | None) -> str:
    facts = {"code": finding.code, "fingerprint": finding.fingerprint, "place": _named(finding)}
    lines = [f"{key}: {canonical.string(text)}" for key, text in (*facts.items(), ("reason", reason)) if text]
    return f"- {lines[0]}\n" + "".join(f"  {line}\n" for line in lines[1:])


def _named(finding: Finding) -> str:
    return "".join(place.path for place in finding.places[:1])


def read_quarantine(path: str, data: bytes) -> Outcome[tuple[Withdrawn, ...]]:
    """Read quarantine.yaml."""
    read = _entries(path, data, "quarantine")
    entries = (
        Withdrawn(said["params_digest"], said["bot"], said.get("coin"), said["reason"], place)
        for said, place in read.value
    )
    return Outcome(tuple(entries), read.findings)


def _entries(path: str, data: bytes, name: str) -> Outcome[tuple[tuple[Mapping[str, Any], Place], ...]]:
    """Read a list of maps, each with the place of its first value; none where the file has an error."""
    parsed = parse_file(path, data)
    document = parsed.value
    findings = tuple(one for one in parsed.findings if one.code != "YAML014")  # here the top is a list
    if has_errors(findings):
        return Outcome((), findings)
    listed = [] if document.data == {} else document.data
    faults = tuple(_faults(document, listed, name))
    if faults:
        return Outcome((), faults)
    return Outcome(tuple((said, _place(document, f"[{index}]", said)) for index, said in enumerate(listed)))


def _place(document: Document, at: str, said: Mapping[str, Any]) -> Place:
    leaf = document.find(f"{at}.{next(iter(said))}")
    return Place(document.path) if leaf is None else leaf.place()


def _faults(document: Document, listed: object, name: str) -> Iterator[Finding]:
    schema = json.loads((bundled("schemas") / "meta" / f"{name}.schema.json").read_bytes())
    judge = jsonschema_rs.Draft202012Validator(schema)
    if judge.is_valid(listed):
        return
    keys = tuple(schema["items"]["properties"])
    errors = list(judge.iter_errors(listed))[:MAX_FINDINGS]
    spots = {f"{name}[{error.instance_path[0]}]": keys for error in errors if error.instance_path}
    for violation in violations(errors, prefix=name, keys=spots):
        is_strange = violation.keyword == "additionalProperties"
        guess = close_to(violation.path.rpartition(".")[2], keys) if is_strange else None
        way_out = f"delete it; an entry holds {', '.join(keys)}" if is_strange and not guess else violation.help
        place = _spot(violation, document, violation.path.removeprefix(name))
        yield error(violation.code, violation.message, way_out, place)


def _spot(violation: Violation, document: Document, path: str) -> Place:
    """Return where what a violation is about stands; a list inside an entry has no place but the entry's."""
    leaf = document.find(path) or document.find(path.rpartition(".")[0])
    at_key = violation.keyword in ("additionalProperties", "required")
    return Place(document.path) if leaf is None else leaf.key_place() if at_key else leaf.place()
