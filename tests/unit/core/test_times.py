"""Times as records carry them."""

import pytest

from deskc.core.errors import DeskcError
from deskc.core.times import nanoseconds, seconds, text


@pytest.mark.parametrize(
    ("ns", "written"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1_767_268_800_123_456_999, "2026-01-01T12:00:00.123456Z"),
        (2**63 - 1, "2262-04-11T23:47:16.854775Z"),
    ],
)
def test_text_is_utc_cut_to_the_microsecond(ns: int, written: str) -> None:
    """Every time has six digits after the second and ends with Z, so text sorts as time does."""
    assert text(ns) == written


def test_seconds_become_nanoseconds() -> None:
    """The last second whose nanoseconds a database keeps is one in 2262; the next is refused, as is one before 1970."""
    assert nanoseconds(9_223_372_035, of="it") == 9_223_372_035_000_000_000
    for second in (9_223_372_036, -1):
        with pytest.raises(DeskcError, match=f"it has the time {second}"):
            nanoseconds(second, of="it")


def test_a_utc_time_is_read_as_seconds() -> None:
    """What text writes, seconds read back; a day that no calendar has is refused."""
    assert seconds("2025-11-26T03:36:10Z") == 1_764_128_170
    assert seconds(text(1_764_128_170 * 10**9)) == 1_764_128_170
    with pytest.raises(ValueError, match="day is out of range"):
        seconds("2025-02-30T03:36:10Z")
