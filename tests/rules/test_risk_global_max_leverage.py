"""RISK001: no scope asks for more leverage than its environment allows."""

import pytest

from rule_desk import COIN, LIMITS, SIDE, found, text_at

RULE = "risk_global_max_leverage"


def layers(asked: str, allowed: str) -> dict[str, str]:
    """Return an environment's limit and a coin that asks for leverage."""
    return {
        LIMITS: f"trading: {{leverage: 1}}\nrisk:\n  global:\n    max_leverage: {allowed}\n",
        COIN: f"trading:\n  leverage: {asked}\n",
    }


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [("3", "3", False), ("3", "3.0", False), ("4", "3.0", True), ("4", "3.5", True)]
)
def test_leverage_may_equal_the_limit(asked: str, allowed: str, *, fails: bool) -> None:
    """The limit itself is allowed, the next whole number over it is not."""
    assert [finding.code for finding in found(RULE, layers(asked, allowed))] == ["RISK001"] * fails


def test_both_ends_are_shown() -> None:
    """The finding points at the leverage and at the limit, each in its own file."""
    (finding,) = found(RULE, layers("20", "3.5"))
    assert text_at(RULE, layers("20", "3.5"), finding) == [
        (COIN, "20", "leverage set here"),
        (LIMITS, "3.5", "max_leverage set here"),
    ]


def test_both_numbers_are_in_the_message() -> None:
    """Fact first, both numbers; the help names a leverage that passes."""
    (finding,) = found(RULE, layers("20", "3.5"))
    assert finding.message == "leverage 20 is over max_leverage 3.5"
    assert finding.help == "lower trading.leverage to 3 or less in this scope"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule RISK001")
    assert found(RULE, layers("3", "3.5")) == ()


def test_a_finding_names_the_scopes_that_it_touches() -> None:
    """Both sides of a coin read its file, so they share a finding; the other coin and the bot have none."""
    (finding,) = found(RULE, layers("20", "3"))
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")


def test_one_side_alone_is_found_alone() -> None:
    """A side's own leverage is judged for that side."""
    sided = {**layers("2", "3"), SIDE: "trading: {leverage: 5}\n"}
    (finding,) = found(RULE, sided)
    assert finding.scopes == ("paper/maker/ETH/LONG",)
    assert text_at(RULE, sided, finding)[0] == (SIDE, "5", "leverage set here")


def test_a_default_is_shown_in_its_schema() -> None:
    """Where no layer sets the leverage, the schema's default breaks the limit, whose own place stands first."""
    said = {LIMITS: "trading: {stop_loss_pct: 1}\nrisk: {global: {max_leverage: 9}}\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding)[1] == ("schemas/trading.schema.json", "10", "leverage has its default here")
    assert len(finding.scopes) == 5


@pytest.mark.parametrize("said", ["trading: {leverage: 100}\n", "risk: {global: {max_leverage: 1}}\n", "{}\n"])
def test_nothing_is_judged_where_one_of_the_two_is_absent(said: str) -> None:
    """A scope without a limit, or without trading, is not this rule's business."""
    assert found(RULE, {LIMITS: said}) == ()
