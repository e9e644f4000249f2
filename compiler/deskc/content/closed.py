"""Judge a YAML file that is no layer by a schema of the compiler's own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from deskc.content.files import bundled
from deskc.core import paths
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error
from deskc.core.violations import violations

__all__ = ["faults", "spot"]


def faults(document: Document, name: str, *, noun: str) -> Iterator[Finding]:
    """Yield what is wrong with a file by schemas/meta/<name>.schema.json; `noun` is what a key of it is called."""
    schema = _schema(name)
    errors = list(jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(document.data))
    keys = {paths.join(tuple(one.instance_path)): _allowed(schema, one.instance_path) for one in errors}
    for violation in violations(errors, prefix="", keys=keys):
        place = spot(document, violation.path, at_key=violation.keyword in ("additionalProperties", "required"))
        unknown = violation.keyword == "additionalProperties" and "did you mean" not in violation.help
        way_out = "delete it" if unknown else violation.help
        yield error(violation.code, violation.message.replace("no setting", f"no {noun}"), way_out, place)


def spot(document: Document, path: str, *, at_key: bool = False) -> Place:
    """Return where something stands in a file, or the nearest thing around it."""
    while path:
        leaf = document.find(path)
        if leaf is not None:
            return leaf.key_place() if at_key or path in document.containers else leaf.place()
        path = paths.join(paths.split(path)[:-1])
    return Place(document.path)


@cache
def _schema(name: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads((bundled("schemas") / "meta" / f"{name}.schema.json").read_bytes())
    return document


def _allowed(schema: Mapping[str, Any], steps: Iterable[str | int]) -> tuple[str, ...]:
    """Return the keys that the map at a path may have."""
    for step in steps:
        inside = schema["items"] if isinstance(step, int) else schema.get("properties", {}).get(step)
        schema = inside or schema["additionalProperties"]
    return tuple(schema.get("properties", ()))
