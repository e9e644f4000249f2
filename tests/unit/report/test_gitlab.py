"""GitLab: a Code Quality report."""

import json

from deskc.core.findings import Finding, Place
from deskc.report.gitlab import gitlab


def test_a_violation_has_the_fields_that_gitlab_reads() -> None:
    """Description, check, fingerprint, severity and where it begins."""
    finding = Finding("RISK003", "error", "too \u202emuch", places=(Place("a.yaml", 3, 5),))
    assert json.loads(gitlab([finding])) == [
        {
            "description": r"too \u202emuch",
            "check_name": "RISK003",
            "fingerprint": finding.fingerprint,
            "severity": "critical",
            "location": {"path": "a.yaml", "lines": {"begin": 3}},
        }
    ]


def test_fingerprints_are_unique() -> None:
    """The same fact at two places of a file is two violations to GitLab."""
    twice = [Finding("X", "note", "twice", places=(Place("a.yaml", line, 1),)) for line in (3, 9)]
    fingerprints = [violation["fingerprint"] for violation in json.loads(gitlab(twice))]
    assert fingerprints == [twice[0].fingerprint, f"{twice[0].fingerprint}-2"]


def test_a_finding_without_a_place_lies_at_the_root() -> None:
    """GitLab demands a path and a line."""
    assert json.loads(gitlab([Finding("X", "warning", "no bots")]))[0]["location"] == {
        "path": ".",
        "lines": {"begin": 1},
    }


def test_nothing_found_is_an_empty_list() -> None:
    """A clean report is a report."""
    assert gitlab([]) == "[]\n"
