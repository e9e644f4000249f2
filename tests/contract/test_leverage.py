"""How every ledger keeps leverage: a backend joins by a parameter of the fixture."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from deskc.core.errors import DeskcError
from deskc.ledger.ledger import Ledger, LeverageRow
from deskc.ledger.open import open_ledger

NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
ROW = LeverageRow(
    environment="production",
    bot="mm",
    account=None,
    coin="BTC",
    symbol="BTCUSDT",
    configured=10,
    actual=20,
    margin_type="isolated",
    last_attempt_ns=NOON,
    error="-4161: leverage cannot be reduced while a position is open",
    at_ns=NOON + 1_500,
)


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """Name a ledger that does not exist yet, of each backend."""
    return {"sqlite": f"sqlite:///{tmp_path}/ledger.db"}[request.param]


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """Open a new ledger."""
    with open_ledger(url, create=True) as opened:
        yield opened


def test_a_row_comes_back_as_it_was(ledger: Ledger) -> None:
    """Also one of which the venue said nothing."""
    unknown = ROW._replace(coin="DOGE", symbol=None, actual=None, margin_type=None, last_attempt_ns=None, error=None)
    for row in (unknown, ROW):
        ledger.record_leverage(row)
    assert ledger.leverage() == (ROW, unknown)


def test_of_each_account_and_coin_the_newest_counts(ledger: Ledger) -> None:
    """Other environments, bots and accounts are others; the filters take theirs."""
    newer = ROW._replace(actual=10, error=None, at_ns=NOON + 9)
    others = (ROW._replace(account="b"), ROW._replace(bot="n"), ROW._replace(environment="staging"))
    for row in (ROW, *others, newer):
        ledger.record_leverage(row)
    assert ledger.leverage() == (newer, *others)
    assert ledger.leverage(environment="production", bot="mm") == (newer, others[0])
    assert ledger.leverage(bot="nobody") == ()


def test_a_row_that_set_nothing_keeps_the_last_attempt(ledger: Ledger) -> None:
    """That of its own account alone."""
    ledger.record_leverage(ROW)
    for account in (None, "b"):
        ledger.record_leverage(ROW._replace(account=account, last_attempt_ns=None, at_ns=NOON + 9))
    assert [row.last_attempt_ns for row in ledger.leverage()] == [NOON, None]


def test_times_stand_as_text_too_and_every_row_stays(ledger: Ledger, url: str) -> None:
    """The table is the history of what was asked."""
    for _ in range(2):
        ledger.record_leverage(ROW)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        found = connection.execute("SELECT last_attempt, at, last_attempt_ns, at_ns FROM leverage_status").fetchall()
    assert found == [("2026-01-01T12:00:00.000000Z", "2026-01-01T12:00:00.000001Z", NOON, NOON + 1_500)] * 2


def test_a_ledger_that_cannot_be_written_says_so(ledger: Ledger, url: str) -> None:
    """Another process holds it."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with (
            open_ledger(url, busy_timeout_s=0) as impatient,
            pytest.raises(DeskcError, match="is locked by another process"),
        ):
            impatient.record_leverage(ROW)
    assert ledger.leverage() == ()
