"""What a JSON Schema error means to a person: code, message and the way out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from deskc.core import canonical, paths

__all__ = ["Violation", "close_to", "shown", "violations"]

_TYPES = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "a map",
    "null": "null",
}
_REFERENCE = "^\\$\\{"  # how the pattern of a setting begins that takes nothing but a late reference, or no other text
_LONGEST = 60  # characters of a value that a message repeats
_YES_AND_NO = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_BOUNDS = {
    "minimum": ("below {limit}, its minimum", "write {limit} or more"),
    "maximum": ("over {limit}, its maximum", "write {limit} or less"),
    "exclusiveMinimum": ("not above {limit}", "write a number above {limit}"),
    "exclusiveMaximum": ("not below {limit}", "write a number below {limit}"),
    "minLength": ("shorter than {limit} characters", "write at least {limit} characters"),
    "maxLength": ("longer than {limit} characters", "write at most {limit} characters"),
    "minItems": ("a list of fewer than {limit} items", "list at least {limit}"),
    "maxItems": ("a list of more than {limit} items", "list at most {limit}"),
}


class Violation(NamedTuple):
    """One broken rule of a schema: at which path, by which keyword, and what to say about it."""

    path: str
    code: str
    keyword: str
    message: str
    help: str


def violations(
    errors: Iterable[Any], *, prefix: str, keys: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Violation]:
    """Put jsonschema-rs errors into words; paths start with `prefix`, `keys` lists what a closed object may hold."""
    for error in errors:
        path = paths.join((*paths.split(prefix), *error.instance_path))
        if error.kind.name == "additionalProperties":
            for key in error.kind.unexpected:
                yield _unknown(path, key, (keys or {}).get(path, ()))
        elif error.kind.name == "required":
            name = paths.child(path, error.kind.property)
            yield Violation(path, "REQ001", "required", f"{name} is missing", f"write {error.kind.property}: here")
        else:
            yield _one(path, error)


def _unknown(path: str, key: str, known: Iterable[str]) -> Violation:
    name = paths.child(path, key)
    section = name.split(".")[0]
    guess = close_to(key, known)
    way_out = f"did you mean {guess}?" if guess else f"deskc schema {section} lists its settings"
    return Violation(name, "KEY002", "additionalProperties", f"{name} is no setting", way_out)


def _one(path: str, error: Any) -> Violation:
    kind, value = error.kind, error.instance
    if kind.name == "type":
        return _wrong_type(path, tuple(kind.types), value)
    if kind.name in _BOUNDS:
        fact, way_out = _BOUNDS[kind.name]
        limit = shown(kind.limit)
        message = f"{path} is {shown(value)}, {fact.format(limit=limit)}"
        return Violation(path, "BOUND001", kind.name, message, way_out.format(limit=limit))
    if kind.name in ("enum", "const"):
        options = tuple(kind.options) if kind.name == "enum" else (kind.expected_value,)
        return _not_listed(path, kind.name, options, value)
    message, way_out = _misshapen(path, error)
    return Violation(path, "FORM001", kind.name, message, way_out)


def _misshapen(path: str, error: Any) -> tuple[str, str]:
    """Return what is wrong with a value's form, and the way out."""
    kind = error.kind
    if kind.name == "pattern" and kind.pattern.startswith(_REFERENCE):  # what stands there may be a secret
        return f"{path} is a text that is no reference", "write ${env:NAME} or ${secret:path}, and nothing beside it"
    if kind.name == "pattern":
        message = f"{path} is {shown(error.instance)}, which does not have the form {kind.pattern}"
        return message, "write it in that form"
    if kind.name == "propertyNames":
        return f"{path} holds the name {shown(kind.error.instance)}, which is none", "write another name"
    if kind.name == "minProperties":
        return f"{path} is empty", "write at least one entry"
    if kind.name == "uniqueItems":
        return f"{path} lists an item twice", "list each item once"
    return f"{path}: {error.message}", "see deskc schema for what may stand here"


def _wrong_type(path: str, types: tuple[str, ...], value: Any) -> Violation:
    wanted = " or ".join(_TYPES.get(name, name) for name in types)
    way_out = f"write {wanted}"
    if "boolean" in types and isinstance(value, str) and value.lower() in _YES_AND_NO:
        way_out = f"write {_YES_AND_NO[value.lower()]}"
    elif set(types) <= {"string", "null"} and isinstance(value, (bool, int, float)):
        way_out = f'quote it: "{shown(value)}"'
    return Violation(path, "TYPE001", "type", f"{path} is {_with_type(value)}, not {wanted}", way_out)


def _with_type(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, (dict, list)):
        return "a map" if isinstance(value, dict) else "a list"
    return shown(value)


def _not_listed(path: str, keyword: str, options: tuple[Any, ...], value: Any) -> Violation:
    listed = ", ".join(shown(option).strip('"') for option in options)
    texts = [option for option in options if isinstance(option, str)]
    guess = close_to(value, texts) if isinstance(value, str) else None
    way_out = f"did you mean {guess}?" if guess else f"write one of: {listed}"
    return Violation(path, "ENUM001", keyword, f"{path} is {shown(value)}, not one of {listed}", way_out)


def shown(value: Any) -> str:
    """Write a value for a message: as JSON, cut where it is long."""
    try:
        text = canonical.encode(value)
    except ValueError:
        text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}…"


def close_to(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None
