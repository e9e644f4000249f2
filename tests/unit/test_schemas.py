"""The schemas keep to their dialect, describe every leaf, and mean the same to two independent validators."""

import copy
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from deskc.core.scopes import SECTIONS as NAMES
from deskc.core.scopes import TRADING_SECTIONS
from laws import laws

SCHEMAS = Path(__file__).parents[2] / "schemas"
CREDENTIALS = "exchange.credentials."

Schema = dict[str, Any]


def read(name: str) -> Schema:
    """Return one schema by its path below the schema folder."""
    loaded: Schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return loaded


FILES = sorted(path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.json"))
STRUCTURES = {"desk.schema.json", "bot.schema.json"}
SECTIONS = [name for name in FILES if name not in STRUCTURES and not name.startswith("meta/")]
META = read("meta/section.schema.json")


def settings_below(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Yield every leaf and free-key map of a section with its path, entries of maps and of lists included."""
    for name, child in schema.get("properties", {}).items():
        where = f"{path}.{name}"
        if child["type"] != "object":
            yield where, child
            yield from settings_below(child.get("items", {}), f"{where}[]")
        elif child["additionalProperties"] is False:
            yield from settings_below(child, where)
        else:
            yield where, child
            yield from settings_below(child["additionalProperties"], f"{where}.*")


def described() -> Iterator[tuple[str, Schema]]:
    """Yield the settings of every section and strategy schema."""
    for name in SECTIONS:
        yield from settings_below(read(name), name.removesuffix(".schema.json"))


SETTINGS = dict(described())


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_json_schema_2020_12(name: str) -> None:
    """Every file is a valid schema of the draft it names, and is written in one stable way."""
    text = (SCHEMAS / name).read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert jsonschema_rs.meta.is_valid(schema)
    assert text == json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_keeps_to_the_dialect(name: str) -> None:
    """The meta-schema accepts every section and strategy schema, in both validators."""
    schema = read(name)
    assert [error.message for error in Draft202012Validator(META).iter_errors(schema)] == []
    assert jsonschema_rs.validator_for(META).is_valid(schema)


def test_schema_identifiers_are_distinct() -> None:
    """No two schemas carry one identifier."""
    assert len({read(name)["$id"] for name in FILES}) == len(FILES)


def leverage(schema: Schema) -> Schema:
    """Return the leaf that the refusals below damage."""
    leaf: Schema = schema["properties"]["leverage"]
    return leaf


def weights(schema: Schema) -> Schema:
    """Return the free-key map that the refusals below damage."""
    weighted: Schema = schema["properties"]["strategy_weights"]
    return weighted


REFUSED: dict[str, Callable[[Schema], object]] = {
    "an unknown keyword": lambda s: leverage(s).update(multipleOf=5),
    "an unknown keyword at the root": lambda s: s.update(allOf=[]),
    "an open section": lambda s: s.pop("additionalProperties"),
    "a section open by true": lambda s: s.update(additionalProperties=True),
    "keys by pattern": lambda s: s.update(patternProperties={}),
    "a leaf without type": lambda s: leverage(s).pop("type"),
    "an unknown bump": lambda s: leverage(s)["x-deskc"].update(bump="huge"),
    "hot by word": lambda s: leverage(s)["x-deskc"].update(hot="yes"),
    "late by word": lambda s: leverage(s)["x-deskc"].update(late="yes"),
    "runtime by word": lambda s: leverage(s)["x-deskc"].update(runtime="yes"),
    "an unknown axis": lambda s: leverage(s)["x-deskc"].update(axes=["weekday"]),
    "an axis twice": lambda s: leverage(s)["x-deskc"].update(axes=["bot", "bot"]),
    "an unknown extension": lambda s: leverage(s)["x-deskc"].update(owner="risk"),
    "a union with object": lambda s: leverage(s).update(type=["integer", "object"]),
    "a list of anything": lambda s: leverage(s).update(type="array"),
    "items of no list": lambda s: leverage(s).update(items={"type": "integer"}),
    "a default under a map": lambda s: weights(s)["additionalProperties"].update(default=1),
    "an open map": lambda s: weights(s).update(additionalProperties=True),
    "an open entry": lambda s: weights(s).update(additionalProperties={"type": "object", "description": "An entry."}),
    "a default of a group": lambda s: s["properties"].update(
        group={
            "type": "object",
            "description": "A group.",
            "additionalProperties": False,
            "properties": {},
            "default": {},
        }
    ),
    "a remote reference": lambda s: s["properties"].update(leverage={"$ref": "https://example.org/leverage"}),
    "a key that is no name": lambda s: s["properties"].update({"max leverage": leverage(s)}),
}


@pytest.mark.parametrize("damage", REFUSED)
def test_the_meta_schema_refuses(damage: str) -> None:
    """What the dialect does not name is refused, by both validators."""
    schema = read("trading.schema.json")
    REFUSED[damage](schema)
    assert not Draft202012Validator(META).is_valid(schema)
    assert not jsonschema_rs.validator_for(META).is_valid(schema)


def test_the_meta_schema_allows_local_references() -> None:
    """A setting may stand under `$defs` and be referred to."""
    schema = read("trading.schema.json")
    schema["$defs"] = {"leverage": leverage(schema)}
    schema["properties"]["leverage"] = {"$ref": "#/$defs/leverage"}
    assert Draft202012Validator(META).is_valid(schema)


@pytest.mark.parametrize("path", SETTINGS)
def test_defaults_and_examples_are_legal_values(path: str) -> None:
    """A setting's own default and examples pass its schema, and at least one example is there."""
    schema = SETTINGS[path]
    judge = Draft202012Validator(schema)
    assert schema["examples"]
    for value in (*schema["examples"], *([schema["default"]] if "default" in schema else [])):
        assert judge.is_valid(value), value


def test_every_section_has_a_schema() -> None:
    """Each section of a desk is described."""
    assert {name.removesuffix(".schema.json") for name in SECTIONS if "/" not in name} == set(NAMES)


@pytest.mark.parametrize("path", SETTINGS)
def test_a_setting_is_explained_in_full(path: str) -> None:
    """Unit, impact, the time to change it, the label's bump and whether a running bot takes it are said of each."""
    assert {"unit", "impact", "when_to_change", "bump", "hot"} <= SETTINGS[path]["x-deskc"].keys()


def test_every_text_says_something_of_its_own() -> None:
    """No description, impact or advice is used twice or is too short to help."""
    texts = [
        text
        for schema in SETTINGS.values()
        for text in (schema["description"], schema["x-deskc"]["impact"], schema["x-deskc"]["when_to_change"])
    ]
    assert min(map(len, texts)) >= 40
    assert len(set(texts)) == len(texts)


def test_enumerations_explain_each_value() -> None:
    """Every value of an enumeration has one explanation for editors."""
    for path, schema in SETTINGS.items():
        assert len(schema.get("markdownEnumDescriptions", [])) == len(schema.get("enum", [])), path


def test_late_values_stand_outside_trading_and_take_references() -> None:
    """A late setting accepts `${NAME}` as text; one whose type is a number refuses `${ref:…}` and other text."""
    late = {path: schema for path, schema in SETTINGS.items() if schema["x-deskc"].get("late")}
    assert late
    for path, schema in late.items():
        judge = Draft202012Validator(schema)
        assert path.startswith(CREDENTIALS) or path.split(".")[0] not in TRADING_SECTIONS, path
        assert judge.is_valid("${NAME}"), path
        assert judge.is_valid("${env:NAME:-5432}"), path
        if "integer" in schema["type"]:
            assert not any(map(judge.is_valid, ("${ref:risk.global.max_leverage}", "5432", "${}", "x${A}"))), path


@pytest.mark.parametrize("path", [path for path in SETTINGS if path.startswith(CREDENTIALS)])
def test_a_credential_is_a_reference_and_nothing_else(path: str) -> None:
    """A key may stand in the environment or in a secret store; no literal and no other setting can stand for it."""
    judge = Draft202012Validator(SETTINGS[path])
    assert all(map(judge.is_valid, (None, "${NAME}", "${env:NAME}", "${secret:venue/key}")))
    assert not any(map(judge.is_valid, ("", "0xabc", "${}", "${ref:exchange.account}", "x${NAME}")))


def test_authority_is_said_once_along_a_path() -> None:
    """Axes never stand both on an object and on something beneath it, so the strictest needs no search."""

    def count(schema: Schema, seen: int) -> Iterator[int]:
        here = seen + ("axes" in schema.get("x-deskc", {}))
        yield here
        entries = schema.get("additionalProperties")
        for child in (*schema.get("properties", {}).values(), *([entries] if isinstance(entries, dict) else [])):
            yield from count(child, here)

    assert all(depth <= 1 for name in SECTIONS for depth in count(read(name), 0))


def test_risk_limits_vary_by_environment_alone() -> None:
    """No bot, strategy, coin or side can lift a limit; venues add their own."""
    risk = read("risk.schema.json")["properties"]
    assert risk["global"]["x-deskc"]["axes"] == ["environment"]
    assert risk["circuit_breakers"]["x-deskc"]["axes"] == ["environment"]
    assert risk["position_sizing"]["properties"]["max_size"]["x-deskc"]["axes"] == ["environment"]
    assert risk["exchange_limits"]["x-deskc"]["axes"] == ["environment", "exchange"]
    assert not any("default" in schema for path, schema in SETTINGS.items() if path.startswith("risk."))


def test_no_bot_leaves_the_test_network() -> None:
    """Whether money is real is the environment's to say, and nobody below it can say otherwise."""
    assert read("exchange.schema.json")["properties"]["testnet"]["x-deskc"]["axes"] == ["environment"]


PARAMETERS: dict[str, dict[str, object]] = {
    "market_maker": {
        "size": 1000,
        "perc_from_lh": 0.35,
        "close_seconds": 2820,
        "trade_pause_mins": 15,
        "max_lh": 1250,
        "timeframe": "5m",
        "num_bars": 180,
        "max_risk": 1100,
        "sl_perc": 0.1,
        "exit_perc": 0.004,
        "max_tr": 550,
        "quartile": 0.33,
        "time_limit": 120,
        "sleep": 30,
    },
    "mean_reversion": {
        "lookback_period": 20,
        "deviation_threshold": 2.0,
        "position_size": 0.015,
        "max_positions": 3,
        "stop_loss": 0.025,
        "take_profit": 0.03,
        "timeframe": "15m",
    },
    "correlation_arbitrage": {
        "correlation_window": 100,
        "min_correlation": 0.8,
        "divergence_threshold": 0.02,
        "position_size": 0.01,
        "max_positions": 2,
        "profit_target": 0.005,
        "timeframe": "5m",
    },
    "template": {
        "position_size": 0.02,
        "max_positions": 5,
        "leverage": 2.0,
        "timeframe": "5m",
        "lookback_period": 20,
        "stop_loss": 0.02,
        "take_profit": 0.04,
        "max_drawdown": 0.15,
        "order_type": "limit",
        "slippage_tolerance": 0.001,
    },
    "multi_coin_mm": {},
    "signal_execution": {},
}
"""What each strategy is documented to take, with the documented values, which are the defaults."""


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_strategy_takes_the_documented_parameters(name: str) -> None:
    """Parameters are closed, and their defaults the documented values; the market maker's symbol has none."""
    schema = read(f"strategy/{name}.schema.json")
    defaults = {key: child["default"] for key, child in schema["properties"].items() if "default" in child}
    assert defaults == PARAMETERS[name]
    assert schema["properties"].keys() - defaults.keys() == ({"symbol"} if name == "market_maker" else set())


def test_every_strategy_is_documented() -> None:
    """No strategy's parameters go without a list of what they should be."""
    assert {name for name in SECTIONS if "/" in name} == {f"strategy/{name}.schema.json" for name in PARAMETERS}


DOCUMENTED: dict[str, tuple[object, ...]] = {
    "leverage": (10, 1, 125),
    "margin_type": ("isolated", "isolated", "cross"),
    "default_order_type": ("market", "market", "limit", "stop", "stop_limit", "take_profit", "take_profit_limit"),
    "time_in_force": ("GTC", "GTC", "IOC", "FOK", "GTX"),
    "position_mode": ("hedge", "hedge", "one-way"),
    "position_size_pct": (0.1, 0.001, 1),
    "max_position_size_usd": (1000, 1, 1e6),
    "min_position_size_usd": (10, 1, 1e4),
    "quantity_multiplier": (1.0, 0.1, 10),
    "use_exchange_minimums": (True,),
    "override_min_notional": (None, 1, 1000),
    "override_min_qty": (None, 1e-6, 1000),
    "override_step_size": (None, 1e-6, 1),
    "stop_loss_pct": (2.0, 0.1, 50),
    "take_profit_pct": (5.0, 0.1, 100),
    "max_daily_loss_pct": (0.05, 0.001, 0.5),
    "max_portfolio_exposure_pct": (0.8, 0.1, 1),
    "max_daily_trades": (100, 1, 10000),
    "max_concurrent_positions": (10, 1, 100),
    "risk_management_enabled": (True,),
    "signal_conflict_resolution": (
        "strongest_wins",
        *("strongest_wins", "first_come_first_served", "weighted_average", "manual_review"),
    ),
    "timeframe_conflict_resolution": (
        "higher_timeframe_wins",
        *("higher_timeframe_wins", "lower_timeframe_wins", "weighted_average"),
    ),
    "max_signal_age_seconds": (300, 1, 3600),
    "min_confidence_threshold": (0.5, 0, 1),
    "enabled": (True,),
    "enable_shorts": (True,),
    "enable_longs": (True,),
    "slippage_tolerance_pct": (0.1, 0, 10),
    "max_retries": (3, 0, 10),
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_trading_says_what_is_documented(name: str) -> None:
    """Defaults, bounds and enumerations are the documented ones."""
    schema = read("trading.schema.json")["properties"][name]
    limits = schema.get("enum", [schema[bound] for bound in ("minimum", "maximum") if bound in schema])
    assert (schema["default"], *limits) == DOCUMENTED[name]


def test_trading_holds_the_documented_settings_and_no_others() -> None:
    """The section is the 31 documented parameters and the market maker's three."""
    weighted = {"strategy_weights", "timeframe_weights"}
    quoting = {"size_notional_usd": 10, "max_per_coin_notional": 500, "min_spread_bps": 0.6}
    properties = read("trading.schema.json")["properties"]
    assert set(properties) == DOCUMENTED.keys() | weighted | quoting.keys()
    assert len(DOCUMENTED.keys() | weighted) == 31
    assert {name: properties[name]["default"] for name in quoting} == quoting


DESK = {
    "format": 1,
    "environments": {"production": {"writes": "proposal"}},
    "hierarchy": ["global.yaml", "bots/{bot}/coins/{coin}.{side}.yaml"],
    "schemas": "../schemas",
    "validators": "../validators",
    "markets": "markets",
}
BOT = {"exchange": "hyperliquid", "environments": ["production"], "coins": ["ETH", "@107", "kPEPE", "BTC_250926"]}
STRUCTURE_CASES: list[tuple[str, Schema, Schema, bool]] = [
    ("desk", DESK, {}, True),
    ("desk", DESK, {"approvals": {"risk": ["risk-owners"]}, "signatures": "required", "experiments": "tests"}, True),
    ("desk", DESK, {"format": 2}, False),
    ("desk", DESK, {"format": True}, False),
    ("desk", DESK, {"environments": {}}, False),
    ("desk", DESK, {"environments": {"../production": {"writes": "direct"}}}, False),
    ("desk", DESK, {"environments": {"production": {"writes": "anyhow"}}}, False),
    ("desk", DESK, {"hierarchy": ["{account}.yaml"]}, False),
    ("desk", DESK, {"hierarchy": ["../global.yaml"]}, False),
    ("desk", DESK, {"hierarchy": ["/global.yaml"]}, False),
    ("desk", DESK, {"hierarchy": ["global.yml"]}, False),
    ("desk", DESK, {"markets": "../markets"}, False),
    ("desk", DESK, {"schemas": "/schemas"}, False),
    ("desk", DESK, {"signatures": "sometimes"}, False),
    ("desk", DESK, {"extra": 1}, False),
    ("bot", BOT, {}, True),
    (
        "bot",
        BOT,
        {"coins": {"production": ["ETH"]}, "sides": ["LONG"], "formerly": ["old_id"], "account": "main"},
        True,
    ),
    ("bot", {"environments": ["production"], "coins": []}, {}, True),
    ("bot", {"environments": ["production"], "coins": ["ETH"]}, {}, False),
    ("bot", BOT, {"coins": ["BTC/USDT:USDT"]}, False),
    ("bot", BOT, {"coins": ["ETH", "ETH"]}, False),
    ("bot", BOT, {"coins": {"production": "ETH"}}, False),
    ("bot", BOT, {"sides": ["long"]}, False),
    ("bot", BOT, {"environments": []}, False),
    ("bot", BOT, {"exchange": "Hyper Liquid"}, False),
    ("bot", BOT, {"leverage": 10}, False),
]


@pytest.mark.parametrize(("name", "base", "change", "legal"), STRUCTURE_CASES)
def test_desks_and_bots_are_judged(name: str, base: Schema, change: Schema, *, legal: bool) -> None:
    """The structure of desk.yaml and of bot sections is closed, in both validators."""
    schema = read(f"{name}.schema.json")
    value = copy.deepcopy(base) | change
    assert Draft202012Validator(schema).is_valid(value) is legal
    assert jsonschema_rs.validator_for(schema).is_valid(value) is legal


def near(schema: Schema) -> list[object]:
    """Return values on, just inside and just outside a setting's bounds, and its named values."""
    bounds = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if key in schema]
    edges = [
        edge for b in bounds for edge in (b, b - 1, b + 1, math.nextafter(b, -math.inf), math.nextafter(b, math.inf))
    ]
    named = [*schema.get("enum", []), *schema.get("examples", []), "${NAME}", "${ref:a.b}", "12:30", "1.0.0"]
    return [*edges, *named, None, True, False, 0, 1, 1.0, -0.0, "", [], {}]


def values(schema: Schema) -> st.SearchStrategy[object]:
    """Make legal and illegal values of a setting; texts end in no newline, where Python's `$` differs from ECMA's."""
    text = st.text(max_size=12).filter(lambda made: not made.endswith("\n"))
    number = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    scalar = st.sampled_from(near(schema)) | number | text | st.booleans() | st.none()
    return scalar | st.lists(scalar, max_size=3) | st.dictionaries(text, scalar, max_size=3)


@pytest.mark.parametrize("path", SETTINGS)
def test_two_validators_agree(path: str) -> None:
    """The compiler's fast validator and the reference one give one verdict on any value of a setting."""
    schema = SETTINGS[path]
    reference, fast = Draft202012Validator(schema), jsonschema_rs.validator_for(schema)

    @laws(25)
    @given(values(schema))
    def agree(value: object) -> None:
        assert reference.is_valid(value) == fast.is_valid(value)

    agree()
