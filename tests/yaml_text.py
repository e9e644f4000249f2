"""Write plain values as YAML in many ways: flow or block, quoted or plain, keys in any order, with comments."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

__all__ = ["Steps", "Written", "pen", "write_yaml"]

Steps = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z$_][A-Za-z0-9_]*( [A-Za-z0-9_]+)*|[0-9]{1,2}:[0-9]{2}|[0-9]+m")
_WORDS = frozenset(word for name in ("null", "true", "false") for word in (name, name.title(), name.upper()))
_PRINTED = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u05ff\u4e00-\u9fff\U0001f600-\U0001f64f]*")


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text, and what was written for each scalar and empty collection, by its steps."""

    text: str
    tokens: Mapping[Steps, str]


def pen(seed: int) -> Random:
    """Return what makes choices that have no meaning, the same ones for the same seed."""
    return Random(seed)  # noqa: S311 - nothing here is secret


def write_yaml(data: Mapping[str, Any], pen: Random) -> Written:
    """Write a map; `pen` makes every choice that has no meaning."""
    work = _Writing(pen)
    if not data:
        return Written(pen.choice(("", "# nothing\n", "{}\n")), {})
    if pen.random() < 0.1:
        return Written(f"{work.flow(data, ())}\n", work.tokens)
    work.block(data, (), 0)
    return Written("".join(f"{line}\n" for line in work.lines), work.tokens)


class _Writing:
    """One file while it is written."""

    def __init__(self, pen: Random) -> None:
        self.pen = pen
        self.lines: list[str] = []
        self.tokens: dict[Steps, str] = {}

    def block(self, data: Mapping[str, Any], above: Steps, indent: int) -> None:
        """Write a map, a line or more for each key."""
        keys = list(data)
        self.pen.shuffle(keys)
        for key in keys:
            self.remark(indent)
            value, steps = data[key], (*above, key)
            head = f"{' ' * indent}{self.text(key)}:"
            is_block = bool(value) and isinstance(value, (dict, list)) and self.pen.random() < 0.7
            if is_block and isinstance(value, dict):
                self.lines.append(head + self.comment())
                self.block(value, steps, indent + self.pen.choice((1, 2, 2, 4)))
            elif is_block:
                self.lines.append(head + self.comment())
                self.items(value, steps, indent + self.pen.choice((0, 2)))
            else:
                self.lines.append(f"{head}{self.pen.choice((' ', ' ', '  '))}{self.flow(value, steps)}{self.comment()}")

    def items(self, values: Sequence[Any], above: Steps, indent: int) -> None:
        """Write a list, a line for each item."""
        for index, value in enumerate(values):
            self.lines.append(f"{' ' * indent}- {self.flow(value, (*above, index))}{self.comment()}")

    def remark(self, indent: int) -> None:
        """Sometimes write a line that means nothing."""
        if self.pen.random() < 0.15:
            self.lines.append(self.pen.choice(("", " " * indent + "# a: 1", "# {[")))

    def comment(self) -> str:
        """Sometimes end a line with a comment."""
        return self.pen.choice((" # as agreed", "  #", "", "", "", "", "", ""))

    def flow(self, value: Any, steps: Steps) -> str:  # noqa: ANN401 - any JSON value
        """Return a value in one line."""
        if isinstance(value, dict) and value:
            keys = list(value)
            self.pen.shuffle(keys)
            return self.between("{", [self.pair(key, value[key], steps) for key in keys], "}")
        if isinstance(value, list) and value:
            return self.between("[", [self.flow(item, (*steps, index)) for index, item in enumerate(value)], "]")
        self.tokens[steps] = token = self.scalar(value)
        return token

    def between(self, opening: str, parts: Sequence[str], closing: str) -> str:
        """Return a flow collection."""
        space = self.pen.choice(("", " "))
        return f"{opening}{space}{', '.join(parts)}{space}{closing}"

    def pair(self, key: str, value: Any, steps: Steps) -> str:  # noqa: ANN401 - any JSON value
        """Return a key and its value in a flow map."""
        name = self.text(key)
        colon = self.pen.choice((":", ": ")) if name.startswith('"') else ": "
        return f"{name}{colon}{self.flow(value, (*steps, key))}"

    def scalar(self, value: Any) -> str:  # noqa: ANN401 - any JSON scalar, or an empty collection
        """Return a scalar in one of its forms."""
        if value is None:
            return self.pen.choice(("null", "~", "Null", "NULL"))
        if isinstance(value, bool):
            return self.pen.choice((str, _lower, _upper))(value)
        if isinstance(value, int):
            return self.pen.choice((str(value), f"{value}.0", f"{value}e0"))
        if isinstance(value, float):
            return repr(value)
        return self.text(value) if isinstance(value, str) else json.dumps(value)

    def text(self, value: str) -> str:
        """Return a text, quoted where it has to be, and sometimes where it need not be."""
        forms: list[Callable[[str], str]] = [_double]
        if _PRINTED.fullmatch(value):
            forms.append(_single)
        if _PLAIN.fullmatch(value) and value not in _WORDS:
            forms += [str, str, str]
        return self.pen.choice(forms)(value)


def _lower(value: object) -> str:
    return str(value).lower()


def _upper(value: object) -> str:
    return str(value).upper()


def _double(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _single(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
