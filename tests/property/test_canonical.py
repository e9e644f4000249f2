"""Laws of canonical JSON: the bytes are those of RFC 8785 as an independent writer gives them, and they read back."""

import json
import math
import struct
from random import Random
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deskc.core.canonical import digest, encode, key_order, number

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBERS = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


def floats(count: int) -> list[float]:
    """Return doubles of every size: any bits, short decimals, and the neighbours of powers of ten."""
    random = Random(8785)
    found: list[float] = []
    while len(found) < count:
        (any_bits,) = struct.unpack("<d", random.randbytes(8))
        short = float(f"{random.randrange(10**6)}e{random.randrange(-330, 306)}")
        power = 10.0 ** random.randrange(-30, 30)
        found += [any_bits, short, -short, power, math.nextafter(power, 0), math.nextafter(power, math.inf)]
    return [value for value in found if math.isfinite(value)]


def test_twenty_thousand_floats_are_written_as_ecmascript_does() -> None:
    """Every double has one shortest form, and it is the independent writer's."""
    values = floats(20_000)
    assert [value for value in values if number(value).encode() != rfc8785.dumps(value)] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0.0, "0"), (-0.0, "0"), (1.0, "1"), (-1.5, "-1.5"), (1e20, "100000000000000000000"), (1e21, "1e+21")),
        *((1e-6, "0.000001"), (1e-7, "1e-7"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308")),
        *(
            (9007199254740992.0, "9007199254740992"),
            (333333333.33333329, "333333333.3333333"),
            (4.5, "4.5"),
            (2e-3, "0.002"),
        ),
        *((295147905179352830000.0, "295147905179352830000"), (999999999999999700000.0, "999999999999999700000")),
    ],
)
def test_the_standards_own_numbers(value: float, text: str) -> None:
    """RFC 8785, appendix B, and where its notation changes."""
    assert number(value) == text


@settings(deadline=None, max_examples=200)
@given(VALUES)
@example({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7})
@example(['\x00\x1f\b\t\n\f\r"\\/\x7f\u2028\U0001f600'])
def test_canonical_bytes_are_those_of_the_standard(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Whatever the value, text and digest are the independent writer's, and the text reads back as the value."""
    text = encode(value)
    assert text.encode() == rfc8785.dumps(value)
    found = json.loads(text, parse_int=float)
    assert found == value
    assert encode(found) == text


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(TEXTS, NUMBERS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_is_no_part_of_a_value(value: dict[str, float], random: Random) -> None:
    """Equal maps have equal bytes, however they were filled."""
    shuffled = dict(random.sample(list(value.items()), len(value)))
    assert encode(shuffled) == encode(value)
    assert list(json.loads(encode(value))) == sorted(value, key=key_order)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}])
def test_what_has_no_form_is_refused(value: object) -> None:
    """NaN, infinities, large integers and lone surrogates raise instead of becoming something else."""
    with pytest.raises(ValueError, match=r".+"):
        encode(value)


@pytest.mark.parametrize("value", [{1: 2}, {1, 2}, b"x", object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    """Other types raise."""
    with pytest.raises((TypeError, AttributeError)):
        encode(value)


def test_a_digest_is_sha256_in_hexadecimal() -> None:
    """The digest of no bytes is the well-known one."""
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
