"""RISK009: where an environment has risk limits no scope turns its risk checks off."""

import pytest

from rule_desk import COIN, LIMITS, found, text_at

RULE = "risk_management_switch"
OFF = "trading:\n  risk_management_enabled: false\n"


def test_the_switch_is_shown_with_a_limit_that_it_disables() -> None:
    """The finding points at the switch and at the environment's first limit, and names the scopes that it touches."""
    said = {LIMITS: "risk:\n  global:\n    max_leverage: 20\n", COIN: OFF}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (COIN, "false", "risk_management_enabled set here"),
        (LIMITS, "20", "max_leverage set here"),
    ]
    assert finding.message == "risk_management_enabled is false, and the environment's risk limits bind nothing"
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")


def test_an_environment_without_limits_may_go_without_checks() -> None:
    """A replay has nothing to lose."""
    assert found(RULE, {LIMITS: OFF}) == ()


@pytest.mark.parametrize(
    ("limits", "role"),
    [
        ("  position_sizing:\n    max_size: 0.05\n", "max_size set here"),
        ("  circuit_breakers:\n    loss_threshold: 0.1\n", "loss_threshold set here"),
        ("  exchange_limits:\n    venue:\n      max_open_orders: 20\n", "max_open_orders set here"),
        ("  capital_usd: 1000\n", ""),
    ],
)
def test_every_kind_of_limit_counts_and_capital_is_none(limits: str, role: str) -> None:
    """An environment may limit without risk.global, and its switch guards those limits just as well."""
    findings = found(RULE, {LIMITS: f"risk:\n{limits}", COIN: OFF})
    assert [finding.places[1].role for finding in findings] == [role] * bool(role)
