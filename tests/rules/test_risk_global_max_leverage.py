"""RISK001: leverage within the environment's limit."""

import pytest

from judging import judged

RULE = "risk_global_max_leverage"


@pytest.mark.parametrize(
    ("asked", "allowed", "fails"), [(3, 3, False), (3, 3.5, False), (4, 3.5, True), (125, 1, True)]
)
def test_leverage_is_held_to_the_limit(asked: int, allowed: float, fails: bool) -> None:  # noqa: FBT001 - a table's column
    """Just the limit is allowed, anything over it is not, also where the limit is no whole number."""
    findings = judged(RULE, f"trading: {{leverage: {asked}}}\nrisk: {{global: {{max_leverage: {allowed}}}}}\n")
    assert [finding.code for finding in findings] == ["RISK001"] * fails


def test_both_ends_and_the_way_out_are_told() -> None:
    """The finding points at the leverage and at the limit, and says which leverage would do."""
    limit = "risk:\n  global:\n    max_leverage: 3.5\n"
    (finding,) = judged(RULE, limit, ETH="trading:\n  leverage: 20\n")
    assert finding.message == "leverage 20 is over max_leverage 3.5"
    assert finding.help == "lower trading.leverage to 3 or less in this scope"
    places = [(place.path, place.line, place.role) for place in finding.places]
    assert places == [("coins/ETH.yaml", 2, "leverage set here"), ("global.yaml", 3, "max_leverage set here")]
    assert finding.scopes == ("paper/bot/ETH",)


def test_a_default_is_held_to_the_limit_too() -> None:
    """Whoever says nothing has the schema's leverage, and the finding shows where that comes from."""
    (finding,) = judged(RULE, "trading: {}\nrisk: {global: {max_leverage: 2}}\n")
    assert finding.places[0].path == "schemas/trading.schema.json"


def test_without_a_limit_nothing_is_judged() -> None:
    """A desk that sets no limit gets no finding from this rule."""
    assert judged(RULE, "trading: {leverage: 125}\n") == ()
