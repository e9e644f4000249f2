"""The paper bot obeys what its settings say about a trade, and says so once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import deskc
from recording import new_ledger, rows
from snapshots import ScopeText, SnapshotText, publish

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUOTING = {"size_notional_usd": 25, "max_per_coin_notional": 600, "min_spread_bps": 0.3, "position_size_pct": 0.05}
FEES = {"fees": {"maker_bps": 1.0, "taker_bps": 5.0}}
DENIALS = (
    "SELECT event_type, message FROM system_events WHERE event_type IN ('denied', 'allowed') ORDER BY ts_ns, rowid"
)
SIDES = "SELECT DISTINCT side FROM order_events WHERE event_type = 'placed' ORDER BY side"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the bot's modules be found, as they are where it is run by its folder."""
    monkeypatch.syspath_prepend(ROOT / "examples" / "paper_bot")
    return tmp_path


def trade(folder: Path, ticks: int, *, step_s: float = 1, more: Mapping[str, Any], **trading: object) -> str:
    """Let a bot trade ETH, its clock a step further each time that it looks; return its ledger."""
    from bot import PaperBot  # noqa: PLC0415 - found by the fixture
    from tape import synthetic  # noqa: PLC0415 - as above

    params = {"trading": {**QUOTING, **trading}, "exchange": FEES, **more}
    publish(SnapshotText([ScopeText(), ScopeText(params, coin="ETH")]), folder / "channel")
    steps = count()
    with (
        deskc.watch(folder / "channel", environment="production", bot="tradeengine", state=folder / "state") as watch,
        deskc.Recorder(new_ledger(folder), watch.snapshot) as recorder,
    ):
        tape = synthetic({"ETH": Decimal(2500)}, seed=1)
        PaperBot(watch, recorder, tape, clock=lambda: MONDAY + timedelta(seconds=step_s * next(steps))).run(ticks)
    return f"sqlite:///{folder}/ledger.db"


def test_a_denial_is_recorded_when_it_begins_and_when_it_ends(folder: Path) -> None:
    """Hours are over at 10:00 and begin again at 09:00 a day later: an event each, however many ticks between."""
    schedule = {"schedule": {"trading_hours": {"start": "09:00", "end": "09:59"}}}
    ledger = trade(folder, 100, step_s=600, more={"strategy": schedule})
    assert rows(ledger, DENIALS)[:3] == [
        ("denied", "ETH opens nothing by strategy.schedule: it is outside the trading hours"),
        ("allowed", "ETH goes on: strategy.schedule denies nothing any more"),
        ("denied", "ETH opens nothing by strategy.schedule: it is outside the trading hours"),
    ]


def test_a_denial_names_the_setting_and_its_stamp(folder: Path) -> None:
    """With both, deskc explain finds the lines that set it."""
    ledger = trade(folder, 30, more={}, enable_shorts=False, enable_longs=False)
    assert rows(ledger, SIDES) == []
    details = json.loads(rows(ledger, "SELECT details_json FROM system_events WHERE event_type = 'denied'")[0])
    assert (details["coin"], details["value"], details["closes"]) == ("ETH", False, False)
    assert details["setting"] in {"trading.enable_shorts", "trading.enable_longs"}
    assert details["stamp"]["git_sha"] == "c0ffee" * 6 + "c0ff"


def test_a_bot_that_is_long_only_quotes_no_opening_sale(folder: Path) -> None:
    """It buys, and sells no more than it has."""
    ledger = trade(folder, 200, more={}, enable_shorts=False)
    signed = rows(ledger, "SELECT CASE side WHEN 'buy' THEN 1 ELSE -1 END * CAST(sz AS REAL) FROM fills ORDER BY rowid")
    held = [sum(signed[: end + 1]) for end in range(len(signed))]
    assert len(held) > 10
    assert min(held) > -1e-9


def test_the_days_entries_are_counted(folder: Path) -> None:
    """After the second one the bot only reduces, until the next day begins."""
    ledger = trade(folder, 200, more={}, max_daily_trades=2)
    assert rows(ledger, DENIALS)[0] == (
        "denied",
        "ETH opens nothing by trading.max_daily_trades: 2 entries were made today, and 2 are the most",
    )
    assert len(rows(ledger, DENIALS)) == 1


def test_a_position_that_is_too_old_is_closed_at_the_market(folder: Path) -> None:
    """All of it, as a taker, and then the bot goes on."""
    ledger = trade(folder, 120, more={"risk": {"global": {"position_timeout": 30}}})
    assert rows(ledger, "SELECT count(*) > 1 FROM fills WHERE is_maker = 0") == [1]
    assert {event for event, _ in rows(ledger, DENIALS)} == {"denied", "allowed"}


def test_a_quote_is_no_larger_than_sizing_allows(folder: Path) -> None:
    """At 10000 usd of play money a thousandth is 10 usd, less than the 25 that a quote asks for."""
    ledger = trade(folder, 60, more={}, position_size_pct=0.001)
    worth = rows(ledger, "SELECT CAST(px AS REAL) * CAST(sz AS REAL) FROM order_events WHERE event_type = 'placed'")
    assert worth
    assert max(worth) < 10.5
