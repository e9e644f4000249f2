"""HC6: no plateau of ratios."""

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc6"

EVEN = (10, 12, 14.4, 17.3, 20.7, 25.6)
INDENTS = (0, 3, 6, 10, 15, 20)


def test_a_plateau_is_a_warning_until_it_is_enforced() -> None:
    """The whole list is shown, since no single order is at fault."""
    layers = ladder(EVEN, INDENTS)
    (finding,) = found(RULE, layers)
    assert finding.message == "4 ratios in a row move by less than flat 0.05, over 3"
    assert finding.severity == "warning"
    assert text_at(RULE, layers, finding)[0] == (OWN, str(list(EVEN)), "volumes_pct set here")
    (enforced,) = found(RULE, ladder(EVEN, INDENTS, enforce=["HC6"]))
    assert enforced.severity == "error"


def test_a_run_of_the_length_that_is_allowed_is_kept() -> None:
    """Four where four may be."""
    assert found(RULE, ladder(EVEN, INDENTS, max_plateau=4)) == ()
    assert found(RULE, ladder(EVEN[:5], INDENTS[:5])) == ()


def test_a_cap_below_flat_is_found_without_orders() -> None:
    """Every ladder would be one plateau."""
    layers = bounds(slope_cap=0.04)
    (finding,) = found(RULE, layers)
    assert finding.message == "no ladder of 10 orders keeps flat 0.05, max_plateau 3 and slope_cap 0.04 together"
    assert finding.severity == "warning"
    assert text_at(RULE, layers, finding)[0] == (OWN, "0.04", "slope_cap set here")
    assert found(RULE, bounds(slope_cap=0.05)) == ()
