"""Trading hours: whether positions may be opened at a moment."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from deskc.core.errors import DeskcError
from deskc.runtime.policy.exact import aware

__all__ = ["open_now"]

_SATURDAY = 5
_WHOLE_DAY = {"start": "00:00", "end": "23:59"}


def open_now(schedule: Mapping[str, Any] | None, now: datetime) -> bool:
    """Say whether `strategy.schedule` lets positions be opened; no schedule, and one not enabled, is around the clock.

    The window runs from its first minute to its last, this minute included; an end before the start runs over midnight.
    `exclude_weekends` leaves out Saturdays and Sundays altogether, also the part of Friday's night that lies in them.
    Days and hours are read on the zone's own clock. Where it is set forward, minutes of the window that do not exist
    are not made up; where it is set back, minutes that come twice count both times.

    Raise ValueError for a moment without a zone, DeskcError for a zone that this machine does not know.
    """
    aware(now)
    if schedule is None or not schedule.get("enabled", True):
        return True
    there = now.astimezone(_zone(schedule.get("timezone", "UTC")))
    if schedule.get("exclude_weekends", False) and there.weekday() >= _SATURDAY:
        return False
    hours = {**_WHOLE_DAY, **schedule.get("trading_hours", {})}
    start, end, minute = _minute(hours["start"]), _minute(hours["end"]), 60 * there.hour + there.minute
    return start <= minute <= end if start <= end else minute >= start or minute <= end


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC  # it needs no database
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        message = f"this machine does not know the time zone {name}, so trading hours there cannot be read"
        way_out = "write a name of the tz database; where that is absent, install tzdata"
        raise DeskcError(message, help=way_out) from error


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return 60 * int(hour) + int(minute)
