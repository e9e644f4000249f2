"""The first line: bytes that have their digest may still be nothing that this deskc reads."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deskc.core import snapshots
from deskc.runtime import errors, header
from deskc.runtime.load import load
from deskc.runtime.snapshot import Snapshot
from snapshots import ScopeText, SnapshotText

BOT = ScopeText({})
ETH = ScopeText({}, coin="ETH")
LATE = {"path": "system.port", "type": "integer", "minimum": None, "maximum": None, "enum": None}


def opened(folder: Path, *, header: Mapping[str, Any], scopes: Sequence[ScopeText] = (BOT, ETH)) -> Snapshot:
    """Write and load a snapshot with this in its first line."""
    path = SnapshotText(scopes, header=header).write(folder)
    return load(path, environment="production", bot="tradeengine")


def test_the_format_is_the_one_that_freeze_writes() -> None:
    """Loader and compiler agree on the format's name, though the loader cannot afford to import the compiler's."""
    assert header.FORMAT == snapshots.FORMAT


def test_another_format_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """A later format asks for an upgrade instead of being guessed at."""
    with pytest.raises(errors.FormatError, match=r"has the format deskc-snapshot/2, and .* deskc-snapshot/1") as caught:
        opened(tmp_path, header={"format": "deskc-snapshot/2"})
    assert caught.value.help == "upgrade deskc where the bot runs"


@pytest.mark.parametrize(
    ("changed", "scopes"),
    [({"experiments": [{"name": "wider"}]}, (BOT,)), ({}, (BOT, ScopeText(coin="ETH", listed={"arm": "b"})))],
)
def test_experiments_are_refused(tmp_path: Path, changed: Mapping[str, Any], scopes: Sequence[ScopeText]) -> None:
    """Neither an experiment nor an arm is traded on by a deskc that cannot choose between arms."""
    with pytest.raises(errors.ExperimentsError, match="this deskc cannot run experiments yet"):
        opened(tmp_path, header=changed, scopes=scopes)


@pytest.mark.parametrize(
    "changed",
    [
        {"late": [{**LATE, "type": "object"}]},
        {"late": [{"type": "integer"}]},
        {"late": None},
        {"floats": 1},
        {"scopes": []},
        {"scopes": [{}]},
        {"scopes": "none"},
        {"scopes": [ETH.row(), BOT.row()]},
        {"scopes": [BOT.row(), ETH.row(), ETH.row()]},
        {"scopes": [BOT.row(), {**ETH.row(), "length": -9}]},
        {"scopes": [BOT.row(), {**ETH.row(), "length": "9"}]},
    ],
)
def test_a_first_line_that_makes_no_sense_is_a_format_error(tmp_path: Path, changed: Mapping[str, Any]) -> None:
    """A writer's mistake is told from a damaged file."""
    with pytest.raises(errors.FormatError, match="a first line that is no snapshot's header"):
        opened(tmp_path, header=changed)


def test_a_line_of_another_scope_is_refused(tmp_path: Path) -> None:
    """Header and line must name one coin, side and version."""
    path = SnapshotText((BOT, ScopeText(coin="ETH", listed={"coin": "BTC"}))).write(tmp_path)
    snap = load(path, environment="production", bot="tradeengine")
    with pytest.raises(errors.FormatError, match=r"jsonl:3 holds another scope than the first line lists"):
        _ = snap["BTC"]
    with pytest.raises(errors.FormatError):
        snap.verify()


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'{"coin":"ETH"}', b"\xff"])
def test_a_line_that_holds_no_scope_is_refused(tmp_path: Path, raw: bytes) -> None:
    """A writer's mistake in a line is found when the line is read, and told with its number."""
    path = SnapshotText((BOT, ScopeText(coin="ETH", raw=raw))).write(tmp_path)
    snap = load(path, environment="production", bot="tradeengine")
    with pytest.raises(errors.FormatError, match=r"jsonl:3 holds no scope: "):
        _ = snap["ETH"]


def test_verify_finds_a_params_digest_that_is_not_the_params(tmp_path: Path) -> None:
    """What performance is grouped by must be what trades, even if the file's own digests are in order."""
    path = SnapshotText((BOT, ScopeText({"trading": {"leverage": 9}}, coin="ETH", listed={"params_digest": "0" * 64})))
    snap = load(path.write(tmp_path), environment="production", bot="tradeengine")
    with pytest.raises(errors.TamperedError, match="lists another params digest than line 3 has"):
        snap.verify()


def test_what_the_first_line_says_is_at_hand(tmp_path: Path) -> None:
    """Venues, strategy and the settings that need a restart are read from the snapshot."""
    snap = opened(tmp_path, header={"exchanges": ["binance", "okx"], "strategy": "arb", "restart": ["system.port"]})
    assert (snap.exchanges, snap.strategy, snap.restart) == (("binance", "okx"), "arb", ("system.port",))
