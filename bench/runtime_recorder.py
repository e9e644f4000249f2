"""The recorder part of the runtime benchmark: what an acknowledgement costs, alone, in batches, in four processes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

import deskc
from budgets import Budget
from deskc.core.canonical import digest, encode
from deskc.core.errors import DeskcError
from deskc.ledger.migrate import migrate
from parts import Found
from recording_bot import ASKS, BIDS

__all__ = ["run"]

BATCH, BATCHES = 1000, 5  # rows, and batches a round
ROUNDS, QUICK_ROUNDS = 10, 5
FILLS, QUICK_FILLS = 4000, 800
BOOKS, QUICK_BOOKS = 1000, 200
BOTS, EACH = 4, 300
EVERY_S = 3.0  # how often a bot records a book
_BOT = Path(__file__).with_name("recording_bot.py")


class _Desk(NamedTuple):
    """Where the benchmark works: a channel, and a new ledger a measurement."""

    folder: Path

    @property
    def channel(self) -> Path:
        return self.folder / "channel"

    def ledger(self, name: str) -> str:
        """Make a ledger and return its address."""
        url = f"sqlite:///{self.folder}/{name}.db"
        migrate(url)
        return url


class _Spread(NamedTuple):
    """How long calls took, in seconds."""

    p50: float
    p99: float
    most: float

    def __str__(self) -> str:
        """Return the three in microseconds."""
        return "".join(f"{1e6 * value:10.0f}" for value in self)


def run(*, quick: bool) -> Found:
    """Record into ledgers of a temporary folder beside this one, on the same disk."""
    build = Path(__file__).parents[1] / "build"
    build.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=build) as folder:
        desk = _Desk(Path(folder))
        _publish(desk.channel)
        bare, fill = _fills(desk, QUICK_FILLS if quick else FILLS)
        rows_s = _batches(desk, QUICK_ROUNDS if quick else ROUNDS)
        cpu_s = _books(desk, QUICK_BOOKS if quick else BOOKS)
        warnings, failures = _four(desk)
        memory_mb = _memory_mb(desk)
    table = (
        f"{'one acknowledged record, us':30}{'p50':>10}{'p99':>10}{'max':>10}",
        f"{'append + fdatasync, bare':30}{bare}",
        f"{'Recorder.fill':30}{fill}",
        f"{'in batches of ' + str(BATCH):30}{rows_s:10,.0f} rows a second",
        f"{'a book into the ledger':30}{1e3 * cpu_s:10.2f} ms of a core, all threads",
    )
    budgets = (
        Budget("one acknowledged fill", 1.5, "x append + fdatasync", fill.p50 / bare.p50),
        Budget("acknowledged in batches", 50, "us a row", 1e6 / rows_s),
        Budget("a book each 3 s", 1.0, "% of a core", 100 * cpu_s / EVERY_S),
        Budget("memory of recording", 20, "MB over the bot", memory_mb),
        Budget(f"{BOTS} processes at once", 0, "lock errors", warnings),
    )
    return Found(table, budgets, failures)


def _publish(channel: Path) -> None:
    """Write a channel as publish does, with a bot of one coin."""
    params = {"trading": {"leverage": 3, "min_spread_bps": 0.6}}
    rows, lines = [], []
    for coin in (None, "ETH"):
        ids = {"arm": None, "coin": coin, "config_version": "1.0.0", "side": None}
        line = encode({**ids, "params": params}).encode()
        digests = {"params_digest": digest(encode(params).encode()), "line_digest": digest(line)}
        lines.append(line)
        rows.append({**ids, **digests, "length": len(line)})
    empty: dict[str, list[str]] = {name: [] for name in ("experiments", "floats", "late", "restart")}
    target = {"environment": "production", "bot": "maker"}
    said = {"format": "deskc-snapshot/1", **target, "exchanges": ["venue"], "strategy": "mm", **empty, "scopes": rows}
    header = encode(said).encode()
    folder = channel / "production" / "maker"
    folder.mkdir(parents=True)
    (folder / f"{digest(header)}.jsonl").write_bytes(b"\n".join((header, *lines, b"")))
    pointer = {**target, "digest": digest(header), "commit": "c" * 40, "sequence": 1}
    (folder / "current.json").write_text(encode(pointer), encoding="utf-8")


@contextmanager
def _recording(desk: _Desk, name: str) -> Iterator[tuple["deskc.Recorder", "deskc.Snapshot"]]:
    snapshot = deskc.load(desk.channel, environment="production", bot="maker")
    with deskc.Recorder(desk.ledger(name), snapshot) as recorder:
        yield recorder, snapshot
        if not recorder.flush(timeout_s=60):
            raise DeskcError(f"records do not reach the ledger: {recorder.status}")


def _fills(desk: _Desk, count: int) -> tuple[_Spread, _Spread]:
    """Time bare appends and fills in turn, while what was recorded moves to the ledger."""
    bare, ours = [], []
    descriptor = os.open(desk.folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with _recording(desk, "fills") as (recorder, snapshot):
        eth, data = snapshot["ETH"], bytes(700)  # as long as a fill's record is
        for number in range(count):
            begin = perf_counter()
            os.write(descriptor, data)
            os.fdatasync(descriptor)
            between = perf_counter()
            recorder.fill(eth, side="buy", px="2500.1", sz="0.02", fee="0.0125", fee_coin="USDC", order_id=number)
            ours.append(perf_counter() - between)
            bare.append(between - begin)
    os.close(descriptor)
    return _spread(bare), _spread(ours)


def _spread(seconds: list[float]) -> _Spread:
    ordered = sorted(seconds)
    return _Spread(median(ordered), ordered[int(0.99 * len(ordered))], ordered[-1])


def _batches(desk: _Desk, count: int) -> float:
    """Return how many rows a second are acknowledged in batches, while they move to the ledger, in the best round.

    The best, not the median: what else the machine does can only add to a round.
    """
    seconds = []
    with _recording(desk, "batches") as (recorder, snapshot):
        eth = snapshot["ETH"]
        for _ in range(count):
            begin = perf_counter()
            for _ in range(BATCHES):
                with recorder.batch() as rows:
                    for number in range(BATCH):
                        rows.fill(
                            eth, side="sell", px="2500.1", sz="0.02", fee="0.01", mid_px="2500.3", order_id=number
                        )
            seconds.append(perf_counter() - begin)
    return BATCHES * BATCH / min(seconds)


def _books(desk: _Desk, count: int) -> float:
    """Return the processor seconds of one book, from the call to the ledger, each in a transaction of its own."""
    with _recording(desk, "books") as (recorder, snapshot):
        recorder.flush()
        begin = process_time()
        for _ in range(count):
            recorder.market_snapshot(snapshot["ETH"], bids=BIDS, asks=ASKS)
            recorder.flush(timeout_s=60)
        return (process_time() - begin) / count


def _four(desk: _Desk) -> tuple[int, tuple[str, ...]]:
    """Let four processes record at once; return their warnings, and a line for rows that are not there."""
    url = desk.ledger("four")
    bots = [_start(desk, "fills", url, str(EACH), str(number)) for number in range(BOTS)]
    warnings = sum(_said(bot)[1] for bot in bots)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        (found,) = connection.execute("SELECT count(*) FROM fills").fetchone()
    missing = BOTS * EACH - found
    return warnings, (f"{missing} of {BOTS * EACH} acknowledged rows are not in the ledger",) if missing else ()


def _memory_mb(desk: _Desk) -> float:
    """Return what a bot that records books takes above one that does not, in millions of bytes."""
    bare, _ = _said(_start(desk, "bare"))
    recording, _ = _said(_start(desk, "books", desk.ledger("memory"), str(QUICK_BOOKS)))
    return (recording - bare) * 1024 / 1e6


def _start(desk: _Desk, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(_BOT), str(desk.channel), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _said(bot: "subprocess.Popen[str]") -> tuple[int, int]:
    out, _ = bot.communicate()
    if bot.returncode:
        raise DeskcError(f"a bot of the benchmark failed with {bot.returncode}")
    peak, warnings = map(int, out.split())
    return peak, warnings
