"""Reading YAML: no bytes break the reader, what it reads is what YAML 1.2 says, and every place is true."""

import json
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from deskc.core import paths
from deskc.core.documents import Document
from deskc.core.outcome import Outcome
from deskc.stages.parse import parse_file
from laws import laws
from naive_resolver import plain_values
from yaml_text import Steps, pen, write_yaml

MAX_DEPTH = 64

# Pieces that YAML gives a meaning to, so that random files come close to being some.
PIECES = (
    *(
        "a",
        "b c",
        "key",
        "é",
        "😀",
        "null",
        "~",
        "true",
        "on",
        "<<",
        "=",
        "1",
        "-1",
        "+1",
        "1.5",
        ".5",
        "1.",
        "-0",
        "010",
    ),
    *("0x1F", "0o17", "1e3", "1_000", "12:30", "2024-01-15", ".inf", "${ref:a.b}", "$unset", "''", '""', "'y'", '"x"'),
    *(
        ":",
        ": ",
        "- ",
        "? ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "# c",
        " # c",
        "|",
        ">-",
        "&a ",
        "*a",
        "!t ",
        "%Y",
        "--- ",
        "...",
    ),
    *(
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\r\n",
        "\r",
        "\t",
        " ",
        "\0",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\x85",
        "@",
        "`",
        "'",
        '"',
    ),
)
PIECE = st.sampled_from(PIECES)
LINE = st.builds("{}: {}{}{}".format, st.sampled_from("abcdef"), PIECE, PIECE, st.just("") | PIECE)
SOUP = st.one_of(
    st.lists(PIECE, max_size=14).map("".join),
    st.lists(LINE, min_size=1, max_size=4).map("\n".join),
    st.lists(PIECE.map("- {}".format), min_size=1, max_size=4).map(lambda lines: "\n".join(["a:", *lines])),
)

TEXTS = st.one_of(
    st.sampled_from(["on", "no", "12:30", "010", "null", "1e3", "# no", "a: b", "- x", "it's", "${a}", "tail ", ""]),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"]), max_size=6),
)
KEYS = TEXTS.map(lambda text: text.replace("$", "_"))
FRACTIONS = st.floats(-(2.0**50), 2.0**50).map(lambda value: value + 0.25 if value.is_integer() else value)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(1 - 2**53, 2**53 - 1),
    FRACTIONS,
    TEXTS,
)
DATA = st.dictionaries(
    KEYS,
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)),
    max_size=6,
)


def judged(data: bytes) -> Outcome[Document]:
    """Parse bytes and check what holds of every outcome."""
    outcome = parse_file("some.yaml", data)
    assert outcome.value.broken == bool(outcome.findings)
    lines = data.decode("utf-8", "replace").split("\n")
    for finding in outcome.findings:
        assert finding.severity == "error"
        assert finding.help
        for place in finding.places:
            assert place.path == "some.yaml"
            assert 1 <= place.line <= len(lines) + 1
            assert place.column >= 1
            assert (place.end_line, place.end_column) >= (place.line, place.column)
    return outcome


@laws(150)
@given(st.binary(max_size=60) | SOUP.map(str.encode))
@example(b"? *a\n: [{&b c: !d}]\n")
@example(b'a: "\\ud800"\n')
@example(b'"\\ud800": 1\n')
@example(b"a: 1e-99999999999999999999\n")
def test_any_bytes_have_an_outcome(data: bytes) -> None:
    """Whatever a file holds, reading it ends with a document or with findings, never with an exception."""
    event("read" if not judged(data).findings else "refused")


@laws(100)
@given(DATA, st.integers(0, 2**32), st.data())
def test_a_damaged_file_has_an_outcome(written: dict[str, Any], seed: int, data: st.DataObject) -> None:
    """A file that was fine until a byte of it was changed, cut off or put in is read or refused."""
    whole = write_yaml(written, pen(seed)).text.encode()
    at = data.draw(st.integers(0, len(whole)))
    piece = data.draw(st.binary(max_size=2) | st.sampled_from(PIECES).map(str.encode))
    judged(whole[:at] + piece + whole[at + data.draw(st.integers(0, 2)) :])
    judged(whole[:at])


@laws(150)
@given(SOUP)
def test_what_is_read_is_what_another_reader_of_yaml_1_2_reads(soup: str) -> None:
    """Where both take a file they agree on its values, types included; MORE_LENIENT lists what py-yaml12 refuses."""
    text = f"{soup}\n...\n"  # without an end, py-yaml12 puts a line feed into an empty block scalar
    outcome = parse_file("some.yaml", text.encode())
    if outcome.findings:
        return
    theirs = read_by_another(text)
    event("only we read it" if theirs is REFUSED else "both read it")
    assert theirs is REFUSED or typed(outcome.value.data) == typed(theirs)


def read_by_another(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what py-yaml12 reads; REFUSED where it is known to be stricter than libyaml."""
    try:
        return plain_values(text)
    except ValueError as refusal:
        if any(known in str(refusal) for known in MORE_LENIENT):
            return REFUSED
        raise


REFUSED = object()

# What libyaml takes and py-yaml12 refuses; nothing of it can be read in two ways.
MORE_LENIENT = (
    "':' must be followed",  # a tab after a key's colon, which the specification allows
    "plain scalar cannot start",  # a lone dash in flow style
    "comments must be separated",  # a comment that touches a quote or a block scalar's indicator
    "simple key expect",  # a block scalar's indicator in the first column
    "invalid indentation in quoted scalar",  # a quoted text that goes on in the first column
)


@laws(150)
@given(DATA, st.integers(0, 2**32))
def test_a_file_is_read_as_it_was_meant(written: dict[str, Any], seed: int) -> None:
    """Flow or block, quoted or plain, the values come back, and py-yaml12 reads the same."""
    text = write_yaml(written, pen(seed)).text
    outcome = judged(text.encode())
    assert [finding.message for finding in outcome.findings] == []
    assert typed(outcome.value.data) == typed(plain_values(text))
    assert typed(by_key(outcome.value.data)) == typed(by_key(written))  # who writes may choose the order


@laws(100)
@given(DATA, st.integers(0, 2**32), st.sampled_from(["\n", "\r\n"]))
def test_every_place_is_where_the_value_stands(written: dict[str, Any], seed: int, end: str) -> None:
    """At a leaf's line and column stands what was written, its end is the token's, and its key stands before it."""
    file = write_yaml(written, pen(seed))
    lines = file.text.split("\n")
    found = parse_file("some.yaml", file.text.replace("\n", end).encode()).value
    places: dict[Steps, str] = {}
    for leaf in found.written():
        token = lines[leaf.line - 1][leaf.column - 1 :]
        if leaf.end_line == leaf.line:
            token = token[: leaf.end_column - leaf.column]
        places[paths.split(leaf.path)] = token
        step = paths.split(leaf.path)[-1]
        key = lines[leaf.key_line - 1][leaf.key_column - 1 :]
        assert (leaf.key_line, leaf.key_column) <= (leaf.line, leaf.column)
        assert isinstance(step, int) or key.startswith((step, f"'{step.replace(chr(39), chr(39) * 2)}'", quoted(step)))
    assert places == dict(file.tokens)


def quoted(text: str) -> str:
    """Return a text in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def by_key(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with the keys of its maps in order."""
    if isinstance(value, dict):
        return {key: by_key(value[key]) for key in sorted(value)}
    return [by_key(inner) for inner in value] if isinstance(value, list) else value


def typed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with its types, so that 1, 1.0 and true are three, and with the order of its keys."""
    if isinstance(value, dict):
        return dict, [(key, typed(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return type(value).__name__, value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            (text, text)
            for text in ("on", "off", "yes", "No", "NO", "y", "12:30", "1_000", "2024-01-15", "0b101", "1e", "-")
        ),
        *(
            (text, text)
            for text in ("0x", "0o8", "+0x1", "1e3.5", "nan", "inf", "tRue", "nULL", "1 2", "..5", "+.", "=")
        ),
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        *(
            ("1e3", 1000),
            ("010", 10),
            ("+12", 12),
            ("-0", 0),
            ("-0.0", 0),
            ("1.0", 1),
            ("1.", 1),
            ("0x1F", 31),
            ("0o17", 15),
        ),
        *((".5", 0.5), ("0.1", 0.1), ("-1.5E-3", -0.0015), ("1.10", 1.1), ("9007199254740991", 9007199254740991)),
    ],
)
def test_a_plain_scalar_is_what_yaml_1_2_says(text: str, value: object) -> None:
    """The core schema decides: words of YAML 1.1 are text, 1e3 is a number, 010 is ten, 1.0 and 1 are one value."""
    outcome = parse_file("some.yaml", f"key: {text}\n".encode())
    if text == "-":
        assert outcome.findings  # a list may not start on its key's line
        return
    assert outcome.findings == ()
    assert typed(outcome.value.data) == typed({"key": value})


@pytest.mark.parametrize(
    "text",
    [
        *("0.1234567890123456789012", "1.00000000000000000001", "123456789.123456789123", "1e400", "-1e999999999"),
        *("9007199254740992", "-9007199254740992", "1e16", "0x20000000000000", "1e-400", ".inf", "-.Inf", ".NaN"),
    ],
)
def test_a_number_that_readers_would_round_is_refused(text: str) -> None:
    """What no double holds as written, integers from 2^53 on, infinities and NaN are findings at their place."""
    (finding,) = parse_file("some.yaml", f"key: {text}\n".encode()).findings
    (place,) = finding.places
    assert (finding.code, place.line, place.column, place.end_column) == ("YAML010", 1, 6, 6 + len(text))


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_collections_may_be_nested_sixty_four_deep(depth: int, opening: str, closing: str) -> None:
    """The top map and sixty-three inside it are read, one more is refused."""
    text = f"key: {opening * depth}{closing * depth}\n"
    findings = parse_file("some.yaml", text.encode()).findings
    assert [finding.code for finding in findings] == ["YAML006"] * (depth == MAX_DEPTH)


@pytest.mark.parametrize("size", [2**20, 2**20 + 1])
def test_a_file_may_have_a_mebibyte(size: int) -> None:
    """A byte more is refused."""
    outcome = parse_file("some.yaml", b"a: 1\n#".ljust(size, b"-"))
    assert [finding.code for finding in outcome.findings] == ["YAML001"] * (size > 2**20)
