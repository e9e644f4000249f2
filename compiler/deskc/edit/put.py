"""Put a setting into a layer's text: in its place where it is there, else into a map that is, else anew."""

from typing import Any

import yaml

from deskc.edit.block import block, flow
from deskc.edit.splice import line_end

__all__ = ["put"]


def put(text: str, path: tuple[str, ...], value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the YAML text of a map with `value` at a path of keys; comments and every other byte stay.

    The text must be one that strict reading takes.
    """
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    if node is None:
        return _ended(text) + block(_nested(path, value)).replace("\n", line_end(text))
    for depth, key in enumerate(path):
        found = _entry(node, key)
        if found is None:
            return _added(text, node, path[depth:], value)
        if depth == len(path) - 1 or not isinstance(found, yaml.MappingNode):
            rest = path[depth + 1 :]
            return _exchanged(text, found, _nested(rest, value) if rest else value)
        node = found
    raise ValueError(path)  # a path has keys


def _entry(node: Any, key: str) -> Any:  # noqa: ANN401 - a node's value depends on its kind
    return next((value for name, value in node.value if name.value == key), None)


def _nested(path: tuple[str, ...], value: Any) -> Any:  # noqa: ANN401 - any JSON value
    for key in reversed(path):
        value = {key: value}
    return value


def _exchanged(text: str, node: Any, value: Any) -> str:  # noqa: ANN401 - as above
    """Put another value in a node's place; of one in block style what follows its last scalar stays."""
    start, end = node.start_mark.index, _end(node)
    space = " " if start == end and not text[:start].endswith((" ", "\n")) else ""  # `key:` alone has an empty value
    return f"{text[:start]}{space}{flow(value)}{text[end:]}"


def _added(text: str, node: Any, path: tuple[str, ...], value: Any) -> str:  # noqa: ANN401 - as above
    """Add an entry behind the last one of a map."""
    if node.flow_style:
        place = node.value[-1][1].end_mark.index if node.value else node.start_mark.index + 1
        more = f"{flow(path[0])}: {flow(_nested(path[1:], value))}"
        return f"{text[:place]}{', ' * bool(node.value)}{more}{text[place:]}"
    indent, newline = " " * node.start_mark.column, line_end(text)
    lines = block(_nested(path, value)).splitlines()
    place = text.find("\n", _end(node)) + 1 or len(text)
    before = _ended(text[:place], newline)
    return f"{before}{''.join(f'{indent}{line}{newline}' for line in lines)}{text[place:]}"


def _ended(text: str, newline: str = "\n") -> str:
    return text if not text or text.endswith("\n") else f"{text}{newline}"


def _end(node: Any) -> int:  # noqa: ANN401 - as above
    """Return where a node's text ends; a block ends with its last scalar, not where the next entry begins."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
