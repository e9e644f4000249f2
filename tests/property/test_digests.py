"""Digests depend on settings alone, and anybody can compute them again."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from deskc.core.snapshots import Snapshot
from deskc.pipeline import compile_desk, prepare
from deskc.stages.read import WorktreeSource
from laws import laws, lines_of, snapshots_of
from naive_resolver import resolved
from random_desks import SCHEMAS, RandomDesk, desks

ROOT = Path(__file__).resolve().parents[2]
SEEDS = st.integers(0, 2**32)
TRADING = ("exchange", "ladder", "risk", "strategy", "trading")
HEADER = {"format", "environment", "bot", "exchanges", "strategy", "experiments", "late", "restart", "floats", "scopes"}
ROW = {"coin", "side", "arm", "config_version", "params_digest", "line_digest", "length"}
LINE = {"arm", "coin", "config_version", "params", "side"}


def sha256(data: bytes) -> str:
    """Return 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def scope_digests(files: Mapping[str, str]) -> dict[tuple[str, str, str | None, str | None], str]:
    """Return the params digest of every scope of a clean desk."""
    return {
        (snapshot.environment, snapshot.bot, row.coin, row.side): row.params_digest
        for snapshot in snapshots_of(files)
        for row in snapshot.rows
    }


@laws(30)
@given(desks(), SEEDS, SEEDS)
def test_how_settings_are_written_never_changes_a_byte(desk: RandomDesk, one: int, other: int) -> None:
    """The order of files and keys, comments, quotes, blanks, flow and block style leave the snapshots as they are."""
    first, second = (snapshots_of(desk.files(seed)) for seed in (one, other))
    assert [snapshot.data() for snapshot in first] == [snapshot.data() for snapshot in second]


@laws(30)
@given(desks(), SEEDS)
def test_a_log_level_changes_no_coin(desk: RandomDesk, seed: int) -> None:
    """A setting that does not trade moves the bot's line alone: no params digest, and no byte of a coin's line."""
    said = desk.documents["global.yaml"]
    louder = {**said, "system": {**said.get("system", {}), "level": "a level that nobody drew"}}
    quiet, loud = (
        snapshots_of(RandomDesk(desk.hierarchy, {**desk.documents, "global.yaml": one}).files(seed))
        for one in ({**said, "system": {**louder["system"], "level": "INFO"}}, louder)
    )
    for before, after in zip(quiet, loud, strict=True):
        assert [row.params_digest for row in before.rows] == [row.params_digest for row in after.rows]
        assert lines_of(before)[1:] == lines_of(after)[1:]
        wins = b'"level":"a level that nobody drew"' in lines_of(after)[0]
        assert (lines_of(before)[0] != lines_of(after)[0]) == wins == (before.digest != after.digest)


@laws(30)
@given(desks(), SEEDS, st.data())
def test_a_trading_value_changes_exactly_the_scopes_that_resolve_to_it(
    desk: RandomDesk, seed: int, data: st.DataObject
) -> None:
    """A params digest moves where the value reaches, through templates and references too, and nowhere else."""
    paths = [path for path in desk.documents if path != "desk.yaml"]
    path = data.draw(st.sampled_from([one for one in paths if "/service/" not in one]))
    said = desk.documents[path]
    key = data.draw(st.sampled_from(["beta", "mode", "venues", "cap_usd"]))
    value: Any = {"beta": 7777, "mode": "changed", "venues": ["changed"], "cap_usd": 7777}[key]
    changed = {**said, "trading": {**said.get("trading", {}), key: value}}
    files, after = (RandomDesk(desk.hierarchy, {**desk.documents, path: one}).files(seed) for one in (said, changed))
    before_params, after_params = (
        {scope: [found["params"].get(name) for name in TRADING] for scope, found in resolved(one).items()}
        for one in (files, after)
    )
    before_digests, after_digests = scope_digests(files), scope_digests(after)
    moved = {scope for scope in before_digests if before_digests[scope] != after_digests[scope]}
    assert moved == {scope for scope in before_params if before_params[scope] != after_params[scope]}


@laws(30)
@given(desks(), SEEDS)
def test_the_bytes_of_a_random_desk_are_as_documented(desk: RandomDesk, seed: int) -> None:
    """Header, lines, lengths and digests are what the documentation of the format says of them."""
    files = desk.files(seed)
    for snapshot in snapshots_of(files):
        header = judge(snapshot)
        lines = [json.loads(line) for line in lines_of(snapshot)]
        bot = desk.documents[f"bots/{snapshot.bot}/bot.yaml"]["bot"]
        assert header["exchanges"] == ([bot["exchange"]] if "exchange" in bot else [])
        assert header["strategy"] == bot.get("strategy")
        leaves = dict(leaf for line in lines for leaf in described(line["params"], bot.get("strategy")))
        assert header["floats"] == in_order(path for path, schema in leaves.items() if "number" in numeric(schema))
        own = {path: leaf["x-deskc"]["hot"] for path, leaf in leaves.items() if "x-deskc" in leaf}
        assert [path for path in header["restart"] if path in own] == in_order(path for path in own if not own[path])
        late = {"system.host": ("string", None, None), "system.port": ("integer", 1, 65535)}
        values = [leaf for line in lines for leaf in flat(line["params"])]
        wanted = sorted({path for path, value in values if path in late and isinstance(value, str) and "${" in value})
        assert header["late"] == [
            dict(zip(("path", "type", "minimum", "maximum", "enum"), (path, *late[path], None), strict=True))
            for path in wanted
        ]


@pytest.fixture(scope="module")
def reference() -> tuple[Snapshot, ...]:
    """Compile the reference desk."""
    compilation = compile_desk(prepare(WorktreeSource(ROOT, 0), "config-repo/"))
    assert {finding.severity for finding in compilation.findings} <= {"note"}  # of facts that nobody knows
    return compilation.snapshots


def test_the_bytes_of_the_reference_desk_are_as_documented(reference: tuple[Snapshot, ...]) -> None:
    """The same holds for the desk that engineers edit: seven bots, eleven snapshots."""
    assert [(snapshot.environment, snapshot.bot) for snapshot in reference] == [
        ("development", "correlation_arbitrage"),
        ("development", "market_maker"),
        ("development", "mean_reversion"),
        ("development", "mm_multi_v1"),
        ("development", "orchestrator"),
        ("development", "template_strategy"),
        ("production", "mm_multi_v1"),
        ("production", "orchestrator"),
        ("production", "tradeengine"),
        ("staging", "orchestrator"),
        ("staging", "tradeengine"),
    ]
    for snapshot in reference:
        judge(snapshot)


def test_the_entries_of_a_hot_map_need_no_restart(reference: tuple[Snapshot, ...]) -> None:
    """The schema says of strategy_weights as a whole that it is hot; its entries cannot say so themselves."""
    listed = {path for snapshot in reference for path in json.loads(snapshot.header)["restart"]}
    assert {path for path in listed if path.startswith("trading.")} == {"trading.margin_type", "trading.position_mode"}


def test_no_file_of_a_snapshot_says_when_where_or_from_what_it_was_made(reference: tuple[Snapshot, ...]) -> None:
    """Equal settings give equal bytes on every machine: no commit, clock, host or path is among them."""
    for snapshot in reference:
        data = snapshot.data().decode()
        assert str(ROOT) not in data
        assert not any(word in data for word in ('"commit"', '"sha"', '"time"', '"host_name"', ".yaml"))


@laws(25)
@given(desks(), SEEDS)
def test_compiling_twice_gives_the_same_bytes(desk: RandomDesk, seed: int) -> None:
    """Nothing of one compilation stays for the next."""
    files = desk.files(seed)
    assert [one.data() for one in snapshots_of(files)] == [one.data() for one in snapshots_of(files)]


def judge(snapshot: Snapshot) -> dict[str, Any]:
    """Check a snapshot's bytes with nothing but SHA-256, JSON and RFC 8785; return its header."""
    data = snapshot.data()
    first, *lines, rest = data.split(b"\n")
    assert rest == b""
    assert sha256(first) == snapshot.digest
    header: dict[str, Any] = json.loads(first)
    assert header.keys() == HEADER
    assert rfc8785.dumps(header) == first
    assert header["format"] == "deskc-snapshot/1"
    assert (header["environment"], header["bot"]) == (snapshot.environment, snapshot.bot)
    assert header["experiments"] == []
    for row, line in zip(header["scopes"], lines, strict=True):
        scope = json.loads(line)
        assert row.keys() == ROW
        assert scope.keys() == LINE
        assert rfc8785.dumps(scope) == line
        assert {key: scope[key] for key in LINE - {"params"}} == {key: row[key] for key in LINE - {"params"}}
        assert row["length"] == len(line)
        assert row["line_digest"] == sha256(line)
        trading = {name: section for name, section in scope["params"].items() if name in TRADING}
        assert row["params_digest"] == sha256(rfc8785.dumps(trading))
        assert row["coin"] is None or trading == scope["params"]
    places = [tuple(place(row[key]) for key in ("coin", "side", "arm")) for row in header["scopes"]]
    assert places == sorted(set(places))
    assert [row["coin"] for row in header["scopes"][:2]].count(None) == 1
    return header


def place(name: str | None) -> tuple[bool, bytes]:
    """Return what orders scopes: null before text, text by its UTF-8 bytes."""
    return (name is not None, (name or "").encode())


def in_order(found: Iterator[str]) -> list[str]:
    """Return paths in the order of the header."""
    return sorted(found, key=lambda path: path.encode("utf-16-be"))


def numeric(schema: Mapping[str, Any]) -> list[str]:
    """Return the types of a setting and of its items."""
    kinds = [schema["type"], schema.get("items", {}).get("type", [])]
    return [name for kind in kinds for name in ([kind] if isinstance(kind, str) else kind)]


def flat(params: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each setting with its path; odd keys are quoted."""
    for key, value in params.items():
        plain = all(char.isascii() and (char.isalnum() or char in "_@$-") for char in key)
        step = key if plain else f"[{json.dumps(key, ensure_ascii=False)}]"
        path = f"{above}.{step}" if above and plain else f"{above}{step}"
        if isinstance(value, dict) and value:
            yield from flat(value, path)
        else:
            yield path, value


def described(params: Mapping[str, Any], strategy: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each setting's path with its schema; an empty map has no setting."""
    for section, values in params.items():
        schema = SCHEMAS[section]
        if section == "strategy":
            own = SCHEMAS[f"strategy/{strategy}"]
            schema = {**schema, "properties": {**schema["properties"], "parameters": own}}
        yield from _described(values, schema, section)


def _described(
    values: Mapping[str, Any], schema: Mapping[str, Any], above: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in values.items():
        inner = schema.get("properties", {}).get(key) or schema["additionalProperties"]
        ((path, _),) = flat({key: None}, above)
        if inner["type"] == "object":
            yield from _described(value, inner, path)
        else:
            yield path, inner
