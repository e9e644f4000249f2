"""The page on recording tells the truth: its examples run, and its tables lead other readers to what is written."""

import re
import struct
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import deskc
from deskc.ledger.migrate import migrate
from deskc.runtime.order_id import OrderId
from recording import rows
from snapshots import ScopeText, SnapshotText, publish

PAGE = (Path(__file__).parents[2] / "docs/recording.md").read_text(encoding="utf-8")
IDS = re.compile(r"^\| `([0-9a-f]{12})…`, (\d+), (\d+) \| `(\w+)` \| `(\w+)` \|$", re.MULTILINE)


@pytest.fixture
def snap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> deskc.Snapshot:
    """Publish what the page loads, where it loads it from, beside a ledger."""
    monkeypatch.chdir(tmp_path)
    scopes = [ScopeText(), ScopeText({"trading": {"leverage": 3}}, coin="ETH")]
    publish(SnapshotText(scopes, bot="mm_multi_v1"), tmp_path / "channel")
    migrate("sqlite:///.deskc/ledger.db")
    return deskc.load("channel", environment="production", bot="mm_multi_v1")


def test_the_examples_run(snap: deskc.Snapshot) -> None:
    """Every kind of row is in the ledger afterwards."""
    first, second = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(first, {})  # noqa: S102 - what the page says
    for table in ("fills", "order_events", "market_snapshots", "system_events", "heartbeats", "activations"):
        assert rows("sqlite:///.deskc/ledger.db", f"SELECT count(*) FROM {table}") == [1]  # noqa: S608 - ours
    fills = [SimpleNamespace(side="buy", px="2500.1", sz="0.02", id=number) for number in range(3)]
    with deskc.Recorder("sqlite:///.deskc/ledger.db", snap, account="main") as recorder:
        exec(second, {"recorder": recorder, "eth": snap["ETH"], "fills": fills})  # noqa: S102 - what the page says
    assert rows("sqlite:///.deskc/ledger.db", "SELECT count(*) FROM fills") == [4]


def read(data: bytes) -> list[tuple[int, bytes]]:
    """Read a segment by the page's table, as a program in another language would."""
    place, found = data.index(b"\n") + 1, []
    while place < len(data):
        marker, length, number, told = struct.unpack_from("<4sIQI", data, place)
        payload = data[place + 20 : place + 20 + length]
        assert marker == bytes.fromhex("ff64736b")
        assert told == zlib.crc32(data[place + 4 : place + 16] + payload)
        found.append((number, payload))
        place += 20 + length
    return found


def test_the_layout_of_a_spool_is_the_one_on_the_page(snap: deskc.Snapshot, tmp_path: Path) -> None:
    """Its first line, its records, and in an activation the snapshot's bytes."""
    recorder = deskc.Recorder(f"sqlite:///{tmp_path}/none.db", snap)
    recorder.heartbeat()
    (path,) = (tmp_path / "none.db.spool").glob("*.000001.spool")
    data = path.read_bytes()
    recorder.close(timeout_s=0)
    assert data.startswith(f"deskc-spool/1 {path.name.partition('.')[0]}\n".encode())
    (one, activation), (two, heartbeat) = read(data)
    assert (one, two) == (1, 2)
    assert activation.partition(b"\n")[0].startswith(b'{"kind":"activation","environment":"production"')
    assert activation.partition(b"\n")[2] == snap.data
    assert heartbeat.startswith(b'{"kind":"heartbeat"')


def test_the_order_ids_on_the_page_are_what_is_written() -> None:
    """Whoever reads them in another language can test against the table."""
    found: list[Any] = IDS.findall(PAGE)
    assert len(found) == 2
    for params, run, sequence, in_hex, in_base62 in found:
        one = OrderId(params_digest=params, run=int(run), sequence=int(sequence))
        assert (one.text("hex"), one.text("base62")) == (in_hex, in_base62)
