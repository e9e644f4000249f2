"""HC3: ratios from the third order on keep their band."""

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc3"


def test_a_ratio_over_the_band_is_shown_with_its_end() -> None:
    """The order's volume and m_max."""
    layers = ladder((20, 26, 54), (0, 8, 20), m_max=0.9)
    (finding,) = found(RULE, layers)
    assert finding.message == "order 3's ratio 1.07692 is over m_max 0.9"
    assert text_at(RULE, layers, finding) == [
        (OWN, "54", "item 3 of volumes_pct set here"),
        (OWN, "0.9", "m_max set here"),
    ]


def test_the_second_order_is_another_constraint_s() -> None:
    """HC3 begins at the third."""
    assert found(RULE, ladder((10, 40, 50), (0, 8, 20))) == ()


def test_a_ratio_under_the_band_is_found_and_its_end_is_kept() -> None:
    """40 to 42 is exactly m_min."""
    assert [one.message for one in found(RULE, ladder((18, 40, 41), (0, 8, 20)))] == [
        "order 3's ratio 0.025 is under m_min 0.05"
    ]
    assert found(RULE, ladder((18, 40, 42), (0, 8, 20))) == ()


def test_the_ceiling_is_the_limit_where_it_is_on() -> None:
    """It begins at m_head, and the switch is its place."""
    layers = ladder((20, 30, 50), (0, 8, 20), ceiling="true")
    (finding,) = found(RULE, layers)
    assert finding.message == "order 3's ratio 0.666667 is over 0.4 of ceiling"
    assert text_at(RULE, layers, finding)[1] == (OWN, "true", "ceiling set here")


def test_a_band_that_is_none_is_found_without_orders() -> None:
    """Both ends are named."""
    (finding,) = found(RULE, bounds(m_min=0.7, m_max=0.6))
    assert finding.message == "no ladder of 10 orders keeps m_max 0.6 and m_min 0.7 together"
