"""LABEL001: what trades bears a config_version."""

from rule_desk import COIN, LIMITS, OWN, found, text_at

RULE = "config_version"
TRADES = {LIMITS: "trading: {leverage: 1}\n"}


def test_a_bots_label_holds_for_its_coins() -> None:
    """One label in a layer of the bot is enough for all its scopes."""
    assert found(RULE, TRADES | {OWN: "config_version: 1.0.0\n"}) == ()


def test_a_coins_label_is_its_own() -> None:
    """The coin has one, the other coin and the bot itself still lack theirs; the finding leads to the declaration."""
    said = TRADES | {COIN: "config_version: 1.0.0\n"}
    findings = found(RULE, said)
    assert {finding.message for finding in findings} == {"maker has no config_version", "SOL has no config_version"}
    assert text_at(RULE, said, findings[0]) == [("bots/maker/bot.yaml", "bot", "the bot is declared here")]


def test_what_does_not_trade_needs_no_label() -> None:
    """A scope without a trading section is not compared with anything."""
    assert found(RULE, {LIMITS: "risk: {global: {max_leverage: 3}}\n"}) == ()
