"""One JSON Schema for a whole layer, made from those of the sections: what an editor needs to know of a file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from deskc.core.schemas import inline, partial
from deskc.core.scopes import SECTIONS

__all__ = ["layer_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = r"^\$\{ref:[^{}]+\}$"
_REFERRING: Mapping[str, Any] = {  # described, or an editor takes it for the choice beside it and says too little
    "type": "string",
    "pattern": _REFERENCE,
    "description": "A reference to another setting of the same scope.",
}
_OF_CHOICES = (
    "type",
    "enum",
    "const",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "markdownEnumDescriptions",
)
_LEFT_OUT = ("x-deskc", "default")  # an editor would write the default of each setting of a group into the layer
_WORDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "null": "null"}
_UNSET = {
    "type": "array",
    "description": "What more general layers say and this one takes away: entries of a free map, optional settings.",
    "items": {"type": "string"},
}
_REPLACE = {
    "const": True,
    "description": "Drop every entry that more general layers give this map, and keep those written here.",
}
_BESIDE: Mapping[str, Any] = {
    "config_version": {
        "type": "string",
        "description": "What people call these settings, as MAJOR.MINOR.PATCH; of a bot, or of one of its coins.",
        "examples": ["1.0.0"],
    },
    "extends": {
        "type": "array",
        "description": "Templates that lie directly beneath this layer, a later one over an earlier one.",
        "items": {"type": "string", "pattern": r"\.yaml$"},
        "examples": [["templates/conservative.yaml"]],
    },
}


def layer_schema(schemas: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the schema of a layer; `schemas` are the desk's by name, such as `risk` or `strategy/mean_reversion`.

    A layer sets only some keys, so none is required; it may refer to other settings, unset and replace. Which strategy
    a layer is for stands in another file, so the parameters of all strategies are known to it.
    """
    sections = {name: partial(inline(schemas[name], schemas[name])) for name in SECTIONS if name in schemas}
    known = {name: _lenient(_anonymous(section)) for name, section in sections.items()}
    if "strategy" in known:
        own = {**known["strategy"]["properties"], "parameters": _parameters(schemas)}
        known["strategy"] = {**known["strategy"], "properties": own}
    bot = {"bot": _anonymous(schemas["bot"])} if "bot" in schemas else {}
    return {
        "$schema": _DIALECT,
        "description": "A layer of the desk, for editors. deskc makes it from the desk's schemas, which judge.",
        "type": "object",
        "additionalProperties": False,
        "properties": {**bot, **_BESIDE, **known},
    }


def _anonymous(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema without what only a file of its own has."""
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id", "title")}


def _parameters(schemas: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return one object with the parameters of every strategy; where some share a name, either's values will do."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, schema in sorted(schemas.items()):
        _, is_strategy, strategy = name.partition("strategy/")
        if is_strategy:
            for parameter, one in partial(inline(schema, schema))["properties"].items():
                found.setdefault(parameter, []).append(_lenient(one, of=strategy))
    either = {name: meant[0] if len(meant) == 1 else {"anyOf": meant} for name, meant in found.items()}
    return {
        "type": "object",
        "description": "The strategy's own parameters, as its schema describes them.",
        "additionalProperties": False,
        "properties": {**either, "$unset": _UNSET},
    }


def _lenient(schema: Mapping[str, Any], *, of: str = "") -> Mapping[str, Any]:
    """Allow what a layer may write beside values: operations in maps, references; `of` is the strategy it is for."""
    told = {**{key: value for key, value in schema.items() if key not in _LEFT_OUT}, **_told(schema, of)}
    if schema.get("type") != "object":
        return _referring(told)
    free = schema.get("additionalProperties")
    if isinstance(free, Mapping):
        operations = {"$replace": _REPLACE, "$unset": _UNSET}
        return {**told, "properties": operations, "additionalProperties": _lenient(free, of=of)}
    properties = {name: _lenient(one, of=of) for name, one in schema.get("properties", {}).items()}
    return {**told, "properties": {**properties, "$unset": _UNSET}}


def _told(schema: Mapping[str, Any], strategy: str) -> Mapping[str, str]:
    """Return what an editor shows of a setting beside its name: all that its schema says of it in prose."""
    paragraphs = list(_paragraphs(schema))
    if not paragraphs:
        return {}
    of = f"`{strategy}`: " if strategy else ""
    return {"markdownDescription": of + "\n\n".join(paragraphs)}


def _paragraphs(schema: Mapping[str, Any]) -> Iterator[str]:
    notes = schema.get("x-deskc", {})
    if "description" in schema:
        yield schema.get("markdownDescription", schema["description"])
    unit = notes.get("unit", "none")
    facts = [f"Unit: {unit}."] if unit != "none" else []
    if "default" in schema:
        facts.append(f"Default: `{json.dumps(schema['default'], ensure_ascii=False)}`.")
    if notes.get("axes"):
        facts.append(f"May vary by {', '.join(notes['axes'])} only.")
    if facts:
        yield " ".join(facts)
    for name in ("impact", "when_to_change"):
        if name in notes:
            yield notes[name]


def _referring(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let a reference stand in a value's place, in words that keep what an editor says of a wrong value plain."""
    types = (schema["type"],) if isinstance(schema["type"], str) else tuple(schema["type"])
    if "array" in types or "object" in types:
        return schema
    if "enum" in schema or "const" in schema:
        values = {key: value for key, value in schema.items() if key in _OF_CHOICES}
        return {**{key: value for key, value in schema.items() if key not in values}, "anyOf": [values, _REFERRING]}
    if "string" in types:
        own = schema.get("pattern")
        return schema if own is None else {**schema, "pattern": f"(?:{own})|{_REFERENCE}"}
    meant = " or ".join(_WORDS[name] for name in types)
    way_out = f"Write {meant} here, or refer to another setting, such as ${{ref:trading.leverage}}."
    return {**schema, "type": [*types, "string"], "pattern": _REFERENCE, "patternErrorMessage": way_out}
