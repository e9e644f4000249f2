"""The recorder: what each call leaves in the ledger, and what it refuses before anything is written."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import deskc
from deskc.ledger.open import open_ledger
from deskc.ledger.recorder import Recorder
from deskc.runtime.errors import RecordError, SpoolError
from deskc.runtime.snapshot import Snapshot
from recording import COMMIT, new_ledger, rows, snapshot

NOON = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z
MS = 1_000_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return a ledger's address."""
    return new_ledger(tmp_path)


@pytest.fixture
def snap(tmp_path: Path) -> Snapshot:
    """Return a snapshot from a channel."""
    return snapshot(tmp_path / "channel")


def columns(url: str, table: str, *names: str) -> list[Any]:
    """Return some columns of a table."""
    return rows(url, f"SELECT {', '.join(names)} FROM {table} ORDER BY ts_ns")  # noqa: S608 - the test's own words


def test_a_fill_keeps_what_it_was_told_and_by_which_settings(url: str, snap: Snapshot) -> None:
    """Money as exact text and as numbers, three times, the way to the venue in ms, and the stamp."""
    scope = snap["BTCUSDT", "LONG"]
    with deskc.Recorder(url, snap, account="main", instance="b") as recorder:
        recorder.fill(
            scope,
            side="sell",
            px="86500.50",
            sz=Decimal("0.001"),
            ts_ns=NOON,
            sent_ns=NOON - 50 * MS,
            acknowledged_ns=NOON - 5 * MS,
            mid_px=86500.75,
            fee="-0.02",
            fee_coin="USDT",
            is_maker=True,
            order_id=895_000_000_000_001,
            client_order_id="mine",
        )
    assert columns(url, "fills", "source", "environment", "bot_id", "account", "instance", "coin", "position_side") == [
        ("recorder", "production", "tradeengine", "main", "b", "BTCUSDT", "LONG")
    ]
    money = ("side", "px", "px_real", "sz", "notional_usd", "notional_usd_real", "fee", "fee_real", "fee_coin")
    assert columns(url, "fills", *money, "is_maker", "mid_px") == [
        ("sell", "86500.50", 86500.5, "0.001", "86.50050", 86.5005, "-0.02", -0.02, "USDT", 1, "86500.75")
    ]
    assert columns(url, "fills", "ts", "ts_ns", "sent_at", "acknowledged_at", "latency_ms") == [
        ("2026-01-01T12:00:00.000000Z", NOON, "2026-01-01T11:59:59.950000Z", "2026-01-01T11:59:59.995000Z", 45.0)
    ]
    assert columns(url, "fills", "order_id", "client_order_id", "venue_trade_id") == [("895000000000001", "mine", None)]
    stamp = ("coin_config_version", "git_sha", "snapshot_digest", "params_digest", "experiment", "arm")
    assert columns(url, "fills", *stamp, "attribution_method", "attribution_confidence") == [
        ("1.0.0", COMMIT, snap.digest, scope.params_digest, None, None, "stamp", 1.0)
    ]


def test_a_fill_that_says_little_is_a_fill(url: str, snap: Snapshot) -> None:
    """What nobody told is NULL, never 0; its time is now."""
    with Recorder(url, snap) as recorder:
        recorder.fill(snap["ETH"], side="buy", px=1, sz=2)
        recorder.fill(snap["ETH"], side="buy", px=1, sz=2, sent_ns=NOON, acknowledged_ns=NOON - 1)
    told = ("account", "fee", "fee_real", "is_maker", "mid_px", "mid_px_real", "latency_ms", "notional_usd")
    assert columns(url, "fills", *told) == [(*(None,) * 7, "2")] * 2


def test_a_fill_that_comes_twice_is_kept_once(url: str, snap: Snapshot) -> None:
    """The venue's number tells, for its account, coin and side; without one each call is a fill of its own."""
    with Recorder(url, snap, account="main") as recorder:
        for scope in (snap["ETH"], snap["ETH"], snap["BTCUSDT", "LONG"]):
            for side in ("buy", "sell"):
                recorder.fill(scope, side=side, px=1, sz=1, venue_trade_id=118)
        for _ in range(2):
            recorder.fill(snap["ETH"], side="buy", px=1, sz=1)
    with Recorder(url, snap, account="other") as recorder:
        recorder.fill(snap["ETH"], side="buy", px=1, sz=1, venue_trade_id=118)
    assert rows(url, "SELECT count(*), count(venue_trade_id), count(DISTINCT fill_id) FROM fills") == [(7, 5, 7)]


def test_a_book_keeps_its_levels_and_what_is_missing_is_missing(url: str, snap: Snapshot) -> None:
    """Two levels are two, an empty side is empty, one that nobody looked at is NULL, and no middle is made up."""
    books: list[tuple[Any, Any]] = [
        ([("2500.1", "3"), (2500, 1)], [(2500.6, "1.5")]),
        ([], [("2500.6", "1.5")]),
        (None, None),
    ]
    with Recorder(url, snap) as recorder:
        for number, (bids, asks) in enumerate(books):
            recorder.market_snapshot(snap["ETH"], bids=bids, asks=asks, ts_ns=NOON + number * MS)
    found = columns(url, "market_snapshots", "bids_json", "asks_json", "bid_px", "ask_px", "mid_px", "mid_px_real")
    assert found == [
        ('[["2500.1","3"],["2500","1"]]', '[["2500.6","1.5"]]', "2500.1", "2500.6", "2500.35", 2500.35),
        ("[]", '[["2500.6","1.5"]]', None, "2500.6", None, None),
        (None, None, None, None, None, None),
    ]
    spreads = columns(url, "market_snapshots", "spread_bps", "venue", "timestamp", "ts")
    assert spreads[0] == (pytest.approx(0.5 / 2500.35 * 1e4), "binance", NOON // MS, "2026-01-01T12:00:00.000000Z")
    assert [row[0] for row in spreads[1:]] == [None, None]


def test_an_order_s_way_is_told_event_by_event(url: str, snap: Snapshot) -> None:
    """With the stamp of the settings that were in force when it happened."""
    with Recorder(url, snap) as recorder:
        recorder.order_event(snap["ETH"], "placed", client_order_id="x", side="buy", px="1.5", sz=2, ts_ns=NOON)
        recorder.order_event(snap["ETH"], "cancelled", client_order_id="x", reason="stale", ts_ns=NOON + MS)
    said = ("event_type", "client_order_id", "side", "px", "sz", "reason", "coin_config_version", "timestamp")
    assert columns(url, "order_events", *said) == [
        ("placed", "x", "buy", "1.5", "2", None, "1.2.0", NOON // MS),
        ("cancelled", "x", None, None, None, "stale", "1.2.0", NOON // MS + 1),
    ]


def test_an_event_of_the_bot_carries_what_it_ran(url: str, snap: Snapshot) -> None:
    """Details are JSON; text of any language stays itself."""
    with Recorder(url, snap) as recorder:
        recorder.system_event("feed", "gap of 3 s · 断線", severity="warning", details={"gap_s": 3.0}, ts_ns=NOON)
    said = ("event_type", "severity", "message", "details_json", "git_sha", "snapshot_digest", "timestamp")
    assert columns(url, "system_events", *said) == [
        ("feed", "warning", "gap of 3 s · 断線", '{"gap_s":3.0}', COMMIT, snap.digest, NOON // MS)
    ]


def test_of_heartbeats_the_last_one_stays(url: str, snap: Snapshot) -> None:
    """One row a run, whatever order they come in."""
    with Recorder(url, snap) as recorder:
        recorder.heartbeat({"pending": ["risk.max_leverage"]}, ts_ns=NOON + 1)
        recorder.heartbeat(ts_ns=NOON)
    with Recorder(url, snap, instance="b") as recorder:
        recorder.heartbeat()
    found = rows(url, "SELECT instance, details_json, snapshot_digest FROM heartbeats ORDER BY instance")
    assert found == [(None, '{"pending":["risk.max_leverage"]}', snap.digest), ("b", None, snap.digest)]


def test_making_a_recorder_activates_its_snapshot(url: str, tmp_path: Path, snap: Snapshot) -> None:
    """So does going over to another one; intervals begin and end as if an operator had said it."""
    with Recorder(url, snap, account="main") as recorder:
        recorder.activate(snap)
        later = snapshot(tmp_path / "channel", leverage=4, commit="d" * 40)
        recorder.activate(later)
        recorder.system_event("reload", "went over", ts_ns=NOON)
    assert rows(url, "SELECT git_sha, snapshot_digest, method, account FROM activations ORDER BY id") == [
        (COMMIT, snap.digest, "recorder", "main"),
        ("d" * 40, later.digest, "recorder", "main"),
    ]
    with open_ledger(url) as ledger:
        eth = [(one.params_digest, one.ended_at_ns is None) for one in ledger.intervals(coin="ETH")]
        assert eth == [(later["ETH"].params_digest, True), (snap["ETH"].params_digest, False)]
        assert json.loads(ledger.params(later["ETH"].stamp.params_digest) or "") == {"trading": {"leverage": 4}}  # type: ignore[arg-type]  # a digest
        assert len(ledger.intervals(coin="BTCUSDT")) == 1
    assert columns(url, "system_events", "git_sha") == ["d" * 40]


def test_a_batch_is_acknowledged_as_one(url: str, snap: Snapshot) -> None:
    """Nothing of it before its block ends; what was gathered when the block broke off happened too."""
    with Recorder(url, snap) as recorder:
        with recorder.batch() as batch:
            for number in range(1000):
                batch.fill(snap["ETH"], side="buy", px=1, sz=1, order_id=number)
            assert recorder.flush()
            assert rows(url, "SELECT count(*) FROM fills") == [0]
        with pytest.raises(RecordError):
            half(recorder, snap)
        with recorder.batch():
            pass
    assert rows(url, "SELECT count(*), count(DISTINCT order_id) FROM fills") == [(1000, 1000)]
    assert columns(url, "system_events", "event_type") == ["begun"]


def half(recorder: Recorder, snap: Snapshot) -> None:
    """Break off a batch."""
    with recorder.batch() as batch:
        batch.system_event("begun", "a batch")
        batch.fill(snap["ETH"], side="buy", px="NaN", sz=1)


ONE: dict[str, Any] = {"side": "buy", "px": 1, "sz": 1}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no side": ({"side": "long"}, r"side is 'long', which is none of buy, sell"),
    "no price": ({"px": "NaN"}, r"px is 'NaN'"),
    "a price of 0": ({"px": 0}, r"px is 0, and has to be above 0"),
    "a size below 0": ({"sz": "-1"}, r"sz is -1, and has to be above 0"),
    "a middle of 0": ({"mid_px": 0.0}, r"mid_px is 0\.0, and has to be above 0"),
    "a computed fee": ({"fee": 0.1 + 0.2}, r"fee is the float 0\.30000000000000004"),
    "milliseconds": ({"ts_ns": NOON // MS}, r"ts_ns is 1767268800000, which is no time in unix nanoseconds"),
    "a time of its own kind": ({"sent_ns": 1.5e18}, r"sent_ns is 1\.5e\+18"),
    "an id that lost digits": ({"venue_trade_id": 8.95e14}, r"venue_trade_id is 895000000000000\.0, which is no text"),
    "half a character": ({"order_id": "\ud800"}, r"cannot be written as JSON"),
}


@pytest.mark.parametrize(("changed", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_fill_that_makes_no_sense_is_refused_whole(
    url: str, snap: Snapshot, changed: dict[str, Any], sentence: str
) -> None:
    """The sentence names what and why, and nothing of it is on record."""
    with Recorder(url, snap) as recorder:
        with pytest.raises(RecordError, match=sentence) as caught:
            recorder.fill(snap["ETH"], **{**ONE, **changed})
        assert caught.value.help
    assert rows(url, "SELECT count(*) FROM fills") == [0]


def test_a_book_that_makes_no_sense_is_refused(url: str, snap: Snapshot) -> None:
    """Levels out of order, twice at one price, without size, or no pairs at all."""
    wrong: list[tuple[Any, str]] = [
        ([(1, 1), (2, 1)], "bids are not in order"),
        ([(1, 1), (1, 1)], "bids are not in order"),
        ([(1, 0)], "a size of bids is 0"),
        ([(1,)], "no pair of price and size"),
        (7, "no pair of price and size"),
    ]
    with Recorder(url, snap) as recorder:
        for bids, sentence in wrong:
            with pytest.raises(RecordError, match=sentence):
                recorder.market_snapshot(snap["ETH"], bids=bids, asks=[])
        with pytest.raises(RecordError, match="asks are not in order"):
            recorder.market_snapshot(snap["ETH"], bids=[], asks=[(2, 1), (1, 1)])


def test_words_of_other_tables_are_refused(url: str, snap: Snapshot) -> None:
    """An event, a severity, details that are no JSON; and the bot's own scope is no coin's."""
    with Recorder(url, snap) as recorder:
        with pytest.raises(RecordError, match="event is 'sent', which is none of placed, acknowledged"):
            recorder.order_event(snap["ETH"], "sent")  # type: ignore[arg-type]  # what a bot might say
        with pytest.raises(RecordError, match="severity is 'fatal'"):
            recorder.system_event("x", "y", severity="fatal")  # type: ignore[arg-type]  # what a bot might say
        with pytest.raises(RecordError, match="cannot be written as JSON"):
            recorder.system_event("x", "y", details={"ratio": float("nan")})
        with pytest.raises(RecordError, match="is no coin's scope of production/tradeengine"):
            recorder.fill(snap.bot, side="buy", px=1, sz=1)


def test_another_bot_s_snapshot_is_refused(url: str, snap: Snapshot, tmp_path: Path) -> None:
    """One recorder is one run's; and what no commit stands behind is never on record."""
    other = deskc.testing.snapshot({"environment": "production", "bot": "mm", "coins": {"ETH": {}}})
    with pytest.raises(RecordError, match="no commit that is known") as caught:
        Recorder(url, other)
    assert "channel" in caught.value.help
    with Recorder(url, snap) as recorder, pytest.raises(RecordError, match="no commit"):
        recorder.activate(other)
    for name in ("account", "instance"):
        with pytest.raises(RecordError, match=f"{name} is ' '"):
            Recorder(url, snap, **{name: " "})
    with pytest.raises(deskc.DeskcError, match="names no ledger"):
        Recorder(str(tmp_path / "ledger.db"), snap)


def test_a_closed_recorder_takes_nothing_while_another_goes_on(url: str, snap: Snapshot) -> None:
    """Recorders of one ledger share a spool and a thread, and each ends by itself; closing twice is closing."""
    first, second = Recorder(url, snap), Recorder(url, snap, account="b")
    first.fill(snap["ETH"], side="buy", px=1, sz=1)
    assert first.close()
    assert first.close()
    with pytest.raises(SpoolError, match="closed"):
        first.fill(snap["ETH"], side="buy", px=1, sz=1)
    second.fill(snap["ETH"], side="buy", px=1, sz=1)
    assert second.close()
    assert rows(url, "SELECT count(*) FROM fills") == [2]
    assert rows(url, "SELECT count(*) FROM spools") == [1]


def test_a_bot_records_before_there_is_a_ledger(tmp_path: Path, snap: Snapshot) -> None:
    """Calls return, closing says what is not done, and the next recorder does it once there is a ledger."""
    url = f"sqlite:///{tmp_path}/later/ledger.db"
    recorder = Recorder(url, snap)
    recorder.fill(snap["ETH"], side="buy", px=1, sz=1, order_id="early")
    assert not recorder.flush(timeout_s=0)
    assert not recorder.close(timeout_s=0.5)
    assert "there is no ledger at" in (recorder.status.problem or "")
    assert recorder.status.waiting == 2
    new_ledger(tmp_path / "later")
    with Recorder(url, snap) as recorder:
        recorder.fill(snap["ETH"], side="buy", px=1, sz=1, order_id="late")
    assert rows(url, "SELECT order_id FROM fills ORDER BY ts_ns") == ["early", "late"]
    assert list((tmp_path / "later/ledger.db.spool").iterdir()) == []


def test_a_spool_may_lie_elsewhere(url: str, snap: Snapshot, tmp_path: Path) -> None:
    """Where a disk is faster, or the ledger's folder is not the bot's; drained, it is empty."""
    with Recorder(url, snap, spool=tmp_path / "fast" / "spool") as recorder:
        recorder.fill(snap["ETH"], side="buy", px=1, sz=1)
        assert len(list((tmp_path / "fast" / "spool").iterdir())) == 2
    assert rows(url, "SELECT count(*) FROM fills") == [1]
    assert list((tmp_path / "fast" / "spool").iterdir()) == []
    assert not (tmp_path / "ledger.db.spool").exists()
