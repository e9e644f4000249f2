"""Kills recording processes at any moment and compares what they said they had recorded with what the ledger holds.

Usage: python killed_recorder.py FOLDER ROUNDS SEED. Each round forks a process that records from three threads and
writes into a pipe what was acknowledged, after it was; SIGKILL ends it. At the end one more process drains what is
left. Prints the tally as JSON; rows that nobody was told of belong to calls that the kill interrupted.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from select import select
from time import monotonic

import deskc
from deskc.ledger.migrate import migrate
from snapshots import ScopeText, SnapshotText, publish

_PIPE = 512  # a line below PIPE_BUF is written whole or not at all
_BATCH = 40


def main(folder: Path, rounds: int, seed: int) -> None:
    """Run the rounds and print the tally."""
    url = f"sqlite:///{folder}/ledger.db"
    migrate(url)
    for number in range(2):
        text = SnapshotText([ScopeText(), ScopeText({"trading": {"leverage": number + 3}}, coin="ETH")])
        publish(text, folder / f"channel{number}", commit=f"{number}" * 40)
    random.seed(seed)
    said: list[str] = []
    for number in range(rounds):
        said += _round(url, folder, number)
    snapshot = deskc.load(folder / "channel0", environment="production", bot="tradeengine")
    with deskc.Recorder(url, snapshot) as recorder:
        drained = recorder.close(timeout_s=60)
        reports = recorder.status.reports
    tally = {**_tally(folder / "ledger.db", said), "drained": drained, "reports": reports}
    sys.stdout.write(f"{json.dumps(tally)}\n")


def _round(url: str, folder: Path, number: int) -> list[str]:
    """Let a process record, kill it, and return what it said was acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            _record(url, folder, number, writing)
        finally:
            os._exit(1)
    os.close(writing)
    alive_s = random.choice((0.0, 0.1, 0.3, 0.6)) * random.random()  # noqa: S311 - when to kill is no secret
    begun, data = None, b""
    while begun is None or monotonic() < begun + alive_s:  # counted from the first word on, however slow the machine
        left = None if begun is None else max(0.0, begun + alive_s - monotonic())
        if select([reading], [], [], left)[0]:
            chunk = os.read(reading, 1 << 16)
            if not chunk:
                break
            data, begun = data + chunk, begun or monotonic()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(reading, 1 << 16):
        data += chunk
    os.close(reading)
    return data.decode().split("\n")[:-1]


def _record(url: str, folder: Path, number: int, pipe: int) -> None:
    snapshot = deskc.load(folder / f"channel{number % 2}", environment="production", bot="tradeengine")
    recorder = deskc.Recorder(url, snapshot)

    def tell(*ids: str) -> None:
        for one in ids:
            assert os.write(pipe, f"{one}\n".encode()) < _PIPE

    tell("ready")
    eth = snapshot["ETH"]

    def fills(one: str) -> None:
        recorder.fill(eth, side="buy", px="2500.1", sz="0.02", order_id=one)

    def events(one: str) -> None:
        recorder.order_event(eth, "placed", order_id=one, side="sell", px="2500.2", sz="1")

    def loop(name: str, record: Callable[[str], None]) -> None:
        count = 0
        while True:
            count += 1
            record(f"{number}-{name}-{count}")
            tell(f"{number}-{name}-{count}")

    def batches() -> None:
        count = 0
        while True:
            ids = [f"{number}-batch-{count + place}" for place in range(_BATCH)]
            count += _BATCH
            with recorder.batch() as rows:
                for one in ids:
                    rows.fill(eth, side="sell", px="2500.3", sz="0.5", order_id=one)
            tell(*ids)

    threading.Thread(target=loop, args=("fill", fills), daemon=True).start()
    threading.Thread(target=loop, args=("event", events), daemon=True).start()
    batches()


def _tally(ledger: Path, said: list[str]) -> dict[str, int]:
    acknowledged = {one for one in said if one != "ready"}
    with closing(sqlite3.connect(ledger)) as connection:
        query = "SELECT order_id FROM fills UNION ALL SELECT order_id FROM order_events"
        held = Counter(one for (one,) in connection.execute(query))
        activations = connection.execute("SELECT count(*) FROM activations").fetchone()[0]
    return {
        "rounds": said.count("ready"),
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - held.keys()),
        "doubled": sum(count > 1 for count in held.values()),
        "unacknowledged": len(held.keys() - acknowledged),
        "activations": activations,
        "files_left": len([*ledger.parent.glob("ledger.db.spool/*")]),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
