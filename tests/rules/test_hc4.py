"""HC4: the martingale ratio makes no sharp turn."""

import pytest

from ladder_layers import bounds, ladder
from rule_desk import COIN, OWN, found, text_at

RULE = "hc4"
SHARP = (4, 6, 7, 13, 15, 25, 30)


def test_the_order_and_the_limit_are_shown() -> None:
    """The finding points at the order's volume in its list, and at the cap."""
    layers = ladder(SHARP, slope_cap=0.5)
    first = found(RULE, layers)[0]
    assert first.message == "order 4's ratio moves by 0.690476, over slope_cap 0.5"
    assert text_at(RULE, layers, first) == [
        (OWN, "13", "item 4 of volumes_pct set here"),
        (OWN, "0.5", "slope_cap set here"),
    ]
    assert (first.severity, first.next_action) == ("error", "deskc rule HC4")


def test_a_default_cap_is_shown_in_the_schema() -> None:
    """Where no layer sets the cap, its default is the limit's place."""
    layers = ladder(SHARP)
    first = found(RULE, layers)[0]
    assert text_at(RULE, layers, first)[1] == (
        "schemas/ladder.schema.json",
        "0.25",
        "slope_cap has its default here",
    )


def test_every_sharp_turn_is_found() -> None:
    """One finding an order."""
    assert [one.message.split("'")[0] for one in found(RULE, ladder(SHARP))] == [f"order {k}" for k in (3, 4, 5, 6, 7)]


def test_what_is_not_enforced_is_a_warning() -> None:
    """The preset decides."""
    assert {one.severity for one in found(RULE, ladder(SHARP, enforce=["HC0"]))} == {"warning"}


@pytest.mark.parametrize(("volumes", "fails"), [((16, 24, 60), True), ((16, 32, 52), False), ((20, 30, 52.5), False)])
def test_two_decimals_are_judged_without_tolerance(volumes: tuple[float, ...], *, fails: bool) -> None:
    """A turn of exactly the cap is kept: 1.5 after 0.5, 0.625 after 1, 0.75 after 0.5."""
    layers = ladder(volumes, (0, 8, 20), slope_cap=0.375 if volumes[1] == 32 else 0.25)
    assert [one.code for one in found(RULE, layers)] == ["HC4"] * fails


def test_an_order_that_a_coin_changes_is_shown_in_the_coin_s_file() -> None:
    """Lists replace each other, so the whole ladder is the coin's."""
    layers = {**ladder((20, 30, 50), (0, 8, 20)), COIN: "ladder:\n  orders:\n    volumes_pct: [20, 22, 58]\n"}
    (finding,) = found(RULE, layers)
    assert text_at(RULE, layers, finding)[0] == (COIN, "58", "item 3 of volumes_pct set here")
    assert finding.scopes == ("paper/maker/ETH/LONG", "paper/maker/ETH/SHORT")


def test_without_orders_the_bounds_have_to_leave_room() -> None:
    """A ceiling that falls faster than the cap allows names both."""
    layers = bounds(ceiling="true", m2_min=0.9, slope_cap=0.2)
    (finding,) = found(RULE, layers)
    assert finding.message == "no ladder of 10 orders keeps slope_cap 0.2, ceiling on and m2_min 0.9 together"
    assert [text for _, text, _ in text_at(RULE, layers, finding)] == ["0.2", "true", "0.9"]
    assert found(RULE, bounds(ceiling="true", m2_min=0.1, slope_cap=0.2)) == ()
