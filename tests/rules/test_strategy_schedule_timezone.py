"""TRADE008: a schedule names its time zone as the tz database does."""

import pytest

from rule_desk import LIMITS, found, text_at

RULE = "strategy_schedule_timezone"


@pytest.mark.parametrize(
    ("zone", "fails"),
    [
        ("UTC", False),
        ("Europe/Berlin", False),
        ("America/Argentina/Ushuaia", False),
        ("Europe/Belrin", True),
        ("Europe", True),
        ("CEST", True),
    ],
)
def test_a_zone_is_known_or_not(zone: str, *, fails: bool) -> None:
    """A folder of zones is none, and neither is an abbreviation that two countries use."""
    said = {LIMITS: f"strategy: {{schedule: {{timezone: {zone}}}}}\n"}
    assert [finding.code for finding in found(RULE, said)] == ["TRADE008"] * fails


def test_the_name_is_shown() -> None:
    """The finding points at the name and says it."""
    said = {LIMITS: "strategy:\n  schedule:\n    timezone: Mars/Olympus\n"}
    (finding,) = found(RULE, said)
    assert text_at(RULE, said, finding) == [(LIMITS, "Mars/Olympus", "timezone set here")]
    assert finding.message == "Mars/Olympus is no time zone of the tz database"
