"""EXCH005: what is judged at a reference price is judged at a recent one."""

import pytest

from rule_desk import LIMITS, LOCK, found, lock, text_at

RULE = "market_stale_price"
TRADES = {LIMITS: "trading: {leverage: 1}\n"}


def seen(day: str) -> dict[str, str]:
    """Return a lock file whose price was seen on a day; the tree is of the first of January 2026."""
    return {LOCK: lock(reference_price={"price": 2000, "as_of": f"{day}T00:00:00Z", "source": "a trade"})}


@pytest.mark.parametrize(("day", "fails"), [("2025-12-31", False), ("2025-12-02", False), ("2025-12-01", True)])
def test_thirty_days_are_recent(day: str, *, fails: bool) -> None:
    """Counted to the tree's own time, so that a commit is judged alike on every later day."""
    assert [finding.code for finding in found(RULE, TRADES | seen(day))] == ["EXCH005"] * fails


def test_the_lock_file_is_shown() -> None:
    """One warning for the coin's scopes, at the price."""
    said = TRADES | seen("2025-10-03")
    (finding,) = found(RULE, said)
    assert finding.message == "ETH's reference price is 90 days old, over 30"
    assert finding.severity == "warning"
    assert [place[::2] for place in text_at(RULE, said, finding)] == [(LOCK, "reference_price locked here")]


def test_no_price_is_no_old_price() -> None:
    """What could not run for want of a price says so itself."""
    assert found(RULE, TRADES | {LOCK: lock(reference_price=None)}) == ()


@pytest.mark.parametrize(("day", "fails"), [("2026-01-02", False), ("2026-01-04", True), ("2062-01-01", True)])
def test_a_price_of_the_future_is_a_mistyped_one(day: str, *, fails: bool) -> None:
    """A clock may be a day off; a year of which one digit is wrong would otherwise never grow old."""
    when = {"2026-01-04": "3 days", "2062-01-01": "13149 days"}.get(day)
    messages = [finding.message for finding in found(RULE, TRADES | seen(day))]
    assert messages == [f"ETH's reference price is of {day}T00:00:00Z, {when} from now"] * fails
