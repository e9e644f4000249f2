"""A bot from a single JSON file keeps every number; what the desk would not take is refused at its place."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskc.content import bundled
from deskc.core.findings import Finding
from deskc.core.resolved import Scope
from deskc.edit.scaffold import migration
from in_memory import resolve_clean
from laws import laws

DOCUMENT = """\
{
  "bot_id": "mm_multi_v1",
  "config_version": "1.0.0",  // the whole bot's
  "coins": ["ETH", "AVAX", "PENGU", "FARTCOIN"],  // what it trades

  // for all coins
  "size_notional_usd": 10,
  "max_per_coin_notional": 500,
  "min_spread_bps": 0.6,

  "per_coin": {
    "ETH": {
      "config_version": "1.2.0",  // ETH's own
      "size_notional_usd": 25,    // instead of 10
      "max_per_coin_notional": 600,
      "min_spread_bps": 0.3
    },
    "AVAX": {
      "config_version": "1.1.0",
      "size_notional_usd": 10,
      "max_per_coin_notional": 200,
      "min_spread_bps": 3.0
    }
  }
}
"""
"""The shape of document 000, with its values."""

DEFAULTS = {
    key: setting["default"]
    for key, setting in json.loads((bundled("schemas") / "trading.schema.json").read_bytes())["properties"].items()
}
OWN = ("bot_id", "coins", "per_coin", "config_version")


def migrated(text: str) -> Mapping[str, str]:
    """Return the desk around a bot, which nothing may be wrong with."""
    outcome = migration(text.encode(), file="bot.json")
    assert outcome.findings == ()
    return outcome.value


def resolved(files: Mapping[str, str]) -> tuple[Scope, ...]:
    """Resolve a desk without its rules: what old files say is kept, whatever rules then find in it."""
    return resolve_clean({path: text for path, text in files.items() if not path.startswith("validators/")})


def refused(text: str | bytes) -> tuple[Finding, ...]:
    """Return why a file is refused, in order; then there is no file of a desk."""
    outcome = migration(text if isinstance(text, bytes) else text.encode(), file="bot.json")
    assert outcome.value == {}
    return outcome.findings


def looked_up(old: Mapping[str, Any], coin: str, key: str) -> Any:  # noqa: ANN401 - a setting may have any JSON value
    """Look a setting up as the old bots did: the coin's, else the file's, else the default."""
    own = old.get("per_coin", {}).get(coin, {})
    return own.get(key, old.get(key, DEFAULTS[key]))


def assert_kept(old: Mapping[str, Any], scopes: tuple[Scope, ...]) -> None:
    """Hold every setting and label of every scope against the old look-up."""
    assert {scope.id.coin for scope in scopes} == {None, *old["coins"]}
    for scope in scopes:
        coin = scope.id.coin or ""
        assert {key: scope.value(f"trading.{key}") for key in DEFAULTS} == {
            key: looked_up(old, coin, key) for key in DEFAULTS
        }
        label = old.get("per_coin", {}).get(coin, {}).get("config_version", old.get("config_version"))
        assert (scope.config_version and scope.config_version.value) == label


def test_document_000_resolves_to_what_the_old_look_up_gives() -> None:
    """Every setting of every coin, and every label, is what per_coin, then the file, then the default said."""
    plain = json.loads(re.sub(r"//.*", "", DOCUMENT))
    found = resolve_clean(migrated(DOCUMENT))
    assert len(found) == 3 * 5
    assert_kept(plain, found)


def test_the_layers_hold_what_the_file_says_and_nothing_else() -> None:
    """Each value of document 000 stands in the layer of the one it was said of, written as it was, and once.

    AVAX repeats the size that all coins have.
    """
    files = migrated(DOCUMENT)
    layers = {path: text.split("\n", 2)[2] for path, text in files.items() if path.startswith("bots/")}
    assert layers == {
        "bots/mm_multi_v1/bot.yaml": (
            "bot:\n"
            "  exchange: hyperliquid\n"
            "  strategy: multi_coin_mm\n"
            "  environments: [development, staging, production]\n"
            "  coins: [ETH, AVAX, PENGU, FARTCOIN]\n"
            "config_version: 1.0.0\n"
            "trading:\n"
            "  size_notional_usd: 10\n"
            "  max_per_coin_notional: 500\n"
            "  min_spread_bps: 0.6\n"
        ),
        "bots/mm_multi_v1/coins/ETH.yaml": (
            "config_version: 1.2.0\n"
            "trading:\n"
            "  size_notional_usd: 25\n"
            "  max_per_coin_notional: 600\n"
            "  min_spread_bps: 0.3\n"
        ),
        "bots/mm_multi_v1/coins/AVAX.yaml": (
            "config_version: 1.1.0\ntrading:\n  max_per_coin_notional: 200\n  min_spread_bps: 3.0\n"
        ),
    }


WEIGHTS = st.dictionaries(st.sampled_from(["1m", "tick", "true", "a b", "5"]), st.floats(0.5, 3), max_size=3)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "min_spread_bps": st.floats(0, 1000),
        "max_daily_trades": st.integers(1, 10000),
        "size_notional_usd": st.sampled_from([25, 1e3, 0.5]),
        "override_min_qty": st.none() | st.floats(1e-6, 1000),
        "enabled": st.booleans(),
        "time_in_force": st.sampled_from(["GTC", "IOC"]),
        "strategy_weights": WEIGHTS,
        "timeframe_weights": WEIGHTS,
        "config_version": st.sampled_from(["1.0.0", "1.0", "true", "a: b", "é", "\u202e"]),
    },
)
OLD = st.builds(
    lambda shared, own, unlisted: {
        "bot_id": "b",
        "coins": sorted({*own, *unlisted}),
        "per_coin": own,
        **shared,
    },
    SETTINGS,
    st.dictionaries(st.sampled_from(["ETH", "no", "1e3", "@107"]), SETTINGS, max_size=3),
    st.sets(st.sampled_from(["AVAX", "0x10"])),
)


@laws(100)
@given(OLD)
def test_every_migrated_bot_keeps_its_numbers(old: dict[str, Any]) -> None:
    """Whatever the settings, maps, nulls and labels are, layers resolve to the old look-up's answer."""
    assert_kept(old, resolved(migrated(json.dumps(old))))


def test_a_map_takes_the_place_of_the_more_general_one() -> None:
    """Old look-ups replaced maps whole, so that neither defaults nor the file's own weights come through."""
    text = (
        '{"bot_id":"b","coins":["ETH"],"strategy_weights":{"x":1},"per_coin":{"ETH":{"strategy_weights":{"1m":2.50}}}}'
    )
    files = migrated(text)
    assert "    $replace: true\n    1m: 2.50\n" in files["bots/b/coins/ETH.yaml"]
    found = {scope.id.coin: scope.value("trading.strategy_weights") for scope in resolved(files)}
    assert found == {None: {"x": 1}, "ETH": {"1m": 2.5}}


def test_comments_are_read_over_outside_texts_alone() -> None:
    """`//` inside a text is text; outside it hides the rest of its line, quotes and braces included."""
    text = '// "a": {\n{"bot_id": "b", // "coins": [\n "coins": ["ETH"],\n "config_version": "x//\\"//y" // }\n}//'
    assert 'config_version: "x//\\"//y"\n' in migrated(text)["bots/b/bot.yaml"]


@pytest.mark.parametrize(
    "text", ['{\r\n\t"bot_id":\t"b",\r\n"coins":["ETH"]}', "\ufeff" + '{"bot_id":"b","coins":["ETH"]}']
)
def test_what_editors_leave_in_a_file_is_no_matter(text: str) -> None:
    """Tabs, CRLF and a byte order mark are read over."""
    assert "coins: [ETH]" in migrated(text)["bots/b/bot.yaml"]


REFUSED: dict[str, tuple[str | bytes, list[tuple[str, int, int, str]]]] = {
    "a trailing comma": ('{"bot_id": "b",\n "coins": ["ETH",]}', [("JSON001", 2, 18, "this is no JSON")]),
    "a comment in a shell's way": ('# a\n{"bot_id": "b"}', [("JSON001", 1, 1, "this is no JSON")]),
    "no JSON at all": ("", [("JSON001", 1, 1, "this is no JSON")]),
    "a list": ('[{"bot_id": "b"}]', [("JSON002", 1, 1, "does not hold one bot's settings")]),
    "nothing of a bot": ("{}", [("JSON002", 1, 1, "bot_id is missing"), ("JSON002", 1, 1, "coins is missing")]),
    "a bot with an odd name": ('{"coins": [],\n "bot_id": "MM Multi"}', [("JSON002", 2, 12, '"MM Multi", no name')]),
    "a bot that is a number": ('{"coins": [], "bot_id": 1}', [("JSON002", 1, 25, "bot_id is 1")]),
    "a bot that leads out": ('{"coins": [], "bot_id": "../b"}', [("JSON002", 1, 25, '"../b", no name')]),
    "coins that are no list": ('{"bot_id": "b", "coins": "ETH"}', [("JSON002", 1, 26, "coins is no list")]),
    "a coin with an odd name": (
        '{"bot_id": "b", "coins": ["ETH",\n"BTC/USDT:USDT"]}',
        [("JSON002", 2, 1, '"BTC/USDT:USDT" is no name of a coin')],
    ),
    "a coin twice": (
        '{"bot_id": "b", "coins": ["ETH", "AVAX",\n"ETH"]}',
        [("BOT004", 2, 1, "the coin ETH is listed twice")],
    ),
    "coins but for case": (
        '{"bot_id": "b", "coins": ["ETH", "eth"]}',
        [("BOT004", 1, 34, "the coins ETH and eth differ only by case")],
    ),
    "a key twice": (
        '{"bot_id": "b", "coins": [],\n"leverage": 1, "leverage": 2}',
        [("YAML013", 2, 16, "leverage is written twice")],
    ),
    "a coin of no list": (
        '{"bot_id": "b", "coins": ["ETH"], "per_coin": {\n"ETHH": {}}}',
        [("JSON002", 2, 1, "per_coin speaks of ETHH")],
    ),
    "a coin that is a number": (
        '{"bot_id": "b", "coins": ["ETH"], "per_coin": {"ETH": 3}}',
        [("JSON002", 1, 55, "per_coin.ETH is no map")],
    ),
    "coins' settings in a list": (
        '{"bot_id": "b", "coins": ["ETH"], "per_coin": []}',
        [("JSON002", 1, 47, "per_coin is no map")],
    ),
    "a label that is a number": (
        '{"bot_id": "b", "coins": [], "config_version": 1.0}',
        [("VER001", 1, 48, "config_version is no text")],
    ),
    "unknown settings": (
        '{"bot_id": "b", "coins": ["ETH"],\n"min_spred_bps": 1,\n"per_coin": {"ETH": {"foo": 2}}}',
        [("KEY002", 2, 1, "trading.min_spred_bps is no setting"), ("KEY002", 3, 22, "trading.foo is no setting")],
    ),
    "values out of bounds": (
        '{"bot_id": "b", "coins": [],\n"leverage": 200, "min_spread_bps": NaN}',
        [("BOUND001", 2, 13, "over 125"), ("TYPE001", 2, 36, "not a number")],
    ),
    "a number no double holds": (
        '{"bot_id": "b", "coins": [], "min_spread_bps": 0.1234567890123456789012}',
        [("YAML010", 1, 48, "no double holds")],
    ),
    "a key that acts": (
        '{"bot_id": "b", "coins": [], "strategy_weights": {"$replace": 1}}',
        [("JSON002", 1, 1, "begins with $")],
    ),
    "bytes that are no text": (b'{"bot_id": "\xff"}', [("YAML002", 1, 13, "not UTF-8")]),
    "50,000 brackets": ('{"bot_id": ' + "[" * 50000, [("YAML006", 1, 75, "deeper than 64")]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_desk_would_not_take_is_refused_at_its_place(case: str) -> None:
    """Every mistake of the file is told in one go, with line, column and a way out."""
    text, expected = REFUSED[case]
    found = refused(text)
    assert [(finding.code, finding.places[0].line, finding.places[0].column) for finding in found] == [
        (code, line, column) for code, line, column, _ in expected
    ]
    assert all(part in finding.message for finding, (*_, part) in zip(found, expected, strict=True))
    assert all(finding.help and finding.places[0].path == "bot.json" for finding in found)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"config_versoin": "1.0.0"', "did you mean config_version?"),
        ('"leverge": 3', "did you mean leverage?"),
        ('"per_coin": {"ETHH": {}}', "did you mean ETH?"),
        ('"per_coin": {"ETH": {"sise_notional_usd": 3}}', "did you mean size_notional_usd?"),
    ],
)
def test_a_slip_is_answered_with_the_word_that_was_meant(written: str, meant: str) -> None:
    """Unknown settings and coins come with the nearest known one."""
    (finding,) = refused(f'{{"bot_id": "b", "coins": ["ETH"], {written}}}')
    assert finding.help == meant


def test_the_name_that_is_suggested_would_do() -> None:
    """The way out of an odd bot_id is a legal one."""
    (finding,) = refused('{"bot_id": "MM-Multi v1", "coins": []}')
    assert finding.help.endswith("such as mm_multi_v1")
