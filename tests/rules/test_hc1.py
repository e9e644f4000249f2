"""HC1: the second order keeps its band."""

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc1"


def test_a_second_order_that_jumps_is_shown_with_the_bound() -> None:
    """Its volume and m2_max."""
    layers = ladder((10, 19, 71), (0, 8, 20), m2_max=0.8)
    (finding,) = found(RULE, layers)
    assert finding.message == "order 2's ratio 0.9 is over m2_max 0.8"
    assert text_at(RULE, layers, finding) == [
        (OWN, "19", "item 2 of volumes_pct set here"),
        (OWN, "0.8", "m2_max set here"),
    ]


def test_the_multiple_binds_where_it_is_the_smaller() -> None:
    """Then c2 is the limit that is shown."""
    layers = ladder((10, 19, 71), (0, 8, 20), c2=1.8)
    (finding,) = found(RULE, layers)
    assert finding.message == "order 2's ratio 0.9 is over 0.8 of c2"
    assert text_at(RULE, layers, finding)[1] == (OWN, "1.8", "c2 set here")


def test_a_second_order_that_hardly_grows_is_shown() -> None:
    """The lower end; exactly at it is kept."""
    (finding,) = found(RULE, ladder((20, 21, 59), (0, 8, 20)))
    assert finding.message == "order 2's ratio 0.05 is under m2_min 0.1"
    assert found(RULE, ladder((20, 22, 58), (0, 8, 20))) == ()
    assert found(RULE, ladder((20, 40, 40), (0, 8, 20))) == ()


def test_a_band_that_is_none_is_found_without_orders() -> None:
    """Both ends are named."""
    layers = bounds(m2_min=0.6, m2_max=0.5)
    (finding,) = found(RULE, layers)
    assert finding.message == "no ladder of 10 orders keeps m2_max 0.5 and m2_min 0.6 together"
    assert [text for _, text, _ in text_at(RULE, layers, finding)] == ["0.5", "0.6"]
