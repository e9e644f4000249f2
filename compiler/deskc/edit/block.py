"""Write plain values as a layer's YAML: maps as indented blocks, lists in brackets, numbers as they were written."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskc.stages.parse import parse_file

__all__ = ["Number", "block", "flow"]

_PLAIN = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.@+-]*")


@dataclass(frozen=True, slots=True)
class Number:
    """A number by its text: 3.0 stays 3.0, and 0.30 does not become 0.3."""

    text: str


def block(values: Mapping[str, Any]) -> str:
    """Return a map as YAML that strict reading takes for the same values."""
    return "".join(f"{line}\n" for line in _lines(values, ""))


def _lines(values: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield f"{indent}{_text(key)}:"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{_text(key)}: {flow(value)}"


def flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as YAML in one line."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    """Quote a text, except where strict reading takes it for the same text without."""
    if _PLAIN.fullmatch(text) and parse_file("", f"text: {text}".encode()).value.data.get("text") == text:
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
