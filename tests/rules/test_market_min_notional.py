"""EXCH002: no size is smaller than the order that the exchange still takes."""

import pytest

from rule_desk import COIN, LOCK, found, lock, text_at

RULE = "market_min_notional"


@pytest.mark.parametrize("name", ["min_position_size_usd", "size_notional_usd"])
def test_a_size_may_equal_the_minimum(name: str) -> None:
    """Ten dollars are taken, a cent less is not; the finding shows the lock file's line too."""
    said = {COIN: f"trading:\n  {name}: 9.99\n"}
    (finding,) = found(RULE, said)
    assert finding.message == f"{name} 9.99 is below 10, venue's minimum for ETH"
    assert finding.help == f"raise {name} to 10 or more"
    assert [place[::2] for place in text_at(RULE, said, finding)] == [
        (COIN, f"{name} set here"),
        (LOCK, "min_notional_usd locked here"),
    ]
    assert found(RULE, {COIN: f"trading: {{{name}: 10}}\n"}) == ()


def test_each_coin_has_its_own_minimum() -> None:
    """What another coin's market asks for is not this one's business."""
    said = {"environments/paper.yaml": "trading: {leverage: 1}\n", LOCK: lock(min_notional_usd=20)}
    assert {scope for finding in found(RULE, said) for scope in finding.scopes} == {
        "paper/maker/ETH/LONG",
        "paper/maker/ETH/SHORT",
    }


def test_a_quote_that_nobody_set_is_not_judged() -> None:
    """Its default stands in every trading section, and only market makers read it."""
    said = {COIN: "trading: {min_position_size_usd: 50}\n", LOCK: lock(min_notional_usd=50)}
    assert found(RULE, said) == ()


def test_minimums_by_hand_are_another_rules_business() -> None:
    """Where the exchange's own are not used, overrides say what is small."""
    assert found(RULE, {COIN: "trading: {use_exchange_minimums: false, size_notional_usd: 1}\n"}) == ()


@pytest.mark.parametrize("minimum", ["10.1", "12.3", "99.99"])
def test_a_minimum_with_a_fraction_may_be_met_exactly(minimum: str) -> None:
    """The double of a decimal may lie below it, which is no reason to call the same number smaller."""
    said = {LOCK: lock(min_notional_usd=float(minimum)), "environments/paper.yaml": "trading: {leverage: 1}\n"}
    same = f"trading: {{min_position_size_usd: {minimum}, size_notional_usd: {minimum}}}\n"
    assert found(RULE, said | {COIN: same}) == ()
