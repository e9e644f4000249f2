"""LAYER001: no line repeats what holds without it."""

from rule_desk import COIN, LIMITS, OWN, found, text_at

RULE = "layer_redundant"
SAID = {OWN: "trading:\n  leverage: 5\n  max_retries: 2\n", COIN: "trading:\n  leverage: 5\n  max_retries: 3\n"}


def test_both_lines_are_shown() -> None:
    """The one that is repeated second; what differs is left alone."""
    (finding,) = found(RULE, SAID)
    assert (finding.code, finding.severity) == ("LAYER001", "warning")
    assert finding.message == f"trading.leverage repeats the value that {OWN} sets already"
    assert finding.help == "delete the line, and a group that it leaves empty: nothing else changes"
    assert text_at(RULE, SAID, finding) == [(COIN, "5", "leverage set here"), (OWN, "5", "leverage set here")]
    assert finding.scopes == ("paper/maker",)


def test_the_value_is_not_told() -> None:
    """It may be a secret, or pages long."""
    said = dict.fromkeys((LIMITS, OWN), 'strategy: {name: "a name that is told nowhere"}\n')
    (finding,) = found(RULE, said)
    assert "told" not in f"{finding.message}{finding.help}"


def test_a_comment_with_a_reason_lets_it_pass_at_either_line() -> None:
    """As with any rule; and one where nothing is found is idle."""
    said = " # deskc: ignore[LAYER001] until 2027-01-01: the venue changes its own in March\n"
    for path in (OWN, COIN):
        assert found(RULE, SAID | {path: SAID[path].replace("5\n", f"5{said}")}) == ()
    (idle,) = found(RULE, {OWN: SAID[OWN].replace("5\n", f"5{said}")})
    assert idle.code == "SUP004"


def test_a_line_of_the_baseline_lets_it_pass() -> None:
    """An existing desk may adopt the rule gradually."""
    (finding,) = found(RULE, SAID)
    entry = f"- {{code: LAYER001, fingerprint: '{finding.fingerprint}', place: {COIN}}}\n"
    assert found(RULE, SAID | {"baseline.yaml": entry}) == ()


def test_what_is_overruled_everywhere_is_another_rules_business() -> None:
    """A line that is overruled and repeats nothing is LAYER002's."""
    assert found(RULE, {LIMITS: "trading: {leverage: 5}\n", OWN: "trading: {leverage: 3}\n"}) == ()
