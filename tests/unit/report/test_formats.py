"""Every format: any finding is written, whole and harmless."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from deskc.core.errors import DeskcError
from deskc.core.findings import Finding, Place
from deskc.report.formats import FORMATS, render
from laws import laws

SARIF = Draft202012Validator(json.loads(Path(__file__).with_name("sarif_subset.schema.json").read_text("utf-8")))
PATHS = st.sampled_from(["a.yaml", "b/c.yaml", "evil.yaml"]) | st.text(max_size=12).map(lambda path: path.lstrip("/"))
TEXTS = st.text(max_size=40)


@st.composite
def spans(draw: st.DrawFn) -> Place:
    """Draw a place whose end is not before its begin."""
    line, column = draw(st.integers(1, 12)), draw(st.integers(1, 90))
    end_line = line + draw(st.integers(0, 3))
    end_column = draw(st.integers(column if end_line == line else 1, 120))
    return Place(draw(PATHS), line, column, end_line, end_column, draw(TEXTS))


FINDING = st.builds(
    Finding,
    code=st.sampled_from(["RISK001", "YAML002"]) | TEXTS,
    severity=st.sampled_from(["error", "warning", "note"]),
    message=TEXTS,
    help=TEXTS,
    places=st.lists(spans(), max_size=4).map(tuple),
    scopes=st.lists(TEXTS, max_size=3).map(tuple),
    next_action=st.none() | TEXTS,
)
FINDINGS = st.lists(FINDING, max_size=6)
FILES = st.dictionaries(PATHS, st.binary(max_size=200) | st.text(max_size=200).map(str.encode), max_size=3)


def written(findings: list[Finding], fmt: str, files: dict[str, bytes] | None = None) -> str:
    """Render with titles that repeat the code."""
    return render(findings, fmt=fmt, sources=(files or {}).get, titles=str)


def count(fmt: str, text: str) -> int:
    """Count the findings in what was written."""
    match fmt:
        case "text":
            return len(re.findall(r"^(?:error|warning|note)\[", text, re.MULTILINE))
        case "concise" | "github":
            return text.count("\n")
        case "junit":
            return len(ET.fromstring(text).findall("testcase/*"))  # noqa: S314 - our own
    parsed: Any = json.loads(text)
    if fmt == "json":
        return len(parsed["findings"])
    return len(parsed if fmt == "gitlab" else parsed["runs"][0]["results"])


@pytest.mark.parametrize("fmt", FORMATS)
@laws(30)
@given(findings=FINDINGS, files=FILES)
def test_any_finding_is_written_in_every_format(fmt: str, findings: list[Finding], files: dict[str, bytes]) -> None:
    """Whatever texts, places and files: the output parses and holds as many findings as came in."""
    assert count(fmt, written(findings, fmt, files)) == len(findings)


@pytest.mark.parametrize("fmt", FORMATS)
@laws(30)
@given(findings=FINDINGS, files=FILES)
def test_no_output_acts_on_a_terminal(fmt: str, findings: list[Finding], files: dict[str, bytes]) -> None:
    """No control or bidi character is written besides the newline, from findings or from files."""
    text = written(findings, fmt, files).replace("\n", "")
    assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@laws(30)
@given(findings=FINDINGS)
def test_any_finding_is_valid_sarif(findings: list[Finding]) -> None:
    """The closed schema of what we emit admits every result."""
    SARIF.validate(json.loads(written(findings, "sarif")))


@pytest.mark.parametrize("fmt", ["text", "concise", "github", "junit"])
@settings(deadline=None)
@given(text=st.text(st.characters(categories=["Cs"]), min_size=1, max_size=5))
def test_unpaired_surrogates_are_written(fmt: str, text: str) -> None:
    """A path that is no UTF-8 reaches us with unpaired surrogates and leaves as text that can be encoded."""
    assert written([Finding(text, "error", text, text, (Place(text),))], fmt).encode()


@pytest.mark.parametrize("fmt", FORMATS)
def test_what_is_written_ends_a_line(fmt: str) -> None:
    """Output ends with a newline, or is empty."""
    assert written([], fmt).endswith("\n") or not written([], fmt)
    assert written([Finding("X", "error", "m")], fmt).endswith("\n")


def test_an_unknown_format_names_the_known_ones() -> None:
    """Wrong use is one sentence and the way out."""
    with pytest.raises(DeskcError, match="'xml' is no output format") as caught:
        written([], "xml")
    assert caught.value.help == "choose one of text, concise, json, github, gitlab, sarif, junit"


def test_plain_output_does_not_load_rich() -> None:
    """Only colour pays for rich."""
    program = (
        "import sys; from deskc.report.formats import render; from deskc.core.findings import Finding;"
        "render([Finding('X', 'error', 'm')], fmt='text', sources={}.get, titles=str);"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
