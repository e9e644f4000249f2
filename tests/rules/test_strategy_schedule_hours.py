"""TRADE007: a schedule starts and ends in different minutes."""

import pytest

from rule_desk import LIMITS, OWN, found, text_at

RULE = "strategy_schedule_hours"


@pytest.mark.parametrize(
    ("start", "end", "fails"),
    [("00:00", "23:59", False), ("22:00", "06:00", False), ("06:00", "06:00", True), ("00:00", "00:00", True)],
)
def test_a_window_has_two_ends(start: str, end: str, *, fails: bool) -> None:
    """An end before the start runs over midnight; equal ends are one minute, which nobody means."""
    said = {LIMITS: f'strategy: {{schedule: {{trading_hours: {{start: "{start}", end: "{end}"}}}}}}\n'}
    assert [finding.code for finding in found(RULE, said)] == ["TRADE007"] * fails


def test_both_ends_are_shown() -> None:
    """Each may stand in a file of its own."""
    said = {
        LIMITS: 'strategy:\n  schedule:\n    trading_hours: {start: "08:00"}\n',
        OWN: 'strategy:\n  schedule:\n    trading_hours: {end: "08:00"}\n',
    }
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [(LIMITS, '"08:00"', "start set here"), (OWN, '"08:00"', "end set here")]
    assert finding.message == "trading hours start at 08:00 and end at 08:00, a window of one minute"


def test_a_schedule_that_is_off_is_not_judged() -> None:
    """Nobody reads its hours."""
    hours = '{start: "08:00", end: "08:00"}'
    assert found(RULE, {LIMITS: f"strategy: {{schedule: {{enabled: false, trading_hours: {hours}}}}}\n"}) == ()
