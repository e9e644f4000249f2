"""EXCH004: no minimum set by hand is below the exchange's own."""

import pytest

from rule_desk import COIN, LIMITS, LOCK, found, lock, text_at

RULE = "market_overrides"
OWN_MINIMUMS = {LIMITS: "trading:\n  use_exchange_minimums: false\n"}


@pytest.mark.parametrize(
    ("name", "least", "less", "fact"),
    [
        ("override_min_notional", "10", "9.5", "min_notional_usd"),
        ("override_min_qty", "0.005", "0.004", "min_qty"),
        ("override_step_size", "0.005", "0.001", "step_size"),
    ],
)
def test_an_override_may_equal_the_exchanges_own(name: str, least: str, less: str, fact: str) -> None:
    """Stricter is fine; what is looser is shown with the lock file's line."""
    assert found(RULE, OWN_MINIMUMS | {COIN: f"trading:\n  {name}: {least}\n"}) == ()
    said = OWN_MINIMUMS | {COIN: f"trading:\n  {name}: {less}\n"}
    (finding,) = found(RULE, said)
    assert finding.message == f"{name} {less} is below venue's {fact} {least} for ETH"
    assert [place[::2] for place in text_at(RULE, said, finding)] == [
        (COIN, f"{name} set here"),
        (LOCK, f"{fact} locked here"),
    ]


def test_what_is_not_in_force_or_not_known_is_not_judged() -> None:
    """An override that has no effect is another rule's business; an unknown fact bounds nothing."""
    override = {COIN: "trading: {override_min_qty: 0.001}\n"}
    assert found(RULE, override) == ()
    assert found(RULE, OWN_MINIMUMS | override | {LOCK: lock(min_qty=None)}) == ()
