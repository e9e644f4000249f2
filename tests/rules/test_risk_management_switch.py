"""RISK009: where an environment has risk limits no scope turns its risk checks off."""

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
