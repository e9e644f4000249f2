"""Laws of reading YAML: no bytes break it, places are true, and an independent reader gives the same values."""

import json
from itertools import pairwise
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from yaml12 import parse_yaml

from deskc.core import canonical, paths
from deskc.core.scalars import ScalarError, plain
from deskc.stages.parse import parse_file

TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs")), max_size=12)
NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer()),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
MAPS = st.dictionaries(TEXTS, VALUES, max_size=5)

# Pieces that YAML cares about; strung together they are mostly nonsense, and the rest is odd. No block scalars: the
# other reader adds a line feed to those that are empty or that end with the file.
PIECES = st.sampled_from(
    [
        *("a", "b", "k: ", ": ", "- ", "\n", "\n  ", "\n    ", " ", "'x'", '"y"', "[", "]", "{", "}", ",", "1", "1.5"),
        *(
            "true",
            "~",
            " #c",
            "?",
            "-",
            "on",
            "é",
            "😀",
            "''",
            '""',
            "0x1",
            "-1",
            "a b",
            "x: y",
            "...",
            "%",
            "!",
            "&",
            "*",
        ),
        *("@", "'", '"', "\\n", "a:b", "\t", "<<", "---\n", "\r\n", "\r", "\0", "${x}", "$unset: [a]"),
    ]
)


def data_of(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a file without a fault holds."""
    outcome = parse_file("f.yaml", text.encode())
    assert outcome.findings == ()
    return outcome.value.data


def flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value as YAML's flow style, which JSON is a part of."""
    return json.dumps(value, ensure_ascii=False)


def block(value: Any, indent: int = 0) -> str:  # noqa: ANN401 - any JSON value
    """Write a map or a list in block style, its scalars as JSON."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{flow(key)}:{below(item, indent)}" for key, item in value.items())
    return "".join(f"{pad}-{below(item, indent)}" for item in value)


def below(value: Any, indent: int) -> str:  # noqa: ANN401 - any JSON value
    """Write what stands after a key or a dash."""
    return f"\n{block(value, indent + 1)}" if isinstance(value, (dict, list)) and value else f" {flow(value)}\n"


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Compare as settings are: 1.0 is 1, but true is not, and the order of keys counts."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=12).map("".join).map(str.encode)))
@example(b"? *a\n: [{&b c: !d}]\n")
@example(b'a: "\\ud800"\n')
@example(b'"\\ud800": 1\n')
@example(b"a: 1e-99999999999999999999\n")
def test_any_bytes_at_all_give_an_outcome(data: bytes) -> None:
    """No file raises: it reads, or findings with places inside it and a way out say why not."""
    outcome = parse_file("f.yaml", data)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert outcome.value.broken is bool(outcome.findings)
    for finding in outcome.findings:
        assert finding.help
        assert all(1 <= place.line <= lines + 1 and place.column >= 1 for place in finding.places)


@settings(deadline=None, max_examples=100)
@given(MAPS)
def test_values_survive_being_written(data: dict[str, Any]) -> None:
    """A document written in block or flow style reads as what was written, by us and by the other reader."""
    for text in (flow(data), block(data)):
        assert same(data_of(text), data)
        assert same(data_of(text), parse_yaml(text) or {})


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_what_two_readers_accept_means_the_same_to_both(text: str) -> None:
    """Where strict reading and a reader of YAML 1.2 take a text, they take it for the same values.

    Known differences: we refuse more, on purpose; libyaml takes a comment right after a quoted text, and lines of a
    quoted text that stand too far left.
    """
    outcome = parse_file("f.yaml", text.encode())
    if outcome.findings:
        return
    try:
        theirs = parse_yaml(text)
    except ValueError:
        return
    assert same(outcome.value.data, {} if theirs is None else theirs)


@settings(deadline=None, max_examples=300)
@given(st.text("0123456789+-.eExoXabcdfinNAaF_:", max_size=9))
def test_a_plain_scalar_means_the_same_to_another_reader(text: str) -> None:
    """Every text that could be a number has one reading; what we refuse no double holds as it is written.

    A known difference: the other reader takes a sign after a sign.
    """
    assume(text[:2].strip("+-"))
    try:
        value, encoded = plain(text)
    except ScalarError:
        return
    assert encoded == canonical.encode(value)
    try:
        theirs = parse_yaml(f"k: {text}\n")
    except ValueError:
        return  # no plain scalar at all, such as `-`
    if isinstance(theirs, dict) and not isinstance(theirs.get("k"), (dict, list)):
        assert same(value, theirs["k"])


@settings(deadline=None, max_examples=100)
@given(MAPS)
def test_each_value_stands_where_it_is_said_to(data: dict[str, Any]) -> None:
    """Cut out of the file at its place, a value reads as itself, and its path leads to it."""
    text = block(data)
    lines = text.split("\n")
    document = parse_file("f.yaml", text.encode()).value
    written = document.written()
    assert all((one.line, one.column) < (other.line, other.column) for one, other in pairwise(written))
    for leaf in written:
        cut = lines[leaf.line - 1][leaf.column - 1 : leaf.end_column - 1]
        assert data_of(f"k: {cut}\n")["k"] == leaf.value
        found: Any = document.data
        for step in paths.split(leaf.path):
            found = found[step]
        assert found == leaf.value


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(TEXTS, st.integers(0, 999)), min_size=1, max_size=6).map(tuple))
def test_a_path_is_read_as_it_was_written(steps: tuple[str | int, ...]) -> None:
    """Any keys and indices make a path, and the path gives them back."""
    assert paths.split(paths.join(steps)) == steps
