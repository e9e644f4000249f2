"""Trading hours that are a window."""

from collections.abc import Iterator

from deskc.sdk import Finding, Scope, rule

HOURS = ("strategy.schedule.trading_hours.start", "strategy.schedule.trading_hours.end")


@rule("TRADE007", needs=("strategy.schedule.enabled", *HOURS))
def strategy_schedule_hours(scope: Scope) -> Iterator[Finding]:
    """A schedule starts and ends in different minutes; an end before the start runs over midnight.

    PASS  {strategy: {schedule: {trading_hours: {start: "22:00", end: "06:00"}}}}
    FAIL  {strategy: {schedule: {trading_hours: {start: "06:00", end: "06:00"}}}}
    """
    start, end = (scope[path] for path in HOURS)
    if scope["strategy.schedule.enabled"] and start == end:
        yield Finding.at(
            *HOURS,
            message=f"trading hours start at {start} and end at {end}, a window of one minute",
            help='write "00:00" and "23:59" for the whole day, or set strategy.schedule.enabled to false',
        )
