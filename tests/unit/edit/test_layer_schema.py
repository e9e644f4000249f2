"""An editor's schema of a layer takes what the compiler takes, and refuses what any section's schema refuses."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deskc.content import bundled
from deskc.core.schemas import inline
from deskc.core.scopes import SECTIONS
from deskc.edit.layer_schema import layer_schema
from deskc.stages.parse import parse_file

DESK = Path(__file__).parents[3] / "config-repo"
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    path.relative_to(bundled("schemas")).as_posix().removesuffix(".schema.json"): json.loads(path.read_bytes())
    for path in bundled("schemas").rglob("*.schema.json")
    if path.parent.name != "meta"
}
LAYER = layer_schema(SCHEMAS)
JUDGE = Draft202012Validator(LAYER)


def leaves(schema: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield each setting of a schema by its path; a free-key map's entries go by the key `any`."""
    if schema.get("type") != "object":
        yield path, schema
        return
    for key, inner in schema.get("properties", {}).items():
        yield from leaves(inner, (*path, key))
    free = schema.get("additionalProperties")
    if isinstance(free, Mapping):
        yield from leaves(free, (*path, "any"))


def settings() -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield every setting of every section and strategy."""
    for name, schema in SCHEMAS.items():
        section, is_strategy, _ = name.partition("strategy/")
        if is_strategy or section in SECTIONS:
            path = ("strategy", "parameters") if is_strategy else (section,)
            yield from leaves(inline(schema, schema), path)


def layer(path: tuple[str, ...], value: object) -> Any:  # noqa: ANN401 - a layer is any map
    """Return a layer that sets one value."""
    for key in reversed(path):
        value = {key: value}
    return value


EVERY = {".".join(path): (path, schema) for path, schema in settings()}


def test_it_is_a_schema() -> None:
    """The document is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(LAYER)


def test_every_setting_may_stand_alone_with_its_examples() -> None:
    """No setting demands another: a layer is partial, whatever its section requires as a whole."""
    refused = [
        (name, example)
        for name, (path, schema) in EVERY.items()
        for example in schema.get("examples", ())
        if not JUDGE.is_valid(layer(path, example))
    ]
    assert len(EVERY) > 100
    assert refused == []


def test_every_plain_setting_takes_a_reference_and_no_other_text() -> None:
    """`${ref:…}` may stand for any number, switch, choice or text; another text for no number and no switch."""
    for name, (path, schema) in EVERY.items():
        types = {schema["type"]} if isinstance(schema["type"], str) else {*schema["type"]}
        if not types & {"array", "object"}:
            assert JUDGE.is_valid(layer(path, "${ref:trading.leverage}")), name
            if "string" not in types:
                assert not JUDGE.is_valid(layer(path, "twenty")), name


def test_every_layer_of_the_reference_desk_is_taken() -> None:
    """What the compiler takes of a whole desk, templates included, an editor takes as well."""
    others = {"desk.yaml", "ladders.lock.yaml"}
    layers = [path for path in DESK.rglob("*.yaml") if path.name not in others and path.parent.name != "markets"]
    wrong = {
        path.relative_to(DESK).as_posix(): error.message
        for path in layers
        for error in JUDGE.iter_errors(parse_file(path.name, path.read_bytes()).value.data)
    }
    assert len(layers) > 10
    assert wrong == {}


@pytest.mark.parametrize(
    "said",
    [
        {"trading": {"strategy_weights": {"$replace": True, "grid": 2}, "$unset": ["override_min_qty"]}},
        {"trading": {"strategy_weights": {"$unset": ["default"]}}},
        {"system": {"database": {"port": "${DB_PORT}", "host": "${env:DB_HOST:-localhost}"}}},
        {"risk": {"global": {"min_liquidity": 5000}}},
        {"strategy": {"legs": [{"exchange": "phemex", "coin": "BTCUSDT"}], "parameters": {"lookback_period": 30}}},
        {"config_version": "1.0.0", "extends": ["templates/conservative.yaml"]},
        {"bot": {"exchange": "hyperliquid", "environments": ["development"], "coins": {"development": ["ETH"]}}},
        {},
    ],
)
def test_what_a_layer_may_say_is_taken(said: Mapping[str, Any]) -> None:
    """Operations, late references, parts of groups and what stands beside sections draw no line in an editor."""
    assert [*JUDGE.iter_errors(said)] == []


@pytest.mark.parametrize(
    "said",
    [
        {"trading": {"leverage": 500}},
        {"trading": {"levrage": 5}},
        {"trading": {"margin_type": "isolatd"}},
        {"trading": {"enabled": "yes"}},
        {"trading": {"strategy_weights": {"grid": -1}}},
        {"trading": {"strategy_weights": {"$replace": False}}},
        {"strategy": {"parameters": {"lookback_perod": 30}}},
        {"strategy": {"legs": [{"exchange": "phemex"}]}},
        {"system": {"database": {"port": "${ref"}}},
        {"bot": {"exchange": "hyperliquid"}},
        {"config_version": 1.0},
        {"tradng": {}},
    ],
)
def test_what_no_layer_may_say_is_refused(said: Mapping[str, Any]) -> None:
    """Unknown names, wrong types, values out of bounds and half a declaration are marked while they are typed."""
    assert not JUDGE.is_valid(said)


def test_a_setting_tells_all_that_its_schema_says_and_fills_in_nothing() -> None:
    """Unit, default, impact and advice stand in what an editor shows; no default is there for it to write."""
    leverage = LAYER["properties"]["trading"]["properties"]["leverage"]
    own = SCHEMAS["trading"]["properties"]["leverage"]
    told = leverage["markdownDescription"]
    assert all(text in told for text in (own["description"], own["x-deskc"]["impact"], "Unit: x. Default: `10`."))
    assert own["x-deskc"]["when_to_change"] in told
    assert "default" not in leverage


def test_a_parameter_says_of_which_strategy_it_is() -> None:
    """What several strategies share is described once for each of them."""
    shared = LAYER["properties"]["strategy"]["properties"]["parameters"]["properties"]["position_size"]
    told = [one["markdownDescription"].partition(":")[0] for one in shared["anyOf"]]
    assert {"`mean_reversion`", "`correlation_arbitrage`"} <= {*told}


def test_without_strategies_there_are_no_parameters() -> None:
    """A desk whose schemas hold one section has that section alone."""
    small = layer_schema({"trading": SCHEMAS["trading"]})
    assert small["properties"].keys() == {"config_version", "extends", "trading"}
