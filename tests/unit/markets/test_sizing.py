"""Orders in the venue's steps: what decides each of them, and what cannot be sized."""

from decimal import Decimal

import pytest

from deskc.markets.sizing import Lot, Order, Refusal, lot_of, size_order, target_usd, written
from some_market import UNKNOWN

D = Decimal
BTC = Lot(step_size=D("0.001"), min_qty=D("0.001"), min_notional_usd=D(100), max_qty=D(1000))
PRICE = D("86500.5")  # one step is 86.5005 usd, so the venue's minimum takes two


@pytest.mark.parametrize(
    ("target", "quantity", "bound_by"),
    [
        ("750", "0.009", "target"),  # 8.67 steps
        ("735.25", "0.008", "target"),  # 8.49 steps
        ("735.25425", "0.008", "target"),  # half a step: the smaller one
        ("735.25426", "0.009", "target"),
        ("173.001", "0.002", "target"),  # on a step
        ("129", "0.002", "min_notional_usd"),  # 1.49 steps
        ("100", "0.002", "min_notional_usd"),
        ("86.5005", "0.002", "min_notional_usd"),  # one step: one above is two
        ("5000", "0.011", "cap_usd"),
        ("995", "0.011", "cap_usd"),  # 11.503 steps, and twelve are over the cap
    ],
)
def test_the_nearest_legal_step_is_taken(target: str, quantity: str, bound_by: str) -> None:
    """Down as well as up, raised to the venue's minimum, lowered to the cap."""
    order = size_order(D(target), price=PRICE, lot=BTC, cap_usd=D(1000))
    assert order == Order(D(quantity), D(quantity) * PRICE, bound_by)


@pytest.mark.parametrize(
    ("lot", "floor", "quantity", "bound_by"),
    [
        (Lot(D(1), D(1), D(1)), "0", "1", "step"),
        (Lot(D("0.4"), D("0.5"), D(1)), "0", "0.8", "min_qty"),
        (Lot(D("0.4"), D("0.1"), D(7)), "0", "0.8", "min_notional_usd"),
        (Lot(D("0.4"), D("0.1"), D(1)), "4.4", "0.8", "min_usd"),
        (Lot(D("0.1"), D("0.1"), D(1), D("0.3")), "0", "0.3", "max_qty"),
    ],
)
def test_what_decided_is_named(lot: Lot, floor: str, quantity: str, bound_by: str) -> None:
    """At 10 usd a coin and a target of 4.5 usd, each limit in turn."""
    order = size_order(D("4.5"), price=D(10), lot=lot, min_usd=D(floor))
    assert order == Order(D(quantity), D(quantity) * 10, bound_by)


def test_what_no_step_makes_legal_is_refused_with_its_numbers() -> None:
    """Two steps are over the cap and one is under the minimum."""
    refusal = size_order(D(100), price=PRICE, lot=BTC, cap_usd=D(120))
    assert refusal == Refusal(D(100), D(100), D(120), D("86.5005"))
    assert str(refusal) == (
        "no step sizes an order for 100 usd: the minimum is 100 usd, the cap 120 usd, one step 86.5005 usd"
    )


@pytest.mark.parametrize(
    ("target", "lot", "floor", "minimum"),
    [
        ("10", BTC, "0", "100"),  # more than one step would have to be added
        ("0", BTC, "0", "100"),
        ("90", BTC, "150", "150"),
        ("149.99", BTC, "150", "150"),  # two steps would do, but the desk skips what computes to less
        ("100", Lot(D("0.001"), D("0.01"), D(5)), "0", "865.005"),
        ("500", Lot(D("0.001"), D("0.002"), D(5), D("0.001")), "0", "173.001"),
    ],
)
def test_a_small_target_is_never_enlarged(target: str, lot: Lot, floor: str, minimum: str) -> None:
    """An order may be one step above its target and no more; the refusal names the least that is allowed."""
    refusal = size_order(D(target), price=PRICE, lot=lot, min_usd=D(floor))
    assert refusal == Refusal(D(target), D(minimum), None, D("86.5005"))
    assert "there is no cap" in str(refusal)


@pytest.mark.parametrize(("price", "step"), [("0", "1"), ("-1", "1"), ("1", "0"), ("1", "-1")])
def test_a_price_and_a_step_are_above_zero(price: str, step: str) -> None:
    """Nothing can be sized by nothing."""
    with pytest.raises(ValueError, match="both must be above zero"):
        size_order(D(1), price=D(price), lot=Lot(D(step), D(0), D(0)))


def test_a_target_is_a_share_of_equity_times_the_multiplier() -> None:
    """The product is exact: fifteen hundredths of 0.1 are not 0.015000000000000001."""
    assert target_usd(D("0.1"), size_fraction=D("0.15")) == D("0.015")
    assert target_usd(D(5000), size_fraction=D("0.15"), multiplier=D("0.5")) == D(375)


def test_a_lot_needs_three_facts() -> None:
    """Step, smallest quantity and smallest notional value must be known; a largest quantity need not exist."""
    known = UNKNOWN._replace(
        step_size=D("0.1"), min_qty=D("0.2"), min_notional_usd=D(5), unknown=frozenset({"max_qty"})
    )
    assert lot_of(known) == Lot(D("0.1"), D("0.2"), D(5), None)
    with pytest.raises(LookupError, match="step_size, min_qty, min_notional_usd of ETH at venue unknown"):
        lot_of(UNKNOWN)


@pytest.mark.parametrize(
    ("number", "text"), [("1E+3", "1000"), ("0.0010", "0.001"), ("1E-7", "0.0000001"), ("10", "10")]
)
def test_numbers_are_written_as_people_write_them(number: str, text: str) -> None:
    """No exponent, no zeros that say nothing."""
    assert written(D(number)) == text
