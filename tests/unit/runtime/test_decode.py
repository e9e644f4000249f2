"""Reading JSON without the json module gives what the json module gives."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.runtime.decode import decode

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
REFUSED = ["", " ", "{", "[1,]", "[1 2]", "1 1", "nul", "NaN", "[Infinity]", "-Infinity", '"\n"', "'a'", "{1:2}", "01"]


@given(VALUES, st.sampled_from([None, 1]))
def test_any_json_is_read_as_the_standard_decoder_reads_it(value: object, indent: int | None) -> None:
    """Compact or indented, with or without space around it."""
    text = f" {json.dumps(value, indent=indent)}\n"
    assert decode(text.encode()) == json.loads(text)
    assert repr(decode(memoryview(text.encode()))) == repr(json.loads(text))


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    """NaN and its like are no JSON either."""
    with pytest.raises(ValueError, match=r".+"):
        decode(text.encode())


@pytest.mark.parametrize("data", [b"\xff", b'"\xed\xa0\x80"', b"[" * 100_000])
def test_bytes_that_are_no_text_or_too_deep_are_value_errors(data: bytes) -> None:
    """Broken UTF-8 and endless nesting end as every other mistake does."""
    with pytest.raises(ValueError, match=r".+"):
        decode(data)


def test_without_the_scanner_the_slow_way_reads_the_same() -> None:
    """On an interpreter that has no such scanner, the json module steps in."""
    program = f"""
import sys
sys.modules["_json"] = None
from deskc.runtime.decode import decode
assert "json" in sys.modules
assert decode(b' {{"a": [1, 2.5, null, "\\\\u00e9"]}} ') == {{"a": [1, 2.5, None, "\\u00e9"]}}
for text in {REFUSED!r}:
    try:
        decode(text.encode())
    except ValueError:
        continue
    raise SystemExit(text)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
