"""Authority: what a layer may set, take away or let vary, by the axes that a schema grants."""

from collections.abc import Iterator

from deskc.core import paths, references
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, error
from deskc.core.layers import Patch
from deskc.core.schemas import Schema, Setting
from deskc.stages.validate.placed import Given

__all__ = ["axes_violated"]


def axes_violated(
    patch: Patch, schema: Schema, *, axes: frozenset[str], given: Given, via: Leaf | None
) -> Iterator[Finding]:
    """Yield a finding for each setting that a layer of these axes may not set, take away, replace or refer to.

    `via` is the entry of the layer's `extends` that brought the patch, None for the layer's own.
    """
    for path in patch.references:
        yield from _reference_violated(path, patch.leaves[path], schema, given)
    if not patch.drops and patch.leaves.keys() <= schema.settable(axes):
        return
    for path, leaf in patch.leaves.items():
        limit = schema.limit(path)
        if limit is not None and not _allows(limit, axes):
            yield _violated(path, leaf, limit, axes=axes, given=given, via=via)
    for drop in patch.drops:
        for path in (drop.path,) if drop.keys is None else (paths.child(drop.path, key) for key in drop.keys):
            for limit in _limits_around(path, schema):
                if not _allows(limit, axes):
                    yield _violated(path, drop.leaf, limit, axes=axes, given=given, via=via)


def _limits_around(path: str, schema: Schema) -> Iterator[Setting]:
    """Yield what restricts what is taken away: the nearest limit on it or above it, and those below it."""
    limit = schema.limit(path)
    if limit is not None:
        yield limit
    general = schema.general(path)
    yield from (below for name, below in schema.restricted.items() if paths.within(name, general))


def _violated(  # noqa: PLR0913 - a violation has two ends
    path: str, leaf: Leaf, limit: Setting, *, axes: frozenset[str], given: Given, via: Leaf | None
) -> Finding:
    allowed = [pattern.text for pattern in given.desk.hierarchy if _allows(limit, frozenset(pattern.axes))]
    message = f"{path} may vary by {_named(limit.axes)} only, but this layer varies by {_named(axes)}"
    way_out = f"set it in {' or '.join(allowed)}" if allowed else "no level of the hierarchy may set it"
    places = (leaf.place("set here"), given.schemas.locate(limit, "x-deskc.axes"))
    return error("AXES001", message, way_out, *places, *(() if via is None else (via.place("extended here"),)))


def _reference_violated(path: str, leaf: Leaf, schema: Schema, given: Given) -> Iterator[Finding]:
    """Refuse a reference by which a setting would vary by more than its own axes."""
    limit, reference = schema.limit(path), references.read(leaf.value)
    if limit is None or limit.axes is None or reference is None:
        return
    other = schema if reference.name.startswith(f"{schema.section}.") else None
    other = other or given.schemas.sections.get(reference.name.partition(".")[0])
    if other is None:
        return
    source = other.limit(reference.name)
    if source is not None and _allows(limit, source.axes):
        return
    varies = "anything" if source is None or source.axes is None else _named(source.axes)
    message = f"{path} may vary by {_named(limit.axes)} only, but {reference.name} may vary by {varies}"
    places = (leaf.place("refers to it here"), given.schemas.locate(limit, "x-deskc.axes"))
    yield error("AXES001", message, "write the value here, or refer to a setting that varies by no more", *places)


def _allows(limit: Setting, axes: frozenset[str] | None) -> bool:
    return limit.axes is None or (axes is not None and axes <= limit.axes)


def _named(axes: frozenset[str] | None) -> str:
    return " and ".join(sorted(axes or ())) or "nothing"
