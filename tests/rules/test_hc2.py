"""HC2: orders grow."""

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc2"


def test_an_order_that_does_not_grow_is_shown() -> None:
    """Equal and smaller ones, each at its place."""
    layers = ladder((30, 30, 40), (0, 8, 20))
    (finding,) = found(RULE, layers)
    assert finding.message == "order 2's volume 30 does not grow by growth_eps 1e-06 over the 30 before"
    assert text_at(RULE, layers, finding)[0] == (OWN, "30", "item 2 of volumes_pct set here")
    assert len(found(RULE, ladder((40, 30, 30), (0, 8, 20)))) == 2


def test_the_least_growth_is_kept_exactly() -> None:
    """One hundredth where one is asked for, judged as the decimals that stand there."""
    assert found(RULE, ladder((33.32, 33.33, 33.35), (0, 8, 20), growth_eps=0.01)) == ()
    assert [one.code for one in found(RULE, ladder((33.32, 33.33, 33.35), (0, 8, 20), growth_eps=0.02))] == ["HC2"]


def test_a_growth_that_no_budget_holds_is_found_without_orders() -> None:
    """Ten orders that each grow by thirty points are more than a hundred."""
    layers = bounds(growth_eps=30)
    (finding,) = found(RULE, layers)
    assert finding.message == "no ladder of 10 orders keeps growth_eps 30"
    assert text_at(RULE, layers, finding) == [(OWN, "30", "growth_eps set here")]
