"""Times as records carry them: text for people, nanoseconds beside it for analysis."""

from datetime import UTC, datetime

from deskc.core.errors import DeskcError

__all__ = ["day", "nanoseconds", "seconds", "text"]

_LAST_SECOND = 2**63 // 10**9 - 1  # what nanoseconds in 64 bits reach: the year 2262


def text(ns: int) -> str:
    """Write unix nanoseconds as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, cut to the microsecond."""
    seconds, rest = divmod(ns, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06d}Z"


def nanoseconds(seconds: int, *, of: str) -> int:
    """Return unix seconds as nanoseconds; raise DeskcError, naming `of`, before 1970 and after 2262."""
    if not 0 <= seconds <= _LAST_SECOND:
        msg = f"{of} has the time {seconds}, which no clock between 1970 and 2262 shows"
        raise DeskcError(msg, help="amend the commit with a true date: git commit --amend --date=now")
    return seconds * 10**9


def seconds(text: str) -> int:
    """Read a UTC time, `YYYY-MM-DDTHH:MM:SSZ`, as unix seconds; raise ValueError where no calendar has it."""
    return int(datetime.fromisoformat(text).timestamp())


def day(seconds: int) -> str:
    """Write unix seconds as a UTC day, `YYYY-MM-DD`."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
