"""The benchmark's comparison: equal leaves pass in any format, and nothing else does."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from compare import BrokenSnapshotError, Key, differences, leaves
from deskc.core.canonical import encode

Tree = dict[str, Any]
PARAMS: Tree = {"trading": {"leverage": 5, "position_size_pct": 0.1, "quantity_multiplier": 1, "enabled": True}}


def snapshot(folder: Path, params: Tree) -> Path:
    """Write a snapshot with a bot's line and one coin's; return its file."""
    rows: tuple[tuple[str | None, str | None, Tree], ...] = (("C000", "LONG", params), (None, None, {"system": {}}))
    scopes = [
        {"arm": None, "coin": coin, "config_version": None, "params": own, "side": side} for coin, side, own in rows
    ]
    lines = [encode(scope).encode() for scope in scopes]
    header = encode({"scopes": [{"line_digest": sha256(line).hexdigest()} for line in lines]}).encode()
    path = folder / "production" / "bot_00" / f"{sha256(header).hexdigest()}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\n".join((header, *lines, b"")))
    return path


def nested(folder: Path, params: Tree) -> None:
    """Write the same coin as one nested JSON document."""
    folder.mkdir()
    (folder / "scopes.json").write_text(
        json.dumps({"production": {"bot_00": {"C000": {"LONG": params}}}}), encoding="utf-8"
    )


def listed(folder: Path, params: Tree) -> None:
    """Write the same coin as a peer's JSON Lines."""
    (folder / "production").mkdir(parents=True)
    line = json.dumps({"coin": "C000", "params": params, "side": "LONG"})
    (folder / "production" / "bot_00.jsonl").write_text(f"[]\n{line}\n", encoding="utf-8")


def test_one_and_one_point_zero_are_one_value_in_every_format(tmp_path: Path) -> None:
    """A snapshot's canonical 1 equals a peer's 1.0, and the bot-level scope is left out."""
    loose = {"trading": PARAMS["trading"] | {"quantity_multiplier": 1.0}}
    snapshot(tmp_path / "ours", PARAMS)
    nested(tmp_path / "nested", loose)
    listed(tmp_path / "listed", loose)
    ours = leaves(tmp_path / "ours")
    assert ours.keys() == {Key("production", "bot_00", "C000", "LONG")}
    assert leaves(tmp_path / "nested") == ours == leaves(tmp_path / "listed")


@pytest.mark.parametrize("value", [6, "5", None, True])
def test_another_value_is_named_with_its_scope_and_path(tmp_path: Path, value: object) -> None:
    """A leaf with another value or another type is one line."""
    snapshot(tmp_path / "ours", PARAMS)
    nested(tmp_path / "other", {"trading": PARAMS["trading"] | {"leverage": value}})
    found = list(differences(leaves(tmp_path / "ours"), leaves(tmp_path / "other"), subset=False))
    assert found == [f"production/bot_00/C000/LONG trading.leverage: {encode(value)} here, 5 in the reference"]


def test_true_is_not_one(tmp_path: Path) -> None:
    """A boolean never equals a number, as it would in Python."""
    snapshot(tmp_path / "ours", PARAMS)
    nested(tmp_path / "other", {"trading": PARAMS["trading"] | {"enabled": 1}})
    assert list(differences(leaves(tmp_path / "ours"), leaves(tmp_path / "other"), subset=False))


def test_a_missing_scope_is_a_difference_unless_a_subset_was_announced() -> None:
    """Only a peer that says so may leave scopes out, and none may invent one."""
    key = Key("production", "bot_00", "C000", None)
    assert list(differences({key: "{}"}, {}, subset=False))
    assert not list(differences({key: "{}"}, {}, subset=True))
    assert list(differences({}, {key: "{}"}, subset=True))


def test_a_snapshot_with_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    """Digests are checked before leaves are read."""
    path = snapshot(tmp_path / "ours", PARAMS)
    path.write_bytes(path.read_bytes().replace(b'"leverage":5', b'"leverage":6'))
    with pytest.raises(BrokenSnapshotError, match="a digest does not match"):
        leaves(tmp_path / "ours")
