"""SIZE001: no smallest position stands over the largest."""

import pytest

from rule_desk import COIN, LIMITS, SIDE, found, text_at

RULE = "trading_size_order"


def layers(least: str, most: str) -> dict[str, str]:
    """Return an environment's cap and a coin's floor."""
    return {
        LIMITS: f"trading:\n  max_position_size_usd: {most}\n",
        COIN: f"trading:\n  min_position_size_usd: {least}\n",
    }


@pytest.mark.parametrize(
    ("least", "most", "fails"),
    [("100", "100", False), ("100", "100.0", False), ("99.99", "100", False), ("100.01", "100", True)],
)
def test_the_floor_may_equal_the_cap(least: str, most: str, *, fails: bool) -> None:
    """One size is left to trade where they are equal; a cent more leaves none."""
    assert [finding.code for finding in found(RULE, layers(least, most))] == ["SIZE001"] * fails


def test_both_ends_are_shown() -> None:
    """The finding points at the floor and at the cap, each in its own file."""
    (finding,) = found(RULE, layers("250.5", "100"))
    assert text_at(RULE, layers("250.5", "100"), finding) == [
        (COIN, "250.5", "min_position_size_usd set here"),
        (LIMITS, "100", "max_position_size_usd set here"),
    ]


def test_both_numbers_are_in_the_message() -> None:
    """Fact first, both numbers; the help leaves the choice of which to change."""
    (finding,) = found(RULE, layers("250.5", "100"))
    assert finding.message == "min_position_size_usd 250.5 is over max_position_size_usd 100"
    assert finding.help == "lower min_position_size_usd to 100 or less, or raise max_position_size_usd"
    assert (finding.severity, finding.next_action) == ("error", "deskc rule SIZE001")


def test_numbers_are_written_as_people_write_them() -> None:
    """A large cap has no exponent and no `.0`."""
    (finding,) = found(RULE, layers("10000.0", "9999.5"))
    assert finding.message == "min_position_size_usd 10000 is over max_position_size_usd 9999.5"


def test_a_finding_names_the_scopes_that_it_touches() -> None:
    """Both sides of the coin share a finding; a side that has a floor of its own is left out."""
    (finding,) = found(RULE, layers("250", "100"))
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")
    (finding,) = found(RULE, {**layers("250", "100"), SIDE: "trading: {min_position_size_usd: 50}\n"})
    assert finding.scopes == ("paper/maker/ETH/SHORT",)


def test_a_default_is_shown_in_its_schema() -> None:
    """A cap under the default floor is judged too: every scope has both sizes once it trades."""
    said = {LIMITS: "trading: {max_position_size_usd: 5}\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [
        (LIMITS, "5", "max_position_size_usd set here"),
        ("schemas/trading.schema.json", "10", "min_position_size_usd has its default here"),
    ]
    assert len(finding.scopes) == 5


def test_nothing_is_judged_where_nothing_trades() -> None:
    """A scope without a trading section has no sizes."""
    assert found(RULE, {LIMITS: "risk: {global: {max_leverage: 3}}\n"}) == ()
