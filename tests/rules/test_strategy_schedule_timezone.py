"""TRADE008: a schedule names its time zone as the tz database does."""

import sys
import zoneinfo
from collections.abc import Iterator

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


@pytest.fixture
def _no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let Python find neither the machine's database nor the package of it."""
    known = zoneinfo.TZPATH
    for name in [name for name in sys.modules if name.startswith("tzdata.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=known)


@pytest.mark.usefixtures("_no_database")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Belrin"])
def test_without_a_database_nobody_can_tell(zone: str) -> None:
    """A machine that knows no zone at all refuses none: it says that it cannot judge; UTC needs no database."""
    (finding,) = found(RULE, {LIMITS: f"strategy: {{schedule: {{timezone: {zone}}}}}\n"})
    wanting = f"this machine has no tz database, so nobody can tell whether {zone} is a time zone"
    assert (finding.severity, finding.message) == ("warning", wanting)
    assert found(RULE, {LIMITS: "strategy: {schedule: {timezone: UTC}}\n"}) == ()
