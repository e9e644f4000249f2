"""SARIF: valid by its standard, exact about places."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deskc.core.decisions import Hidden
from deskc.core.findings import Finding, Place
from deskc.report.sarif import sarif

FINDINGS = (
    Finding("A1", "note", "clean enough"),
    Finding(
        "RISK003",
        "error",
        "trading.legs[0] is over [the limit](http://evil.example)",
        "lower it",
        (Place("bots/a b:c/\u5e01.yaml", 3, 5, 3, 13, "set here"), Place("d.yaml", 1, 2, 4, 1, "limit [1]")),
        next_action="deskc explain x",
    ),
    Finding("A1", "warning", "meh", places=(Place("d.yaml"), Place("d.yaml", 2, 2))),
)


@pytest.fixture
def written() -> dict[str, Any]:
    """Return the run of the findings above."""
    run: dict[str, Any] = json.loads(sarif(FINDINGS, titles="Title of {}".format))["runs"][0]
    return run


def read(path: Path) -> dict[str, Any]:
    """Read a schema."""
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def schema_here() -> dict[str, Any]:
    """Return the closed schema of what we emit."""
    return read(Path(__file__).with_name("sarif_subset.schema.json"))


def schema_official() -> dict[str, Any]:
    """Return the official schema out of npm's @microsoft/sarif-multitool-ts, which is MIT licensed and optional."""
    package = Path("node_modules/@microsoft/sarif-multitool-ts/assets/sarif-2.1.0.schema.json")
    for folder in Path(__file__).parents:
        if (folder / package).is_file():
            return read(folder / package)
    pytest.skip("npm install --prefix tests brings the official schema")


@pytest.mark.parametrize("schema", [schema_here, schema_official])
@pytest.mark.parametrize("findings", [(), FINDINGS])
def test_it_is_valid(schema: Callable[[], dict[str, Any]], findings: tuple[Finding, ...]) -> None:
    """What is written satisfies our closed subset and, where it is installed, the official schema of SARIF 2.1.0."""
    Draft202012Validator(schema()).validate(json.loads(sarif(findings, titles=str)))


def test_each_code_is_a_rule_with_its_title(written: dict[str, Any]) -> None:
    """A result points at its rule by index."""
    rules = written["tool"]["driver"]["rules"]
    assert rules == [
        {"id": "A1", "shortDescription": {"text": "Title of A1"}},
        {"id": "RISK003", "shortDescription": {"text": "Title of RISK003"}},
    ]
    assert [rules[result["ruleIndex"]]["id"] for result in written["results"]] == ["A1", "RISK003", "A1"]


def test_places_are_spans_in_code_points_below_the_root(written: dict[str, Any]) -> None:
    """The first place is the location, the others are related ones; paths are percent-encoded."""
    assert written["columnKind"] == "unicodeCodePoints"
    (location,) = written["results"][1]["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "bots/a%20b%3Ac/%E5%B8%81.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 13},
    }
    (related,) = written["results"][1]["relatedLocations"]
    assert related["id"] == 1
    assert related["message"] == {"text": "limit [1]"}


def test_further_places_are_linked_and_nothing_else_is(written: dict[str, Any]) -> None:
    """The message links to related locations by id; a link in a finding's own words is plain text."""
    assert written["results"][1]["message"]["text"].splitlines() == [
        r"trading.legs\[0\] is over \[the limit\](http://evil.example)",
        r"[limit \[1\]](1)",
        "help: lower it",
        "next: deskc explain x",
    ]


def test_a_fingerprint_follows_the_finding(written: dict[str, Any]) -> None:
    """Results of two runs are matched by the finding's own fingerprint."""
    assert written["results"][0]["partialFingerprints"] == {"deskcFinding/v1": FINDINGS[0].fingerprint}


def test_what_is_hidden_is_a_suppressed_result() -> None:
    """Code scanning shows it as dismissed: in the source by a comment, outside by the baseline; the others are not."""
    told = json.loads(sarif(FINDINGS[:1], titles=str, hidden=Hidden(FINDINGS[1:2], FINDINGS[2:])))
    results = told["runs"][0]["results"]
    assert [result["suppressions"] for result in results] == [[], [{"kind": "inSource"}], [{"kind": "external"}]]
    Draft202012Validator(schema_here()).validate(told)
    plain = json.loads(sarif(FINDINGS, titles=str))["runs"][0]["results"]
    assert not any("suppressions" in result for result in plain)
