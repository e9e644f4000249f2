"""EXCH003: the largest position, in whole steps, reaches what the exchange and the floor ask for."""

import pytest

from rule_desk import COIN, LOCK, found, lock, text_at

RULE = "market_smallest_order"


def layers(floor: float, cap: float) -> dict[str, str]:
    """Return a coin's floor and cap; a step of ETH is worth 10 usd, and no order may be smaller."""
    return {COIN: f"trading:\n  min_position_size_usd: {floor}\n  max_position_size_usd: {cap}\n"}


@pytest.mark.parametrize(
    ("floor", "cap", "fails"), [(10, 10, False), (11, 20, False), (11, 19, True), (5, 9, True), (20, 10, False)]
)
def test_some_whole_step_lies_between_floor_and_cap(floor: int, cap: int, *, fails: bool) -> None:
    """Twenty dollars are two steps; a floor over the cap is another rule's business."""
    assert [finding.code for finding in found(RULE, layers(floor, cap))] == ["EXCH003"] * fails


def test_the_three_numbers_and_the_price_are_said() -> None:
    """What was wanted, the minimum and one step; it depends on a price, so it is a warning."""
    (finding,) = found(RULE, layers(12, 15))
    assert finding.message == (
        "no step sizes an order for 15 usd: the minimum is 12 usd, the cap 15 usd, one step 10 usd, "
        "at ETH's price of 2000 of 2025-12-31T00:00:00Z"
    )
    assert finding.severity == "warning"
    assert [place[::2] for place in text_at(RULE, layers(12, 15), finding)] == [
        (COIN, "max_position_size_usd set here"),
        (COIN, "min_position_size_usd set here"),
        (LOCK, "min_notional_usd locked here"),
        (LOCK, "reference_price locked here"),
    ]


def test_without_a_price_the_rule_says_that_it_could_not_run() -> None:
    """No price is invented."""
    (finding,) = found(RULE, layers(12, 15) | {LOCK: lock(reference_price=None)})
    assert (finding.code, finding.severity) == ("MARKET006", "note")
