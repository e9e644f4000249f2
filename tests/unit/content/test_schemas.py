"""Loading schemas: what the dialect refuses, and where."""

import json

import pytest

from deskc.pipeline import prepare
from desks import BASE, Files, codes, compiled, lay, only, scope, section
from in_memory import InMemory

TRADING = "schemas/trading.schema.json"
MONITORING = "schemas/monitoring.schema.json"


def schema(**properties: object) -> Files:
    """Return a schema of a section that nothing speaks of."""
    return {MONITORING: section(properties)}


WRONG: dict[str, tuple[Files, str]] = {
    "no JSON": ({MONITORING: '{"type": "object"'}, "SCHEMA001"),
    "no text": ({MONITORING: b"\xff\xfe"}, "SCHEMA001"),
    "a key twice": ({MONITORING: '{"type": "object", "type": "object"}'}, "SCHEMA001"),
    "NaN": (
        {MONITORING: section({"a": {"type": "number"}}).replace('"number"', '"number", "minimum": NaN')},
        "SCHEMA001",
    ),
    "nested without end": ({MONITORING: "[" * 100_000}, "SCHEMA001"),
    "no section": ({"schemas/monitor.schema.json": section({})}, "SCHEMA002"),
    "a list": ({MONITORING: "[]"}, "SCHEMA004"),
    "true": ({MONITORING: "true"}, "SCHEMA004"),
    "an open section": (
        {MONITORING: '{"type": "object", "properties": {}, "additionalProperties": true}'},
        "SCHEMA004",
    ),
    "an open group": (schema(a={"type": "object", "properties": {}}), "SCHEMA004"),
    "an unknown keyword": (schema(a={"type": "integer", "multipleOf": 2}), "SCHEMA004"),
    "an unknown type": (schema(a={"type": "money"}), "SCHEMA004"),
    "an object in a union": (schema(a={"type": ["object", "null"]}), "SCHEMA004"),
    "a default of a group": (
        schema(a={"type": "object", "additionalProperties": False, "properties": {}, "default": {}}),
        "SCHEMA004",
    ),
    "an unknown axis": (schema(a={"type": "integer", "x-deskc": {"axes": ["planet"]}}), "SCHEMA004"),
    "a pattern that is none": (schema(a={"type": "string", "pattern": "["}), "SCHEMA004"),
    "a reference elsewhere": (schema(a={"$ref": "other.json"}), "SCHEMA004"),
    "a reference to nothing": (schema(a={"$ref": "#/$defs/b"}), "SCHEMA005"),
    "a default of another type": (schema(a={"type": "integer", "default": "x"}), "SCHEMA006"),
    "a default out of bounds": (schema(a={"type": "integer", "minimum": 1, "default": 0}), "SCHEMA006"),
    "a default that is not listed": (schema(a={"enum": ["x"], "type": "string", "default": "y"}), "SCHEMA006"),
    "an entry of a default": (
        schema(a={"type": "object", "additionalProperties": {"type": "number"}, "default": {"b": "x"}}),
        "SCHEMA006",
    ),
    "a strategy's default": (
        {"schemas/strategy/quote.schema.json": section({"a": {"type": "integer", "default": 0.5}})},
        "SCHEMA006",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_schema_that_breaks_the_dialect_is_a_finding(name: str) -> None:
    """It names the schema's file, and nothing is frozen by rules that are in doubt."""
    files, code = WRONG[name]
    compilation = compiled(files)
    assert {finding.code for finding in compilation.findings} == {code}
    assert all(finding.places[0].path in files and finding.help for finding in compilation.findings)
    assert compilation.snapshots == ()


def test_references_in_a_circle_are_a_finding() -> None:
    """A definition that needs itself describes nothing."""
    text = section(
        {"a": {"$ref": "#/$defs/b"}}, **{"$defs": {"b": {"type": "array", "items": {"type": "array", "items": {}}}}}
    )
    assert "SCHEMA004" in codes({MONITORING: text})
    loop = {"b": {"$ref": "#/$defs/c"}, "c": {"$ref": "#/$defs/b"}}
    assert codes({MONITORING: section({"a": {"$ref": "#/$defs/b"}}, **{"$defs": loop})})[0] in {
        "SCHEMA004",
        "SCHEMA005",
    }


def test_a_local_reference_is_what_it_names() -> None:
    """A definition used twice judges and fills both settings, and limits lead to it."""
    text = section(
        {"leverage": {"$ref": "#/$defs/small"}, "other": {"$ref": "#/$defs/small"}},
        **{"$defs": {"small": {"type": "integer", "maximum": 9, "default": 3}}},
    )
    assert scope({TRADING: text}).value("trading") == {"leverage": 5, "other": 3}
    finding = only({TRADING: text, "global.yaml": "trading: {other: 10}\n"})
    assert [place.path for place in finding.places] == ["global.yaml", TRADING]


def test_a_finding_about_a_schema_stands_at_its_line() -> None:
    """JSON is YAML, so the place of a fault is known."""
    finding = only(schema(a={"type": "integer"}, b={"type": "integer", "minimum": 5, "default": 0}))
    line = schema(a={"type": "integer"}, b={"type": "integer", "minimum": 5, "default": 0})[MONITORING]
    assert isinstance(line, str)
    assert '"default"' in line.splitlines()[finding.places[0].line - 1]


def test_an_editors_meta_schema_judges_nothing() -> None:
    """Whatever lies in schemas/meta/ is for editors."""
    assert codes({"schemas/meta/section.schema.json": "no JSON"}) == []


@pytest.mark.parametrize("name", ["desk", "bot"])
def test_a_desk_cannot_loosen_the_compilers_own_formats(name: str) -> None:
    """A copy of desk.schema.json or bot.schema.json that allows anything still leaves what the compiler needs."""
    wrong: Files = {
        "desk.yaml": BASE["desk.yaml"].replace("markets: markets", "markets: ../../etc"),
        "bots/mm/bot.yaml": "bot: {coins: 5}\n",
    }
    path = {"desk": "desk.yaml", "bot": "bots/mm/bot.yaml"}[name]
    for loose in ("{}", "true"):
        assert codes({f"schemas/{name}.schema.json": loose, path: wrong[path]})


def test_a_desk_may_demand_more_of_its_own_files() -> None:
    """Its own copy counts beside the compiler's."""
    strict = json.dumps({"type": "object", "properties": {"account": True}, "required": ["account"]})
    assert only({"schemas/bot.schema.json": strict}).message == "bot.account is missing"


def test_the_digest_of_schemas_is_that_of_their_names_and_bytes() -> None:
    """Any byte of any schema changes it, nothing else does."""

    def digest(files: Files) -> str:
        layers = prepare(InMemory(lay(files)), "").layers
        assert layers is not None
        return layers.schemas.digest

    assert digest({}) == digest({"global.yaml": "trading: {leverage: 7}\n"})
    assert digest({}) != digest({TRADING: BASE[TRADING] + "\n"})
    assert digest({}) != digest({MONITORING: section({})})
