"""Write values as YAML in many ways that all mean the same."""

import json
import re
from random import Random
from typing import Any

__all__ = ["block", "flow", "varied"]

_SAFE = re.compile(r"[a-z][a-z0-9]*")
_WORDS = {"null", "true", "false"}


def flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value as YAML's flow style, which JSON is a part of."""
    return json.dumps(value, ensure_ascii=False)


def block(value: Any, indent: int = 0) -> str:  # noqa: ANN401
    """Write a map or a list in block style, its scalars as JSON."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{flow(key)}:{_below(item, indent)}" for key, item in value.items())
    return "".join(f"{pad}-{_below(item, indent)}" for item in value)


def _below(value: Any, indent: int) -> str:  # noqa: ANN401
    return f"\n{block(value, indent + 1)}" if isinstance(value, (dict, list)) and value else f" {flow(value)}\n"


def varied(value: Any, random: Random, indent: int = 0) -> str:  # noqa: ANN401
    """Write a map in block style with its keys in any order, comments, any quotes and any width of indentation."""
    pad = " " * indent
    lines = []
    for key, item in random.sample(list(value.items()), len(value)):
        if not random.randrange(4):
            lines.append(f"{pad}# {key}: a comment\n\n")
        name = _text(key, random)
        if isinstance(item, dict) and item and random.randrange(3):
            lines.append(
                f"{pad}{name}:{' # below' * random.randrange(2)}\n{varied(item, random, indent + random.choice((1, 2, 4)))}"
            )
        else:
            lines.append(
                f"{pad}{name}:{' ' * random.randint(1, 3)}{_inline(item, random)}{' # end' * random.randrange(2)}\n"
            )
    return "".join(lines) or f"{pad}{{}}\n"


def _inline(value: Any, random: Random) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        entries = random.sample(list(value.items()), len(value))
        return "{" + ", ".join(f"{_text(key, random)}: {_inline(item, random)}" for key, item in entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item, random) for item in value) + "]"
    if isinstance(value, str):
        return _text(value, random)
    if value is None:
        return random.choice(("null", "~", "Null"))
    if isinstance(value, bool):
        return random.choice((str(value), str(value).lower(), str(value).upper()))
    if isinstance(value, int):
        return random.choice((str(value), f"{value}.0", f"{value}e0"))
    return random.choice((repr(value), f"{value!r}e0" if "e" not in repr(value) else repr(value)))


def _text(text: str, random: Random) -> str:
    quoted = [json.dumps(text, ensure_ascii=False)]
    if text.isprintable():
        quoted.append("'" + text.replace("'", "''") + "'")
    if _SAFE.fullmatch(text) and text not in _WORDS:
        quoted.append(text)
    return random.choice(quoted)
