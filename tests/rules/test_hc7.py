"""HC7: the ratios make a wave."""

from ladder_layers import bounds, ladder
from rule_desk import OWN, found, text_at

RULE = "hc7"

CALM = (5, 7, 10, 13, 17, 21, 27)
INDENTS = (0, 3, 6, 9, 12, 16, 20)


def test_a_ladder_without_a_wave_lacks_deviation_and_turns() -> None:
    """Both are told with both numbers; the bounds are shown in the schema where no layer sets them."""
    layers = ladder(CALM, INDENTS, wave_std_min=0.2)
    spread, turns = found(RULE, layers)
    assert spread.message == "the ratios deviate by 0.0669058, under wave_std_min 0.2"
    assert turns.message == "the ratios turn 0 times, under wave_turns_min 2"
    assert text_at(RULE, layers, spread)[1] == (OWN, "0.2", "wave_std_min set here")
    assert text_at(RULE, layers, turns)[1] == (
        "schemas/ladder.schema.json",
        "2",
        "wave_turns_min has its default here",
    )
    assert {one.severity for one in (spread, turns)} == {"warning"}


def test_below_seven_orders_no_wave_is_asked_for() -> None:
    """It is not applicable."""
    assert found(RULE, ladder((10, 12, 14.4, 17.3, 20.7, 25.6), INDENTS[:6])) == ()


def test_a_ceiling_leaves_long_ladders_no_wave() -> None:
    """At twenty orders the ratios cannot deviate as asked; what holds them is named."""
    layers = {OWN: "ladder:\n  core: {num_orders: 20}\n  constraints: {ceiling: true, enforce: [HC7]}\n"}
    findings = found(RULE, layers)
    assert [one.message for one in findings] == [
        "no ladder of 20 orders keeps wave_std_min 0.18, slope_cap 0.25, m_min 0.05 and ceiling on together"
    ]
    assert found(RULE, {OWN: layers[OWN].replace("20", "10")}) == ()


def test_a_cap_below_a_turn_is_found_without_orders() -> None:
    """No step could count towards one."""
    (finding,) = found(RULE, bounds(slope_cap=0.09))
    assert (
        finding.message
        == "no ladder of 10 orders keeps wave_turns_min 2, wave_turn_min 0.1 and slope_cap 0.09 together"
    )
