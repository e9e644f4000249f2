"""The settings of a section and what its JSON Schema says of each, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any, NamedTuple

from deskc import sdk
from deskc.core import paths, schemas

__all__ = ["Described", "Section", "advice", "facts", "settings"]

_TYPES = {"array": "list", "object": "map"}
_LATE = "value or late reference, such as ${NAME} or ${secret:path}"
_RANGES = {
    ("minimum", "maximum"): "{} to {}",
    ("minLength", "maxLength"): "{} to {} characters",
    ("minItems", "maxItems"): "{} to {} items",
}
_ONE_SIDED = {
    "minimum": "{} or more",
    "exclusiveMinimum": "above {}",
    "maximum": "{} or less",
    "exclusiveMaximum": "below {}",
    "minLength": "{} characters or more",
    "maxLength": "{} characters or less",
    "minItems": "{} items or more",
    "maxItems": "{} items or less",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section's JSON Schema as its file has it; a strategy's own has the name `strategy.parameters`.

    `known` are the rules there are, of which some read the section.
    """

    name: str
    document: Mapping[str, Any]
    strategy: str | None
    known: tuple[sdk.Rule, ...] = ()

    @property
    def leaves(self) -> "tuple[Described, ...]":
        """Return its settings in the order in which they are written, without the groups that hold them."""
        return tuple(one for one in settings(self) if not one.is_group)

    @property
    def rules(self) -> tuple[sdk.Rule, ...]:
        """Return the rules that read anything of the section, by their codes."""
        return self._reading(self.name)

    def readers(self, path: str) -> tuple[str, ...]:
        """Return the codes of the rules that read a setting, something inside it, or the group that holds it."""
        return tuple(rule.code for rule in self._reading(path))

    def _reading(self, path: str) -> tuple[sdk.Rule, ...]:
        found = (rule for rule in self.known if any(_touch(path, need) for need in rule.needs))
        return tuple(sorted(found, key=lambda rule: rule.code))


def _touch(path: str, need: str) -> bool:
    need = need.replace("{exchange}", schemas.FREE)
    return f"{path}.".startswith(f"{need}.") or f"{need}.".startswith(f"{path}.")


class Described(NamedTuple):
    """A leaf, a free-key map (with `*` for a key below it) or a closed group, with the axes that hold for it."""

    path: str
    schema: Mapping[str, Any]
    axes: tuple[str, ...] | None
    required: bool

    @property
    def is_group(self) -> bool:
        """Say whether it holds settings and is none itself."""
        return "properties" in self.schema


def settings(section: Section) -> Iterator[Described]:
    """Yield what a section holds in the order in which it is written, groups before what is in them."""
    root = schemas.inline(section.document, section.document)
    yield from _inside(Described(section.name, root, _axes(root, None), required=False))


def _inside(above: Described) -> Iterator[Described]:
    required = above.schema.get("required", ())
    for key, schema in above.schema.get("properties", {}).items():
        yield from _with(Described(paths.child(above.path, key), schema, _axes(schema, above.axes), key in required))
    entry = above.schema.get("additionalProperties")
    if isinstance(entry, Mapping) and "properties" in entry:
        yield from _with(Described(f"{above.path}.{schemas.FREE}", entry, above.axes, required=False))


def _with(found: Described) -> Iterator[Described]:
    yield found
    yield from _inside(found)


def _axes(schema: Mapping[str, Any], inherited: tuple[str, ...] | None) -> tuple[str, ...] | None:
    own = schema.get("x-deskc", {}).get("axes")
    return inherited if own is None else tuple(own)


def facts(one: Described) -> dict[str, str]:
    """Say in words what a schema says of a setting, by the words' names; what it is silent about is left out."""
    schema, notes = one.schema, one.schema.get("x-deskc", {})
    late = bool(notes.get("late"))
    found = {
        "type": _type(schema, late=late),
        "default": _json(schema["default"]) if "default" in schema else "required" if one.required else "none",
        "bounds": _bounds(schema),
        "form": "" if late and _types(schema) != ("string",) else schema.get("pattern", ""),
        "values": ", ".join(map(_bare, schema.get("enum", ()))),
        "unit": "" if notes.get("unit") == "none" else notes.get("unit", ""),
        "axes": _axes_in_words(one.axes) if notes or one.axes is not None else "",
        "bump": notes.get("bump", ""),
        "change": {True: "hot: taken over at once", False: "taken over at a restart", None: ""}[notes.get("hot")],
        "late": _LATE if late else "",
        "runtime": "judged by the bot's runtime policy" if notes.get("runtime") else "",
        "examples": ", ".join(map(_json, schema.get("examples", ()))),
        "status": "deprecated" if schema.get("deprecated") else "",
    }
    return {name: said for name, said in found.items() if said}


def advice(one: Described) -> dict[str, str]:
    """Say what a schema says of choosing a value: what each one means, what a change does and when it is due."""
    schema, notes = one.schema, one.schema.get("x-deskc", {})
    meanings = zip(map(_bare, schema.get("enum", ())), schema.get("markdownEnumDescriptions", ()), strict=False)
    found = {
        "values": "\n".join(f"{value}: {meaning}" for value, meaning in meanings),
        "impact": notes.get("impact", ""),
        "when": notes.get("when_to_change", ""),
    }
    return {name: said for name, said in found.items() if said}


def _axes_in_words(axes: tuple[str, ...] | None) -> str:
    return "any" if axes is None else " and ".join(axes) or "nothing"


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    declared = schema.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _type(schema: Mapping[str, Any], *, late: bool = False) -> str:
    types = _types(schema)
    if late and len([name for name in types if name != "null"]) > 1:
        types = tuple(name for name in types if name != "string")
    return " or ".join(_one_type(name, schema) for name in types)


def _one_type(name: str, schema: Mapping[str, Any]) -> str:
    word = _TYPES.get(name, name)
    if name == "object" and "properties" in schema:
        return f"{word} with {', '.join(schema['properties'])}"
    inner = schema.get({"array": "items", "object": "additionalProperties"}.get(name, ""))
    if not isinstance(inner, Mapping) or (name == "object" and "properties" in inner):  # what has a path of its own
        return word
    bounds = _bounds(inner)
    return f"{word} of {_type(inner)}" + (f" ({bounds})" if bounds else "")


def _bounds(schema: Mapping[str, Any]) -> str:
    said: list[str] = []
    open_keys = dict(_ONE_SIDED)
    for pair, words in _RANGES.items():
        if all(key in schema for key in pair):
            said.append(words.format(*(_json(schema[key]) for key in pair)))
            open_keys = {key: word for key, word in open_keys.items() if key not in pair}
    for key, words in open_keys.items():
        if key in schema:
            is_not_empty = key.startswith("min") and key != "minimum" and schema[key] == 1
            said.append("not empty" if is_not_empty else words.format(_json(schema[key])))
    return ", ".join([*said, *(["no item twice"] if schema.get("uniqueItems") else [])])


def _json(value: object) -> str:
    return dumps(value, ensure_ascii=False)


def _bare(value: object) -> str:
    return value if isinstance(value, str) else _json(value)
