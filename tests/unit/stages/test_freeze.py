"""Freezing: what a snapshot holds beside its bytes."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deskc.core.canonical import encode
from deskc.core.scopes import TRADING_SECTIONS
from deskc.core.snapshots import Snapshot
from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import WorktreeSource
from desks import BASE, Files, commit, committed, compiled, lay, section

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def snapshots() -> tuple[Snapshot, ...]:
    """Freeze the reference desk."""
    return compile_desk(prepare(WorktreeSource(ROOT, 0), "config-repo/")).snapshots


def test_the_trading_sections_hash_to_the_params_digest(snapshots: tuple[Snapshot, ...]) -> None:
    """Row by row they are the canonical JSON of the line's trading sections, and their sha256 is the row's."""
    assert any(row.coin is None for one in snapshots for row in one.rows)
    assert any(row.side for one in snapshots for row in one.rows)
    for one in snapshots:
        for row, line, trading in zip(one.rows, one.lines().splitlines(), one.trading(), strict=True):
            params = json.loads(line)["params"]
            traded = {name: section for name, section in params.items() if name in TRADING_SECTIONS}
            assert bytes(trading).decode() == encode(traded)
            assert sha256(trading).hexdigest() == row.params_digest


def test_the_trading_sections_of_a_coin_are_no_copy(snapshots: tuple[Snapshot, ...]) -> None:
    """A fleet has megabytes of them, and the lines hold them already."""
    for one in snapshots:
        for row, trading in zip(one.rows, one.trading(), strict=True):
            if row.coin is not None:
                assert isinstance(trading, memoryview)
                assert trading.obj is one.body


MM = "bots/mm/bot.yaml"


def header(files: Files, environment: str = "paper", bot: str = "mm") -> dict[str, Any]:
    """Return the header of one snapshot of a tiny desk without findings."""
    compilation = compiled(files)
    assert compilation.findings == ()
    (snapshot,) = (one for one in compilation.snapshots if (one.environment, one.bot) == (environment, bot))
    found: dict[str, Any] = json.loads(snapshot.header)
    return found


def test_a_header_has_all_keys_of_the_format_and_no_other() -> None:
    """Ten keys, whatever the bot; nothing of commits, clocks or hosts."""
    keys = {
        "format",
        "environment",
        "bot",
        "exchanges",
        "strategy",
        "experiments",
        "late",
        "restart",
        "floats",
        "scopes",
    }
    for bot in ("mm", "svc"):
        found = header({"bots/svc/bot.yaml": "bot: {environments: [paper], coins: []}\n"}, bot=bot)
        assert found.keys() == keys
        assert (found["format"], found["experiments"]) == ("deskc-snapshot/1", [])
        assert found["scopes"][0].keys() == {
            *("coin", "side", "arm", "config_version", "params_digest", "line_digest", "length")
        }


def test_a_header_tells_the_loader_how_to_bind() -> None:
    """Each path that holds a late reference in some scope is listed with its type and bounds; no other path is."""
    system = "system: {host: '${HOST}', port: '${env:PORT:-80}', log_level: DEBUG, fast: true}\n"
    assert header({"global.yaml": system + "trading: {key: '${secret:k}'}\n"})["late"] == [
        {"path": "system.host", "type": "string", "minimum": None, "maximum": None, "enum": None},
        {"path": "system.port", "type": "integer", "minimum": 1, "maximum": 65535, "enum": None},
        {"path": "trading.key", "type": "string", "minimum": None, "maximum": None, "enum": None},
    ]
    assert header({"global.yaml": "system: {host: here, port: 80}\n"})["late"] == []
    only_one = {"global.yaml": "trading: {}\n", "coins/ETH.yaml": "trading: {key: '${K}'}\n"}
    assert [late["path"] for late in header(only_one)["late"]] == ["trading.key"]


def test_a_header_lists_floats_and_what_needs_a_restart() -> None:
    """Declared numbers, also as entries of maps and items of lists; settings that are not hot; of any scope, once."""
    properties = {
        "whole": {"type": "integer", "x-deskc": {"hot": True}},
        "real": {"type": ["number", "null"], "x-deskc": {"hot": False}},
        "many": {"type": "array", "items": {"type": "number"}},
        "free": {"type": "object", "additionalProperties": {"type": "number"}, "x-deskc": {"hot": True}},
        "cold": {"type": "object", "additionalProperties": {"type": "integer"}},
    }
    files: Files = {
        "schemas/trading.schema.json": section(properties),
        "global.yaml": "trading: {whole: 1, free: {a: 1}}\n",
        "coins/ETH.yaml": "trading: {real: null, many: [1], cold: {b: 1}}\n",
        "coins/BTC.yaml": "trading: {free: {c: 2}}\n",
    }
    found = header(files)
    assert found["floats"] == ["trading.free.a", "trading.free.c", "trading.many", "trading.real"]
    assert found["restart"] == ["trading.cold.b", "trading.many", "trading.real"]


def test_a_header_lists_the_venues_of_legs_after_the_primary_one() -> None:
    """Each venue once, in the order of the first leg that names it."""
    leg = {"type": "object", "additionalProperties": False, "properties": {"exchange": {"type": "string"}}}
    schema = section({"legs": {"type": "array", "items": leg}, "parameters": json.loads(section({}))})
    files: Files = {"schemas/strategy.schema.json": schema}
    assert header(files)["exchanges"] == ["venue"]
    files = {
        **files,
        "coins/ETH.yaml": "strategy: {legs: [{exchange: b}, {exchange: venue}, {exchange: a}, {exchange: b}]}\n",
    }
    assert header(files)["exchanges"] == ["venue", "b", "a"]
    assert header({"bots/svc/bot.yaml": "bot: {environments: [paper], coins: []}\n"}, bot="svc")["exchanges"] == []


def test_labels_stand_beside_params_and_in_no_params_digest() -> None:
    """A new label alone makes a new snapshot that trades the same."""
    one, two = (header({MM: f"{BASE[MM]}config_version: {label}\n"}) for label in ("1.0.0", "1.0.1"))
    assert [row["config_version"] for row in two["scopes"]] == ["1.0.1"] * 3
    assert [row["params_digest"] for row in one["scopes"]] == [row["params_digest"] for row in two["scopes"]]
    assert all(a["line_digest"] != b["line_digest"] for a, b in zip(one["scopes"], two["scopes"], strict=True))


def test_late_references_stay_references_in_the_digest() -> None:
    """What a bot binds is not compiled: the environment of whoever compiles reaches no byte."""
    data = compiled({"global.yaml": "trading: {key: '${env:HOME}'}\n"}).snapshots[0].data()
    assert b'"key":"${env:HOME}"' in data


def test_a_fresh_clone_compiles_to_the_same_bytes(tmp_path: Path) -> None:
    """Another folder, another clock, another user: the same snapshots, byte by byte."""
    first = commit(tmp_path / "first", lay({MM: BASE[MM] + "trading: {names: {ü: 'a\\nb', '%': '😀'}}\n"}))
    subprocess.run(["git", "clone", "--quiet", str(first), str(tmp_path / "second")], check=True)
    one, two = committed(first), committed(tmp_path / "second")
    assert [snapshot.data() for snapshot in one.snapshots] == [snapshot.data() for snapshot in two.snapshots]
    assert one.snapshots
