"""Processes that record: killed at any moment, four at once, forked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deskc.runtime.stamp import Stamp
from recording import new_ledger, rows, snapshot

TESTS = Path(__file__).parents[1]
ROUNDS = int(os.environ.get("DESKC_KILL_ROUNDS", "12"))
"""200 take a minute: DESKC_KILL_ROUNDS=200 pytest -k killed -s."""

WRITER = """
import sys, deskc
url, channel, name, count = sys.argv[1:]
snap = deskc.load(channel, environment="production", bot="tradeengine")
with deskc.Recorder(url, snap, instance=name) as recorder:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(count)):
        recorder.fill(snap["ETH"], side="buy", px="2500.1", sz="1", order_id=f"{name}-{number}")
        if number % 50 == 0:
            assert recorder.flush(timeout_s=30), recorder.status
            assert recorder.status.problem is None, recorder.status
    done = recorder.close(timeout_s=30)
    assert done and recorder.status.problem is None, recorder.status
"""
FORKED = """
import os, sys, deskc
url, channel = sys.argv[1:]
snap = deskc.load(channel, environment="production", bot="tradeengine")
recorder = deskc.Recorder(url, snap)
order_id = snap["ETH"].stamp.order_id
recorder.fill(snap["ETH"], side="buy", px=1, sz=1, order_id="parent", client_order_id=order_id())
reading, writing = os.pipe()
if os.fork():
    os._exit(0)  # the write end closes with it, and nothing else
os.close(writing)
os.read(reading, 1)
try:
    recorder.fill(snap["ETH"], side="buy", px=1, sz=1)
except deskc.SpoolError as error:
    assert "forked" in str(error) and "after the fork" in error.help
    assert not recorder.flush() and not recorder.close()
    with deskc.Recorder(url, snap, instance="child") as own:
        own.fill(snap["ETH"], side="buy", px=1, sz=1, order_id="child", client_order_id=order_id())
os._exit(0)
"""


def run(program: str, *arguments: str) -> "subprocess.Popen[str]":
    """Start a program of a bot."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def desk(tmp_path: Path) -> tuple[str, str]:
    """Return a ledger's address and a channel."""
    snapshot(tmp_path / "channel")
    return new_ledger(tmp_path), str(tmp_path / "channel")


def test_a_killed_recorder_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """What a pipe says was acknowledged is in the ledger once, after processes that were killed at any moment."""
    command = [sys.executable, str(TESTS / "killed_recorder.py"), str(tmp_path), str(ROUNDS), "1"]
    path = {"PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    ran = subprocess.run(command, env=os.environ | path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    tally: dict[str, Any] = json.loads(ran.stdout)
    print(tally)  # noqa: T201 - with -s the long version shows what it found
    assert (tally["lost"], tally["doubled"], tally["reports"], tally["drained"]) == (0, 0, [], True)
    assert tally["rounds"] == ROUNDS
    assert tally["acknowledged"] > 10 * ROUNDS
    assert tally["activations"] == ROUNDS + 1
    assert tally["files_left"] == 0


def test_four_processes_record_at_once(desk: tuple[str, str]) -> None:
    """No lock error in any of them, and every row of each is there."""
    bots = [run(WRITER, *desk, str(number), "150") for number in range(4)]
    for bot in bots:
        assert bot.stdout is not None
        assert bot.stdout.readline() == "ready\n"
    done = [bot.communicate("go\n") for bot in bots]
    assert [(bot.returncode, error) for bot, (_, error) in zip(bots, done, strict=True)] == [(0, "")] * 4
    assert rows(desk[0], "SELECT instance, count(DISTINCT order_id) FROM fills GROUP BY 1") == [
        (str(number), 150) for number in range(4)
    ]
    assert rows(desk[0], "SELECT count(*) FROM activations") == [4]


def test_a_forked_child_records_by_itself(desk: tuple[str, str], tmp_path: Path) -> None:
    """Its parent's recorder is not its own; it drains what that one left, whose lock it never held; no id is shared."""
    ran = run(FORKED, *desk)
    _, error = ran.communicate()
    assert (ran.returncode, error) == (0, "")
    found = rows(desk[0], "SELECT order_id, client_order_id FROM fills ORDER BY order_id")
    assert [order for order, _ in found] == ["child", "parent"]
    child, parent = (Stamp.parse(client) for _, client in found)
    assert child.params_digest == parent.params_digest
    assert child.run != parent.run
    assert list((tmp_path / "ledger.db.spool").iterdir()) == []
