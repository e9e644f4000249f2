"""Each number that parts from its lock is one finding, at its place in the file."""

from decimal import Decimal
from typing import Any

import pytest

from deskc.core.documents import Tree
from deskc.core.findings import Finding
from deskc.exchange.drift import drift
from deskc.exchange.facts import Told
from deskc.exchange.lock import Locked, read_lock
from deskc.markets.facts import Bracket, Price
from some_market import LOCK

DAY_S = 86_400
NOW = 1_764_128_170 + 30 * DAY_S  # thirty days after the lock's date
FILE = "markets/venue.yaml"


@pytest.fixture
def locked() -> Locked:
    """Return a lock file with all facts of one coin."""
    held = read_lock(Tree(None, NOW, {FILE: LOCK.encode()}), FILE).value
    assert held
    return held


def found(locked: Locked, **said: Any) -> list[Finding]:  # noqa: ANN401 - facts of any type
    """Return what parts where the venue says something else of the coin."""
    told = Told("the venue", {"ETH": locked.facts["ETH"]._replace(**said)}, {})
    return list(drift(locked, told, now=NOW))


def test_agreement_is_silence(locked: Locked) -> None:
    """A price that moved, and thirty days that passed, are no drift."""
    assert found(locked) == []
    assert found(locked, reference_price=Price(Decimal(1), "2026-01-01T00:00:00Z", 0, "elsewhere")) == []
    assert found(locked, tick_size=Decimal("0.01000")) == []


@pytest.mark.parametrize(
    ("said", "code", "line", "message"),
    [
        ({"tick_size": Decimal("0.1")}, 101, 8, "the tick_size of ETH is 0.1 at venue, and 0.01 in its lock"),
        ({"step_size": Decimal("1E-7")}, 101, 9, "the step_size of ETH is 0.0000001 at venue, and 0.001 in its lock"),
        ({"min_qty": Decimal(1)}, 101, 10, "the min_qty of ETH is 1 at venue, and 0.002 in its lock"),
        ({"max_qty": Decimal(50)}, 101, 11, "the max_qty of ETH is 50 at venue, and 500 in its lock"),
        ({"min_notional_usd": Decimal(5)}, 101, 12, "the min_notional_usd of ETH is 5 at venue, and 20 in its lock"),
        ({"status": "BREAK"}, 102, 7, "ETH is BREAK at venue, and TRADING in its lock"),
        (
            {"leverage_brackets": (Bracket(Decimal("5000.5"), 20), Bracket(Decimal(250000), 5))},
            103,
            16,
            "bracket 2 of ETH is 5 x up to 250000 usd at venue, and 10 x up to 250000 usd in its lock",
        ),
        (
            {"leverage_brackets": (Bracket(Decimal("5000.5"), 20),)},
            103,
            16,
            "bracket 2 of ETH is absent at venue, and 10 x up to 250000 usd in its lock",
        ),
        ({"min_qty": None}, 106, 10, "venue does not tell min_qty of ETH, so its lock cannot be compared there"),
    ],
)
def test_one_number_that_parts_is_one_finding(
    locked: Locked, said: dict[str, Any], code: int, line: int, message: str
) -> None:
    """Both numbers, the place in the lock file, and what to do."""
    (finding,) = found(locked, **said)
    assert (finding.code, finding.message) == (f"MARKET{code}", message)
    assert finding.severity == ("warning" if code == 106 else "error")
    assert (finding.places[0].path, finding.places[0].line) == (FILE, line)
    assert finding.help


def test_a_longer_list_of_brackets_is_drift(locked: Locked) -> None:
    """The first bracket that the lock does not have is named."""
    brackets = locked.facts["ETH"].leverage_brackets or ()
    (finding,) = found(locked, leverage_brackets=(*brackets, Bracket(Decimal(900000), 5)))
    assert finding.message == "bracket 3 of ETH is 5 x up to 900000 usd at venue, and absent in its lock"


def test_a_symbol_that_is_gone_is_drift(locked: Locked) -> None:
    """The place is the symbol that the venue has no more."""
    (finding,) = drift(locked, Told("the venue", {}, {"ETH": "venue has no market ETH/USDT"}), now=NOW)
    assert (finding.code, finding.places[0].line) == ("MARKET104", 6)


def test_a_symbol_that_is_new_is_drift(locked: Locked) -> None:
    """A coin that bots trade and the lock leaves out, whether the venue lists it or not."""
    facts = locked.facts["ETH"]
    told = Told("the venue", {"ETH": facts, "SOL": facts._replace(symbol="SOL/USDT")}, {"XRP": "venue has no XRP"})
    assert [(one.code, one.places[0].line) for one in drift(locked, told, now=NOW)] == [
        ("MARKET105", 4),
        ("MARKET104", 4),
    ]


def test_a_coin_that_was_not_asked_for_is_left_alone(locked: Locked) -> None:
    """With --coin the others are not gone."""
    assert list(drift(locked, Told("the venue", {}, {}), now=NOW)) == []


def test_stale_facts_are_a_warning(locked: Locked) -> None:
    """Older than was stated; a day earlier they were not."""
    told = Told("the venue", {}, {})
    (finding,) = drift(locked, told, now=NOW + DAY_S)
    assert (finding.code, finding.severity) == ("MARKET107", "warning")
    assert finding.message == "the facts of venue are 31 days old, over 30"
    assert list(drift(locked, told, now=NOW + DAY_S, max_age_days=31)) == []


def test_brackets_kept_secret_are_not_agreed_with(locked: Locked) -> None:
    """Without a key nobody compared them, and the way to a comparison is said."""
    facts = locked.facts["ETH"]._replace(leverage_brackets=None)
    (finding,) = drift(locked, Told("the venue", {"ETH": facts}, {}, secretive=True), now=NOW)
    assert (finding.code, finding.severity) == ("MARKET106", "warning")
    assert "DESKC_EXCHANGE_API_KEY" in finding.help
