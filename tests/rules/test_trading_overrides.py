"""TRADE001: no minimum is set by hand where the exchange's own are used."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "trading_overrides"


@pytest.mark.parametrize("name", ["override_min_notional", "override_min_qty", "override_step_size"])
def test_each_override_is_shown_with_the_switch(name: str) -> None:
    """The finding points at the value that has no effect and at the switch that makes it so."""
    said = {LIMITS: "trading:\n  use_exchange_minimums: true\n", COIN: f"trading:\n  {name}: 1\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (COIN, "1", f"{name} set here"),
        (LIMITS, "true", "use_exchange_minimums set here"),
    ]
    assert finding.message == f"{name} 1 has no effect while use_exchange_minimums is true"
    assert finding.help == f"remove {name}, or set use_exchange_minimums to false"


def test_each_override_is_a_finding_of_its_own() -> None:
    """Three values without effect are three findings."""
    overrides = "override_min_notional: 20, override_min_qty: 0.1, override_step_size: 0.1"
    assert len(found(RULE, {LIMITS: f"trading: {{{overrides}}}\n"})) == 3


def test_overrides_count_where_the_exchanges_minimums_do_not() -> None:
    """That is what they are for; null is none."""
    assert found(RULE, {LIMITS: "trading: {use_exchange_minimums: false, override_min_qty: 0.1}\n"}) == ()
    assert found(RULE, {LIMITS: "trading: {use_exchange_minimums: true, override_min_qty: null}\n"}) == ()
