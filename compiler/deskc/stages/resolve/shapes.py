"""The canonical frame of a section's JSON, which sections with the same settings share."""

from collections.abc import Mapping, Sequence

from deskc.core import canonical, paths
from deskc.core.resolved import Shape
from deskc.core.schemas import Schema

__all__ = ["shape_of"]


def shape_of(keys: Sequence[str], schema: Schema) -> Shape:
    """Return the canonical order and frame for a section with these settings (RFC 8785: keys by UTF-16 code units)."""
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
    order: list[str] = []
    frame = _frame(tree, order)
    settings = [(path, schema.setting(path)) for path in order]
    return Shape(
        order=tuple(order),
        frame=frame,
        floats=tuple(path for path, setting in settings if setting and setting.is_float),
        restart=tuple(path for path, setting in settings if setting and not setting.is_hot),
        late=tuple(path for path, setting in settings if setting and setting.is_late),
    )


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
