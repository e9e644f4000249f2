"""Take a setting out of a layer's text: its lines and those of maps that it leaves empty; every other byte stays."""

from typing import Any

import yaml

__all__ = ["drop", "value_at"]


def value_at(text: str, path: tuple[str, ...]) -> bool | None:
    """Return the truth value at a path of keys, None where there is none."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for key in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for name, value in node.value if name.value == key), None)
    return {"true": True, "false": False}.get(getattr(node, "value", "")) if node is not None else None


def drop(text: str, path: tuple[str, ...]) -> str:
    """Return the text of a map without what stands at a path of keys; the text itself where nothing does."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    chain = []
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        pair = next((pair for pair in pairs if pair[0].value == key), None)
        if pair is None:
            return text
        chain.append((node, pair))
        node = pair[1]
    while len(chain) > 1 and len(chain[-1][0].value) == 1:
        chain.pop()  # its map would be left empty
    return _without(text, *chain[-1])


def _without(text: str, parent: Any, pair: tuple[Any, Any]) -> str:  # noqa: ANN401 - libyaml's nodes
    """Take an entry out of its map: a flow map's with its comma, a block map's with its lines."""
    start, end = pair[0].start_mark.index, pair[1].end_mark.index
    if parent.flow_style:
        number = parent.value.index(pair)
        if number + 1 < len(parent.value):
            end = parent.value[number + 1][0].start_mark.index
        elif number:
            start = parent.value[number - 1][1].end_mark.index
        return f"{text[:start]}{text[end:]}"
    begin = text.rfind("\n", 0, start) + 1
    last = _last_scalar(pair[1])
    stop = text.find("\n", last) + 1 or len(text)
    return f"{text[:begin]}{text[stop:]}"


def _last_scalar(node: Any) -> int:  # noqa: ANN401 - as above
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _last_scalar(last[1] if isinstance(node, yaml.MappingNode) else last)
