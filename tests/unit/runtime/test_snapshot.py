"""Snapshots: whose settings they are, and how a bot asks for them."""

import copy
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import deskc.testing
from deskc.runtime.errors import UnknownScopeError
from deskc.runtime.load import load
from deskc.runtime.snapshot import Snapshot
from snapshots import ScopeText, SnapshotText

SETTINGS: Mapping[str, Any] = {
    "environment": "production",
    "bot": "tradeengine",
    "config_version": "1.0.0",
    "system": {"log_level": "INFO"},
    "trading": {"leverage": 10},
    "coins": {
        ("BTCUSDT", "SHORT"): {"trading": {"leverage": 15}},
        ("BTCUSDT", "LONG"): {"trading": {"leverage": 20}, "config_version": "1.3.0"},
        "ETH": {},
    },
}


@pytest.fixture
def snap() -> Snapshot:
    """Return a snapshot with a sided coin and one without sides."""
    return deskc.testing.snapshot(SETTINGS)


def test_a_scope_is_asked_for_by_coin_or_by_coin_and_side(snap: Snapshot) -> None:
    """The key is what the desk calls the scope, and the same key gives the same object."""
    assert snap["ETH"].trading.leverage == 10
    assert snap["BTCUSDT", "LONG"].trading.leverage == 20
    assert (snap["BTCUSDT", "SHORT"].coin, snap["BTCUSDT", "SHORT"].side) == ("BTCUSDT", "SHORT")
    assert snap["ETH"] is snap["ETH"]


def test_the_bot_has_a_scope_of_its_own(snap: Snapshot) -> None:
    """What is no coin's stands on `bot`, which iteration leaves out."""
    assert snap.bot.system.log_level == "INFO"
    assert (snap.environment, snap.bot_id) == ("production", "tradeengine")
    assert snap.bot not in snap.scopes


def test_iteration_gives_the_keys_in_the_order_of_the_file(snap: Snapshot) -> None:
    """Keys, coins and scopes agree, and every key is in the snapshot."""
    assert list(snap) == [("BTCUSDT", "LONG"), ("BTCUSDT", "SHORT"), "ETH"]
    assert snap.coins == ("BTCUSDT", "ETH")
    assert [scope.trading.leverage for scope in snap.scopes] == [20, 15, 10]
    assert len(snap) == 3
    assert all(key in snap for key in snap)
    assert "BTCUSDT" in snap
    assert not any(key in snap for key in ("BTC", ("BTCUSDT", "BOTH"), None, (None, None), 7))


@pytest.mark.parametrize(
    ("key", "message", "way_out", "known"),
    [
        ("BTCUSDT", "has BTCUSDT by side: LONG, SHORT", 'write snap["BTCUSDT", "LONG"]', ("LONG", "SHORT")),
        (("BTCUSDT", "LNG"), "has no side LNG of BTCUSDT: LONG, SHORT", "did you mean LONG?", ("LONG", "SHORT")),
        (("ETH", "LONG"), "has ETH without sides", 'write snap["ETH"]', ("BTCUSDT", "ETH")),
        ("ETHH", "has no coin ETHH: BTCUSDT, ETH", "did you mean ETH?", ("BTCUSDT", "ETH")),
        ("eth", "has no coin eth: BTCUSDT, ETH", "did you mean ETH?", ("BTCUSDT", "ETH")),
        ("SOL", "has no coin SOL: BTCUSDT, ETH", "", ("BTCUSDT", "ETH")),
    ],
)
def test_an_unknown_scope_is_told_with_what_there_is(
    snap: Snapshot, key: str, message: str, way_out: str, known: tuple[str, ...]
) -> None:
    """A sided coin names its sides, a mistyped one its neighbours; the error is a KeyError."""
    with pytest.raises(UnknownScopeError) as caught:
        _ = snap[key]
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == f"production/tradeengine {message}"
    assert (caught.value.help, caught.value.known) == (way_out, known)


@pytest.mark.parametrize("key", [None, (None, None), 7])
def test_what_is_no_key_is_an_unknown_scope(snap: Snapshot, key: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """The bot's own scope has no key, so that no loop over coins meets it."""
    with pytest.raises(UnknownScopeError, match="has no coin"):
        _ = snap[key]


def test_a_long_list_of_coins_is_cut_in_the_message_alone() -> None:
    """Twelve names help, a thousand do not; the error itself still has them all."""
    snap = deskc.testing.snapshot({"coins": {f"C{number:02}": {} for number in range(20)}})
    with pytest.raises(UnknownScopeError, match=r"has no coin X: C00, .*, C11 and 8 more$") as caught:
        _ = snap["X"]
    assert len(caught.value.known) == 20
    with pytest.raises(UnknownScopeError, match="has no coin ETH: it has none at all"):
        _ = deskc.testing.snapshot({})["ETH"]


def test_a_stamp_tells_scope_and_snapshot_apart(snap: Snapshot) -> None:
    """Two scopes of one snapshot share its digest and have their own params digest and version."""
    long, short = snap["BTCUSDT", "LONG"].stamp, snap["BTCUSDT", "SHORT"].stamp
    assert long.snapshot_digest == short.snapshot_digest == snap.digest == snap.stamp.snapshot_digest
    assert long.params_digest != short.params_digest
    assert (long.config_version, short.config_version, snap.stamp.config_version) == ("1.3.0", "1.0.0", "1.0.0")
    assert (long.environment, long.git_sha, long.experiment, long.arm) == ("production", None, None, None)


def test_a_stamp_is_a_frozen_value(snap: Snapshot) -> None:
    """Stamps compare, hash, copy, pickle and print by their ids, and do not change."""
    stamp = snap.stamp
    assert stamp == pickle.loads(pickle.dumps(stamp)) == copy.deepcopy(stamp)  # noqa: S301 - our own bytes
    assert len({stamp, copy.copy(stamp), snap["BTCUSDT", "LONG"].stamp}) == 2
    assert (stamp == 7) is False
    assert deskc.Stamp(**stamp.record()) == stamp  # type: ignore[arg-type]  # a record of ids
    assert repr(stamp).startswith("Stamp(environment='production', git_sha=None, snapshot_digest='")
    with pytest.raises(AttributeError, match="a stamp is frozen: arm stays what it was"):
        stamp.arm = "b"
    with pytest.raises(AttributeError, match="a stamp is frozen: arm stays what it was"):
        del stamp.arm


def test_a_snapshot_is_a_frozen_value(snap: Snapshot) -> None:
    """It cannot be changed or pickled, and a copy is itself."""
    with pytest.raises(AttributeError, match="a snapshot is frozen: dirty stays what it was"):
        snap.dirty = True
    with pytest.raises(AttributeError, match="a snapshot is frozen: bot stays what it was"):
        del snap.bot
    assert copy.copy(snap) is copy.deepcopy(snap) is snap
    with pytest.raises(TypeError, match="a snapshot is not pickled, for it may hold secrets"):
        pickle.dumps(snap)
    assert repr(snap) == f"Snapshot('production/tradeengine', {snap.digest[:8]}, 3 scopes)"


def test_declared_numbers_are_floats(tmp_path: Path) -> None:
    """Canonical JSON writes 1.0 as 1; the header says where a float is meant, for a list or map all through."""
    params = {"trading": {"pct": 2, "count": 2, "ladder": [1, [2.5, 3]], "weights": {"a": 1, "b": True, "c": None}}}
    floats = ["trading.pct", "trading.ladder", "trading.weights"]
    path = SnapshotText((ScopeText(params),), header={"floats": floats}).write(tmp_path)
    trading = load(path, environment="production", bot="tradeengine").bot.trading
    assert trading == params["trading"]
    assert [type(trading.pct), type(trading.count), type(trading.ladder[0]), type(trading.ladder[1][1])] == [
        float,
        int,
        float,
        float,
    ]
    assert [type(value) for value in trading.weights.values()] == [float, bool, type(None)]
