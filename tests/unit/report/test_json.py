"""JSON: the contract of ARCHITECTURE 7."""

import json as parser

from deskc.core.decisions import Hidden
from deskc.core.findings import Finding, Place
from deskc.report.json import json


def test_a_finding_has_exactly_the_fields_of_the_contract() -> None:
    """The document holds the format's name, each finding whole, and the counts."""
    place = Place("a.yaml", 3, 5, 3, 13, "set here")
    finding = Finding("RISK003", "error", "too much", "less", (place,), ("production/mm",), "deskc explain x")
    assert parser.loads(json([finding])) == {
        "format": "deskc-findings/1",
        "findings": [
            {
                "code": "RISK003",
                "severity": "error",
                "message": "too much",
                "help": "less",
                "places": [
                    {"path": "a.yaml", "line": 3, "column": 5, "end_line": 3, "end_column": 13, "role": "set here"}
                ],
                "scopes": ["production/mm"],
                "fingerprint": finding.fingerprint,
                "next_action": "deskc explain x",
            }
        ],
        "summary": {"errors": 1, "warnings": 0, "notes": 0, "suppressed": 0, "baselined": 0},
    }


def test_a_message_is_kept_to_the_letter() -> None:
    """Programs get the message as it is, in ASCII alone."""
    written = json([Finding("X", "note", "\x1b \u202e \u5e01")])
    assert written.isascii()
    assert "\x1b" not in written
    assert parser.loads(written)["findings"][0]["message"] == "\x1b \u202e \u5e01"


def test_what_is_hidden_is_counted_alone() -> None:
    """Findings that somebody decided to let pass are numbers in the summary, not findings."""
    hidden = Hidden((Finding("X", "error", "m"),), (Finding("Y", "error", "m"), Finding("Z", "note", "m")))
    told = parser.loads(json([], hidden=hidden))
    assert told["findings"] == []
    assert told["summary"] == {"errors": 0, "warnings": 0, "notes": 0, "suppressed": 1, "baselined": 2}
