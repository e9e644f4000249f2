"""What a schema requires of a whole section, which no single layer has to set."""

from collections.abc import Iterator, Mapping

from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, error
from deskc.core.resolved import Section
from deskc.core.schemas import Schema
from deskc.core.scopes import Target

__all__ = ["missing"]


def missing(section: Section, schema: Schema, target: Target) -> Iterator[Finding]:
    """Yield a finding for each setting that the schema requires and no layer of a target has set."""
    for path, key in schema.required:
        for container in _instances(path, section.leaves, schema):
            wanted = paths.child(container, key)
            if not _present(wanted, section.leaves):
                spoken = (leaf for patch in section.patches[1:] for leaf in patch.leaves.values())
                inside = [leaf for leaf in spoken if leaf.path == container or paths.within(leaf.path, container)]
                places = (inside[-1].key_place(f"{container} set here"),) if inside else ()
                message = f"{wanted} is required, and no layer of {target} sets it"
                yield error("REQ001", message, f"set {wanted} in one of its layers", *places, scopes=(target,))


def _instances(path: str, leaves: Mapping[str, Leaf], schema: Schema) -> tuple[str, ...]:
    """Return the objects of a section that have a schema path: one a key where a free-key map lies on the way."""
    if path == schema.section:
        return (path,)
    found: dict[str, None] = {}
    length = len(paths.split(path))
    for leaf in leaves:
        steps = paths.split(leaf)
        if len(steps) >= length:
            above = paths.join(steps[:length])
            if schema.general(above) == path:
                found[above] = None
    return tuple(found)


def _present(path: str, leaves: Mapping[str, Leaf]) -> bool:
    return path in leaves or any(paths.within(leaf, path) for leaf in leaves)
