"""LABEL001: what trades bears a config_version."""

from rule_desk import COIN, LIMITS, OWN, found, text_at

RULE = "config_version"
TRADES = {LIMITS: "trading: {leverage: 1}\n"}


def test_a_bots_label_holds_for_its_coins() -> None:
    """One label in a layer of the bot is enough for all its scopes."""
    assert found(RULE, TRADES | {OWN: "config_version: 1.0.0\n"}) == ()


def test_a_coins_label_is_its_own() -> None:
    """The other coin still lacks one; the finding leads to where the bot is declared."""
    said = TRADES | {COIN: "config_version: 1.0.0\n"}
    (finding,) = found(RULE, said)
    assert (finding.severity, finding.message) == ("warning", "maker trades without a config_version")
    assert finding.scopes == ("paper/maker/SOL/LONG", "paper/maker/SOL/SHORT")
    assert text_at(RULE, said, finding) == [("bots/maker/bot.yaml", "bot", "the bot is declared here")]


def test_what_does_not_trade_needs_no_label() -> None:
    """A scope without a trading section is not compared with anything."""
    assert found(RULE, {LIMITS: "risk: {global: {max_leverage: 3}}\n"}) == ()
