"""Money is exact: what stands for one decimal number is that number, and nothing else is taken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.ledger.exact import Number, exact, middle, plain, product
from deskc.runtime.errors import RecordError
from laws import laws

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=12)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2500.10", "2500.10"),
        (Decimal("0.1"), "0.1"),
        (7, "7"),
        (0.1, "0.1"),
        (2500.0, "2500.0"),
        ("1e-7", "0.0000001"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        ("-0.0", "0"),
        (123456789012.345, "123456789012.345"),
    ],
)
def test_a_number_is_the_decimal_that_it_stands_for(value: Number, text: str) -> None:
    """Digits stay as they were written; there is no exponent and no -0."""
    assert plain(exact(value, "px")) == text


@pytest.mark.parametrize(
    "value",
    [
        *("", " 1", "1_000", "1,5", "0x10", "NaN", "Infinity", "-inf", "١٢", "1.", ".5", "1e400", "1" * 31, "one"),
        *(float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), 10**40, True, None, b"1", [1]),
    ],
    ids=repr,
)
def test_what_is_no_decimal_number_is_refused_by_name(value: Number) -> None:
    """NaN and infinities too, and what Python alone would read."""
    with pytest.raises(RecordError, match=r"^px is ") as caught:
        exact(value, "px")
    assert "Decimal" in caught.value.help


@pytest.mark.parametrize("value", [0.1 + 0.2, 1 / 3, 2**0.5, 1234567.8901234567])
def test_a_float_that_was_computed_is_refused(value: float) -> None:
    """Its digits are those of binary arithmetic, and no venue ever wrote them."""
    with pytest.raises(RecordError, match="computed in floats"):
        exact(value, "px")


@laws(100)
@given(DECIMALS, DECIMALS)
def test_products_and_middles_are_not_rounded(one: Decimal, other: Decimal) -> None:
    """As fractions have it."""
    assert product(one, other).as_integer_ratio() == fraction(one, other)
    assert middle(one, other) * 2 == one + other


def fraction(one: Decimal, other: Decimal) -> tuple[int, int]:
    """Return a product in lowest terms."""
    from fractions import Fraction  # noqa: PLC0415 - the plain twin alone needs it

    return (Fraction(one) * Fraction(other)).as_integer_ratio()


@laws(100)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_float_comes_back_or_is_refused(value: float) -> None:
    """What is taken is the same float when it is read."""
    try:
        number = exact(value, "px")
    except RecordError:
        return
    assert float(number) == value
