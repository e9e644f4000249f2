"""What is written as a layer reads back as it was meant."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deskc.edit.block import Number, block
from deskc.stages.parse import parse_file

TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=8) | st.sampled_from(
    ["no", "null", "true", "1.0", "1e3", "0x10", "-", "a: b", "# a", "@107", "[a]", "2024-01-15", "1.2.0", "ß", "*a"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_a_block_reads_back_as_the_same_values(values: dict[str, Any]) -> None:
    """Texts that look like something else are quoted, maps and lists nest, and strict reading finds no fault."""
    outcome = parse_file("a.yaml", block(values).encode())
    assert outcome.findings == ()
    assert outcome.value.data == values


def test_numbers_stand_as_they_were_written() -> None:
    """Trailing zeros and exponents stay."""
    values = {"a": Number("3.0"), "b": [Number("0.30"), Number("1E5")], "c": {"d": Number("-0.1")}}
    assert block(values) == "a: 3.0\nb: [0.30, 1E5]\nc:\n  d: -0.1\n"
