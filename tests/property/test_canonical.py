"""Canonical bytes are RFC 8785's: the reference implementation and the RFC's own vectors say so."""

import json
import struct

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from deskc.core import canonical
from laws import laws
from yaml_text import pen

SAFE = 2**53

# RFC 8785, appendix B: the bits of a double, and how ECMAScript writes it.
VECTORS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

# RFC 8785, section 3.2.3: property names in the order in which they have to stand.
SORTED_KEYS = ("\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33")

TEXTS = st.one_of(st.text(), st.text(alphabet=st.characters(max_codepoint=0x9F)), st.text(min_size=1, max_size=3))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=1 - SAFE, max_value=SAFE - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=6), max_leaves=20
)


def double(bits: str) -> float:
    """Return the double of these sixteen hex digits."""
    found: tuple[float] = struct.unpack(">d", bytes.fromhex(bits))
    return found[0]


@pytest.mark.parametrize(("bits", "written"), VECTORS.items())
def test_the_numbers_of_the_rfc_are_written_as_it_says(bits: str, written: str) -> None:
    """Every vector of RFC 8785, appendix B, that is a number comes out to the digit."""
    assert canonical.number(double(bits)) == written


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_json_number_has_no_form(bits: str) -> None:
    """The RFC's vectors for NaN and infinity are errors."""
    with pytest.raises(ValueError, match="is not a JSON number"):
        canonical.number(double(bits))


def test_names_are_ordered_by_their_utf_16_code_units() -> None:
    """The RFC's example of names, given the wrong way round, comes out in its order."""
    document = {key: index for index, key in reversed(list(enumerate(SORTED_KEYS)))}
    assert canonical.encode(document) == ('{"\\r":0,"1":1,"\u0080":2,"\u00f6":3,"\u20ac":4,"\U0001f600":5,"\ufb33":6}')


def test_strings_are_escaped_as_the_rfc_shows() -> None:
    """The string of the RFC's section 3.2.2 comes out as printed there."""
    text = '\u20ac$\u000f\nA\'B"\\\\"/'
    assert canonical.string(text) == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_twenty_thousand_doubles_are_written_as_the_reference_writes_them() -> None:
    """Doubles drawn by their bits cover every magnitude and sign alike."""
    draw = pen(8785)
    different = []
    for _ in range(20_000):
        bits = f"{draw.getrandbits(64):016x}"
        value = double(bits)
        if value - value == 0 and canonical.number(value).encode() != rfc8785.dumps(value):
            different.append(bits)
    assert different == []


def test_powers_of_two_and_their_neighbours_agree() -> None:
    """Where the gap between doubles changes, shortest digits are easiest to get wrong."""
    for power in range(-1074, 1024):
        (around,) = struct.unpack(">Q", struct.pack(">d", 2.0**power))
        for bits in (around - 1, around, around + 1):
            value = double(f"{bits:016x}")
            assert canonical.number(value).encode() == rfc8785.dumps(value)


@laws(150)
@given(TEXTS)
def test_any_text_is_quoted_as_the_reference_quotes_it(text: str) -> None:
    """Control characters are escaped, everything else stands as it is, beyond the BMP too."""
    assert canonical.string(text).encode() == rfc8785.dumps(text)


@laws(150)
@given(VALUES)
def test_any_value_is_written_as_the_reference_writes_it(value: object) -> None:
    """Nested values have the reference's bytes, and reading them gives the value back."""
    encoded = canonical.encode(value)
    assert encoded.encode() == rfc8785.dumps(value)  # type: ignore[arg-type] # any JSON value, which its stub spells out
    assert json.loads(encoded, parse_int=float) == value


@laws(150)
@given(st.integers(min_value=SAFE) | st.integers(max_value=-SAFE))
def test_an_integer_that_readers_round_has_no_form(value: int) -> None:
    """From 2^53 on a double no longer tells neighbours apart."""
    with pytest.raises(ValueError, match=r"2\^53"):
        canonical.encode([value])


@laws(150)
@given(st.characters(categories=["Cs"]), TEXTS)
def test_a_lone_surrogate_has_no_form(half: str, text: str) -> None:
    """Half a character is no UTF-8, in a value as in a name."""
    for broken in ([half + text], {half + text: 1}):
        with pytest.raises(ValueError, match="surrogate"):
            canonical.encode(broken)
