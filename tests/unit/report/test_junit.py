"""JUnit: XML that every reader parses."""

from xml.etree import ElementTree as ET

from deskc.core.findings import Finding, Place
from deskc.report.junit import junit


def test_a_finding_is_a_failed_case() -> None:
    """The case is named by code and place, the failure says it all."""
    place, other = Place("a.yaml", 3, 5, role="set here"), Place("b.yaml", 1, 2)
    suite = ET.fromstring(junit([Finding("X1", "warning", 'a < "b" & c', "less", (place, other), next_action="go")]))  # noqa: S314 - our own
    case = suite.find("testcase")
    assert case is not None
    assert case.attrib == {"classname": "a.yaml", "name": "X1 a.yaml:3:5"}
    failure = case.find("failure")
    assert failure is not None
    assert failure.attrib == {"type": "warning", "message": 'a < "b" & c'}
    assert failure.text == 'warning[X1]: a < "b" & c\na.yaml:3:5: set here\nb.yaml:1:2\nhelp: less\nnext: go'
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")


def test_a_note_fails_nothing() -> None:
    """It is told as the output of a case that passed."""
    suite = ET.fromstring(junit([Finding("X1", "note", "a", "b", (Place("a.yaml", 3, 5),))]))  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert suite.findtext("testcase/system-out") == "note[X1]: a\na.yaml:3:5\nhelp: b"


def test_nothing_found_is_one_passed_case() -> None:
    """Build servers call an empty suite broken."""
    suite = ET.fromstring(junit([]))  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert [len(case) for case in suite.iter("testcase")] == [0]


def test_the_format_has_a_version() -> None:
    """The suite says which contract it follows."""
    found = ET.fromstring(junit([])).find("properties/property")  # noqa: S314 - our own
    assert found is not None
    assert found.attrib == {"name": "format", "value": "deskc-junit/1"}


def test_control_characters_leave_the_document_valid() -> None:
    """XML 1.0 holds no NUL in any spelling, so control characters are written as text."""
    suite = ET.fromstring(junit([Finding("X\x00", "error", "\x1b\ufffe\ud800\n", places=(Place("a\x08", 1, 1),))]))  # noqa: S314 - our own
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == r"\x1b\ufffe\ud800\n"
