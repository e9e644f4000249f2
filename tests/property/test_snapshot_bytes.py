"""Whatever happens to a snapshot's bytes, no bot trades on the result."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.runtime.errors import SnapshotError, TamperedError, TruncatedError
from deskc.runtime.late import Sources
from deskc.runtime.load import load
from deskc.runtime.locate import Found
from deskc.runtime.snapshot import Snapshot, open_snapshot
from snapshots import ScopeText, SnapshotText

TEXT = SnapshotText(
    (
        ScopeText({"system": {"note": "é"}, "trading": {"leverage": 10}}),
        ScopeText({"trading": {"leverage": 20}}, coin="BTCUSDT", side="LONG"),
        ScopeText({"trading": {"leverage": 15}}, coin="BTCUSDT", side="SHORT"),
    )
)
DATA = TEXT.data()


def read_all(data: bytes) -> Snapshot:
    """Open a snapshot's bytes under the digest of the unharmed ones and read every scope."""
    found = Found(data=data, digest=TEXT.digest, source="snapshot", git_sha=None, dirty=False)
    snap = open_snapshot(found, environment=TEXT.environment, bot=TEXT.bot, sources=Sources(env={}, secrets=None))
    assert [snap[key].trading.leverage for key in snap] == [20, 15]
    return snap


def test_the_unharmed_bytes_are_fine() -> None:
    """What the other tests damage loads and verifies as it is."""
    read_all(DATA).verify()


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_any_flipped_byte_is_found_by_reading(mask: int) -> None:
    """Load and the first read of each scope together look at every byte."""
    for position in range(len(DATA)):
        damaged = bytearray(DATA)
        damaged[position] ^= mask
        with pytest.raises((TamperedError, TruncatedError)):
            read_all(bytes(damaged))


def test_any_flipped_byte_is_found_by_verify_or_before(tmp_path: Path) -> None:
    """A bot that reads no scope at all still finds the damage, in a file, by verify."""
    path = tmp_path / f"{TEXT.digest}.jsonl"
    for position in range(len(DATA)):
        path.write_bytes(DATA[:position] + bytes([DATA[position] ^ 0x04]) + DATA[position + 1 :])
        with pytest.raises((TamperedError, TruncatedError)) as caught:
            load(path, environment=TEXT.environment, bot=TEXT.bot, env={}).verify()
        assert caught.value.path == str(path)


def test_any_truncation_is_found_by_load() -> None:
    """No length but the full one opens."""
    for length in range(len(DATA)):
        with pytest.raises(TruncatedError, match="is cut short"):
            read_all(DATA[:length])


@given(st.binary(min_size=1))
def test_anything_appended_is_found_by_load(more: bytes) -> None:
    """Bytes after the last line are nobody's."""
    with pytest.raises(TamperedError):
        read_all(DATA + more)


@given(st.binary())
def test_any_other_bytes_are_refused(data: bytes) -> None:
    """Nothing that is not the file that was named ever becomes a snapshot."""
    with pytest.raises(SnapshotError):
        read_all(data)
