"""Trading hours, over midnight, weekends and the two days on which a clock is set."""

from datetime import UTC, datetime, timedelta

import pytest

from deskc.core.errors import DeskcError
from deskc.runtime.policy.open_now import open_now

NIGHT = {"trading_hours": {"start": "22:00", "end": "06:00"}}


def at(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(start: str, end: str, zone: str = "UTC", **more: object) -> dict[str, object]:
    """Return a schedule."""
    return {"timezone": zone, "trading_hours": {"start": start, "end": end}, **more}


@pytest.mark.parametrize(
    ("time", "is_open"),
    [("08:29:59.999999", False), ("08:30", True), ("17:00:59.999999", True), ("17:01", False)],
)
def test_the_last_minute_is_included(time: str, *, is_open: bool) -> None:
    """A window runs from the first second of its start to the last of its end."""
    assert open_now(hours("08:30", "17:00"), at(f"2026-03-04T{time}")) == is_open


@pytest.mark.parametrize(("time", "is_open"), [("21:59", False), ("22:00", True), ("06:00", True), ("06:01", False)])
def test_an_end_before_the_start_runs_over_midnight(time: str, *, is_open: bool) -> None:
    """Both parts of the night are open."""
    assert open_now(NIGHT, at(f"2026-03-04T{time}")) == is_open


def test_a_schedule_that_is_absent_or_off_is_around_the_clock() -> None:
    """So is an enabled one that names no hours."""
    for schedule in (None, {**hours("08:30", "08:31"), "enabled": False}, {}):
        assert open_now(schedule, at("2026-03-04T03:00"))


def test_weekends_are_those_of_the_zone() -> None:
    """Friday 23:30 in New York is Saturday in UTC; a Friday night ends at midnight."""
    friday_night = at("2026-03-07T04:30")
    assert open_now(hours("00:00", "23:59", "America/New_York", exclude_weekends=True), friday_night)
    assert not open_now(hours("00:00", "23:59", exclude_weekends=True), friday_night)
    assert not open_now({**NIGHT, "exclude_weekends": True}, at("2026-03-07T00:00"))
    assert not open_now({**NIGHT, "exclude_weekends": True}, at("2026-03-08T23:00"))
    assert open_now({**NIGHT, "exclude_weekends": True}, at("2026-03-09T00:00"))


def open_minutes(schedule: dict[str, object], start: datetime, hours_long: int) -> int:
    """Count the minutes that are open from a moment on."""
    return sum(open_now(schedule, start + timedelta(minutes=minute)) for minute in range(60 * hours_long))


def test_a_clock_set_forward_makes_up_no_minutes() -> None:
    """Berlin has no 02:00 to 03:00 on 2026-03-29: a window within opens on other days alone."""
    gap, around = hours("02:00", "02:59", "Europe/Berlin"), hours("01:30", "03:29", "Europe/Berlin")
    assert open_minutes(gap, at("2026-03-28T00:00"), 6) == 60
    assert open_minutes(gap, at("2026-03-29T00:00"), 6) == 0
    assert open_minutes(around, at("2026-03-29T00:00"), 6) == 60


def test_a_clock_set_back_opens_twice() -> None:
    """Berlin has 02:00 to 03:00 twice on 2026-10-25."""
    assert open_minutes(hours("02:00", "02:29", "Europe/Berlin"), at("2026-10-24T22:00"), 6) == 60


def test_what_cannot_be_read_is_refused() -> None:
    """A moment without a zone, and a zone that there is not."""
    with pytest.raises(ValueError, match="no moment"):
        open_now(None, datetime(2026, 3, 4))  # noqa: DTZ001 - what is refused
    with pytest.raises(DeskcError, match="does not know the time zone Mars/Olympus"):
        open_now(hours("08:00", "09:00", "Mars/Olympus"), at("2026-03-04T08:00"))
