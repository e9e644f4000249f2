"""The canonical frame of a section's JSON, which sections with the same settings share."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from deskc.core import canonical, paths
from deskc.core.resolved import Shape
from deskc.core.schemas import Schema

__all__ = ["shape_of"]


@lru_cache(maxsize=1 << 10)  # the targets of a fleet set mostly the same
def shape_of(keys: tuple[str, ...], schema: Schema) -> Shape:
    """Return the canonical order and frame for a section with these settings (RFC 8785: keys by UTF-16 code units)."""
    order: list[str] = []
    frame = _frame(_tree(keys), order)
    settings = [(path, schema.setting(path)) for path in order]
    return Shape(
        order=tuple(order),
        frame=frame,
        floats=tuple(path for path, setting in settings if setting and setting.is_float),
        restart=tuple(path for path, setting in settings if setting and not setting.is_hot),
        late=tuple(path for path, setting in settings if setting and setting.is_late),
        missing=tuple(_missing(keys, schema)),
    )


def _tree(keys: Sequence[str]) -> Mapping[str, object]:
    """Nest settings as their JSON is nested; an empty map gives way to what stands in it."""
    tree: dict[str, object] = {}
    for path in keys:
        branch = tree
        steps = paths.split(path)[1:]
        for step in steps[:-1]:
            below = branch.get(str(step))
            if not isinstance(below, dict):
                below = branch[str(step)] = {}
            branch = below
        if steps and not isinstance(branch.get(str(steps[-1])), dict):
            branch[str(steps[-1])] = path
    return tree


def _frame(tree: Mapping[str, object], order: list[str]) -> str:
    pieces = []
    for key in sorted(tree, key=canonical.key_order):
        branch = tree[key]
        name = canonical.string(key).replace("%", "%%")
        if isinstance(branch, dict):
            pieces.append(f"{name}:{_frame(branch, order)}")
        else:
            order.append(str(branch))
            pieces.append(f"{name}:%s")
    return "{" + ",".join(pieces) + "}"


def _missing(keys: Sequence[str], schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield what the schema requires and these settings lack: the object, and the setting's path."""
    known = frozenset(keys)
    for path, key in schema.required:
        for container in _instances(path, keys, schema):
            wanted = paths.child(container, key)
            if wanted not in known and not any(paths.within(other, wanted) for other in keys):
                yield container, wanted


def _instances(path: str, keys: Sequence[str], schema: Schema) -> tuple[str, ...]:
    """Return the objects that have a schema path: one a key where a free-key map lies on the way."""
    if path == schema.section:
        return (path,)
    found: dict[str, None] = {}
    length = path.count(".") + 1
    for key in keys:
        steps = paths.split(key)
        if len(steps) >= length:
            above = paths.join(steps[:length])
            if schema.general(above) == path:
                found[above] = None
    return tuple(found)
