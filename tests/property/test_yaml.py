"""Laws of what reading YAML stands on: plain scalars, places and paths; files as a whole are test_parse_laws.py's."""

import json
from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from yaml12 import parse_yaml

from deskc.core import canonical, paths
from deskc.core.scalars import ScalarError, plain
from deskc.stages.parse import parse_file
from laws import laws

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


@laws(300)
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


@laws(100)
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


@laws(200)
@given(st.lists(st.one_of(TEXTS, st.integers(0, 999)), min_size=1, max_size=6).map(tuple))
def test_a_path_is_read_as_it_was_written(steps: tuple[str | int, ...]) -> None:
    """Any keys and indices make a path, and the path gives them back."""
    assert paths.split(paths.join(steps)) == steps
