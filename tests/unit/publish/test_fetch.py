"""Fetching a snapshot to record it: whole, whatever variables are set, and refused where a byte is not as compiled."""

import json
from pathlib import Path

import pytest

from deskc.core.canonical import Digest, encode
from deskc.core.scopes import Target
from deskc.publish.fetch import fetch
from deskc.runtime.errors import (
    ChannelError,
    DirtyError,
    FormatError,
    NotFoundError,
    SnapshotError,
    TamperedError,
    WrongTargetError,
)
from snapshots import ScopeText, SnapshotText, frozen, publish

TARGET = Target("production", "tradeengine")
BOT = ScopeText({"system": {"port": "${PORT}"}, "trading": {"leverage": 3}})
ETH = ScopeText({"trading": {"leverage": 10, "name": "café"}}, coin="ETH")
LONG = ScopeText({"trading": {"leverage": 20}}, coin="BTC", side="LONG", config_version=None)
LATE = [{"path": "system.port", "type": "integer", "minimum": None, "maximum": None, "enum": None}]
TEXT = SnapshotText([BOT, LONG, ETH], header={"late": LATE})
COMMIT = "c0ffee" * 6 + "c0ff"


def test_what_was_frozen_comes_back(tmp_path: Path) -> None:
    """The snapshot is the one that freezing returned, and the commit the pointer's, though no variable is set."""
    publish(TEXT, tmp_path)
    assert fetch(str(tmp_path), TARGET) == (frozen(TEXT), COMMIT)
    assert fetch(tmp_path.as_uri(), TARGET) == (frozen(TEXT), COMMIT)


def test_params_and_what_trades_are_told_apart(tmp_path: Path) -> None:
    """A coin's line trades whole; of the bot's, what does not trade is left out."""
    publish(TEXT, tmp_path)
    found = fetch(str(tmp_path), TARGET).snapshot
    assert [bytes(text).decode() for text in found.params()] == [encode(one.params) for one in (BOT, LONG, ETH)]
    trading = [encode({"trading": one.params["trading"]}) for one in (BOT, LONG, ETH)]
    assert [bytes(text).decode() for text in found.trading()] == trading


def test_an_older_snapshot_of_the_channel_is_named_by_its_digest(tmp_path: Path) -> None:
    """It lies beside the current one; which commit gave it, a file does not say."""
    older = SnapshotText([BOT], header={"late": LATE})
    publish(older, tmp_path)
    publish(TEXT, tmp_path)
    for channel in (str(tmp_path), f"{tmp_path}/", tmp_path.as_uri()):
        assert fetch(channel, TARGET, Digest(older.digest)) == (frozen(older), None)
    with pytest.raises(NotFoundError, match=f"has no snapshot {'0' * 64} of production/tradeengine") as caught:
        fetch(str(tmp_path), TARGET, Digest("0" * 64))
    assert "--out" in caught.value.help


def test_a_flipped_bit_is_refused_wherever_it_is(tmp_path: Path) -> None:
    """Byte by byte, header and lines; so is a file cut short."""
    folder = publish(TEXT, tmp_path).parent
    path, data = folder / f"{TEXT.digest}.jsonl", TEXT.data()
    for index in range(len(data)):
        path.write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
        with pytest.raises(TamperedError):
            fetch(str(tmp_path), TARGET)
    path.write_bytes(data[:-5])
    with pytest.raises(SnapshotError, match="cut short"):
        fetch(str(tmp_path), TARGET)


def test_another_bots_snapshot_is_refused(tmp_path: Path) -> None:
    """A pointer that was copied, and one that names another bot's file."""
    publish(TEXT, tmp_path).parent.rename(tmp_path / "production/mm")
    with pytest.raises(WrongTargetError, match="is of production/tradeengine"):
        fetch(str(tmp_path), Target("production", "mm"))
    pointer = tmp_path / "production/mm/current.json"
    pointer.write_text(json.dumps({**json.loads(pointer.read_bytes()), "bot": "mm"}))
    with pytest.raises(WrongTargetError, match="is of production/tradeengine"):
        fetch(str(tmp_path), Target("production", "mm"))


def test_uncommitted_edits_are_refused(tmp_path: Path) -> None:
    """No commit stands behind them, so there is nothing to record."""
    publish(TEXT, tmp_path, commit=None, dirty=True)
    with pytest.raises(DirtyError, match="uncommitted edits"):
        fetch(str(tmp_path), TARGET)


def test_a_pointer_without_a_commit_is_refused(tmp_path: Path) -> None:
    """What is recorded must name a commit that can be found again."""
    publish(TEXT, tmp_path, commit="HEAD")
    with pytest.raises(ChannelError, match="names no commit for production/tradeengine, but 'HEAD'"):
        fetch(str(tmp_path), TARGET)


ODD = {
    "spaces": ScopeText(coin="ETH", raw=b'{"arm":null,"coin":"ETH","config_version":"1.0.0", "params":{},"side":null}'),
    "another key": ScopeText(
        coin="ETH", raw=b'{"arm":null,"coin":"ETH","config_version":"1.0.0","note":1,"params":{},"side":null}'
    ),
    "half a character": ScopeText(
        coin="ETH",
        raw=b'{"arm":null,"coin":"ETH","config_version":"1.0.0","params":{"trading":{"a":"\\ud800"}},"side":null}',
    ),
    "no digest": ScopeText(coin="ETH", listed={"params_digest": None}),
}


@pytest.mark.parametrize("scope", ODD.values(), ids=ODD)
def test_what_no_compiler_wrote_is_refused(tmp_path: Path, scope: ScopeText) -> None:
    """Bytes that have their digests and yet are not canonical would be recorded as something else."""
    publish(SnapshotText([ScopeText(), scope]), tmp_path)
    with pytest.raises((FormatError, TamperedError)):
        fetch(str(tmp_path), TARGET)
