"""A time zone that there is."""

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from deskc.sdk import Finding, Scope, rule


@rule("TRADE008", needs=("strategy.schedule.timezone",))
def strategy_schedule_timezone(scope: Scope) -> Iterator[Finding]:
    """A schedule names its time zone as the tz database does, or its hours could not be read.

    Python's zoneinfo looks the name up: in this machine's database, else in the package tzdata. Where there is neither
    nobody can tell, which is a warning; a name that the tz database got lately is not yet known everywhere.

    PASS  {strategy: {schedule: {timezone: Europe/Berlin}}}
    FAIL  {strategy: {schedule: {timezone: Europe/Belrin}}}
    """
    zone = scope["strategy.schedule.timezone"]
    if _is_known(zone):
        return
    if not _is_known("Europe/London"):
        yield Finding.at(
            "strategy.schedule.timezone",
            message=f"this machine has no tz database, so nobody can tell whether {zone} is a time zone",
            help="install the system's tzdata, or Python's: pip install tzdata",
            severity="warning",
        )
    else:
        yield Finding.at(
            "strategy.schedule.timezone",
            message=f"{zone} is no time zone of the tz database",
            help="write a name such as UTC or Europe/Berlin",
        )


@cache
def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (LookupError, OSError, ValueError):
        return zone == "UTC"
    return True
