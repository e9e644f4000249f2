"""Change one value in a YAML text and nothing else: comments, line ends and every other byte stay."""

from typing import Any

import yaml

__all__ = ["appended", "line_end", "replaced"]


def replaced(text: str, path: tuple[str, ...], value: str) -> str:
    """Put another value, written as YAML, in the place of one that stands on its own line or in brackets."""
    node = _node(text, path)
    return f"{text[: node.start_mark.index]}{value}{text[node.end_mark.index :]}"


def appended(text: str, path: tuple[str, ...], item: str) -> str:
    """Add a scalar, written as YAML, to the end of a list, in the list's own style."""
    node = _node(text, path)
    if not node.value:
        place, more = node.start_mark.index + 1, item  # only brackets can be empty
    elif node.flow_style:
        place, more = node.value[-1].end_mark.index, f", {item}"
    else:
        place = _end_of_line(text, node.value[-1].end_mark.index)
        more = f"{line_end(text)}{' ' * node.start_mark.column}- {item}"
    return f"{text[:place]}{more}{text[place:]}"


def _node(text: str, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a node's value depends on its kind
    """Return the node at a path of keys, by libyaml: the parser that has read the text before."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for step in path:
        node = next(value for key, value in node.value if key.value == step)
    return node


def _end_of_line(text: str, index: int) -> int:
    """Return where the line ends that an index lies in: before its line end, behind its comment."""
    end = text.find("\n", index)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def line_end(text: str) -> str:
    """Return what ends the lines of a text."""
    return "\r\n" if "\r\n" in text else "\n"
