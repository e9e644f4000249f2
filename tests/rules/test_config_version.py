"""LABEL001: what trades bears a config_version, and a semantic one."""

import pytest

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


@pytest.mark.parametrize("said", ["risk: {global: {max_leverage: 3}}\n", "trading: {enabled: false}\n"])
def test_what_does_not_trade_needs_no_label(said: str) -> None:
    """A scope without a trading section, or with one that is switched off, is not compared with anything."""
    assert found(RULE, {LIMITS: said}) == ()


@pytest.mark.parametrize(
    ("label", "message"), [("v1", "the label v1 is no semantic version"), ("", "the label is empty")]
)
def test_a_service_s_label_is_judged_as_well(label: str, message: str) -> None:
    """It trades nothing and needs none; one that is written is a version, and an empty one says nothing."""
    service = f'bot: {{environments: [paper], coins: []}}\nconfig_version: "{label}"\nsystem: {{debug: true}}\n'
    (finding,) = found(RULE, {"bots/service/bot.yaml": service})
    assert (finding.severity, finding.scopes) == ("error", ("paper/service",))
    assert finding.message == message


@pytest.mark.parametrize(
    ("label", "fails"),
    [
        ("1.3.0", False),
        ("0.0.1-rc.1+b2", False),
        ("1.3", True),
        ("v1.3.0", True),
        ("01.3.0", True),
        ("eth-tight", True),
        ("1.0.0-alpha.7.x-y", False),
        ("1.0.0-", True),
        ("1.0.0-rc..1", True),
        ("1.0.0-rc.01", True),
        ("1.0.0+b.", True),
    ],
)
def test_a_label_is_a_semantic_version(label: str, *, fails: bool) -> None:
    """Three numbers without leading zeros, and what semver.org lets follow them; the finding leads to the label."""
    said = TRADES | {OWN: f'config_version: "{label}"\n'}
    findings = found(RULE, said)
    assert [(finding.severity, finding.message) for finding in findings] == [
        ("error", f"the label {label} is no semantic version")
    ] * fails
    assert all(text_at(RULE, said, finding)[0][:2] == (OWN, f'"{label}"') for finding in findings)
