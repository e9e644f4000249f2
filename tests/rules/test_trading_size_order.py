"""SIZE001: the smallest position below the largest."""

import pytest

from judging import judged

RULE = "trading_size_order"


@pytest.mark.parametrize(("least", "most", "fails"), [(100, 1000, False), (100, 100, False), (100.5, 100, True)])
def test_a_floor_stands_not_over_its_cap(least: float, most: float, fails: bool) -> None:  # noqa: FBT001 - a table's column
    """Equal is one size and allowed."""
    settings = f"trading: {{min_position_size_usd: {least}, max_position_size_usd: {most}}}\n"
    assert [finding.code for finding in judged(RULE, settings)] == ["SIZE001"] * fails


def test_a_coin_is_judged_by_what_it_resolves_to() -> None:
    """A floor raised for one coin meets the cap that it inherits, and only that coin fails."""
    (finding,) = judged(RULE, "trading: {max_position_size_usd: 50}\n", ETH="trading: {min_position_size_usd: 60}\n")
    assert finding.scopes == ("paper/bot/ETH",)
    assert [place.path for place in finding.places] == ["coins/ETH.yaml", "global.yaml"]
    assert finding.help == "lower min_position_size_usd to 50 or less, or raise max_position_size_usd"
