"""Where in a file a broken rule of its schema stands."""

from deskc.core import paths
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, Place, error
from deskc.core.schemas import Schema, Schemas
from deskc.core.violations import Violation

__all__ = ["in_document"]

_AT_KEY = ("additionalProperties", "required")


def in_document(document: Document, violation: Violation, schema: Schema, schemas: Schemas) -> Finding:
    """Place a violation in its file, and its limit in the schema."""
    place = _spot(document, violation)
    setting = schema.setting(violation.path)
    if setting is None or not setting.file or violation.keyword in (*_AT_KEY, "type"):
        return error(violation.code, violation.message, violation.help, place)
    return error(violation.code, violation.message, violation.help, place, schemas.locate(setting, violation.keyword))


def _spot(document: Document, violation: Violation) -> Place:
    leaf = document.find(violation.path) or _nearest(document, violation.path)
    if leaf is None:
        return Place(document.path)
    return leaf.key_place() if violation.keyword in _AT_KEY else leaf.place()


def _nearest(document: Document, path: str) -> Leaf | None:
    """Return what stands inside a path, or closest around it."""
    for group in document.leaves.values():
        for leaf in group.values():
            if paths.within(leaf.path, path):
                return leaf
    steps = paths.split(path)
    for length in range(len(steps) - 1, 0, -1):
        found = document.find(paths.join(steps[:length]))
        if found:
            return found
    return None
