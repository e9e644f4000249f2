"""desk.yaml: where its folders lie, and the desk that it declares."""

from collections.abc import Iterator
from posixpath import normpath
from typing import NamedTuple

from deskc.core import paths
from deskc.core.desk import Desk, Pattern
from deskc.core.documents import Document
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.schemas import Schema, Schemas

__all__ = ["Folders", "load_desk", "load_folders"]


class Folders(NamedTuple):
    """Where desk.yaml says that schemas and rules lie, from the repository's root, each with a slash at its end."""

    desk: str
    schemas: str
    validators: str


def load_folders(document: Document, folder: str) -> Outcome[Folders | None]:
    """Read from desk.yaml what has to be known before anything else can be read."""
    if document.broken:
        return Outcome(None)
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for name in ("schemas", "validators"):
        leaf = document.find(name)
        if leaf is None or not isinstance(leaf.value, str):
            message = f"desk.yaml does not say where its {name} are"
            findings.append(error("DESK001", message, f"write {name}: {name}", _spot(document, name)))
            continue
        path = None if leaf.value.startswith("/") else paths.inside("", normpath(f"{folder}{leaf.value}"))
        if path is None or path == ".":
            message = f"{name}: {leaf.value} leads out of the repository"
            findings.append(error("PATH001", message, "name a folder of the same repository", leaf.place()))
        else:
            found[name] = f"{path}/"
    if findings:
        return Outcome(None, tuple(findings))
    return Outcome(Folders(folder, found["schemas"], found["validators"]))


def load_desk(document: Document, folders: Folders, loaded: Schemas) -> Outcome[Desk | None]:
    """Judge desk.yaml by the tree's desk.schema.json, or the compiler's own where the tree has none, and read it."""
    findings = dict.fromkeys(_judged(document, loaded.sections["desk"]))
    if findings:
        return Outcome(None, tuple(findings))
    said = document.data
    desk = Desk(
        folder=folders.desk,
        environments={name: environment["writes"] for name, environment in said["environments"].items()},
        hierarchy=tuple(Pattern(text) for text in said["hierarchy"]),
        schemas=folders.schemas,
        validators=folders.validators,
        markets=f"{normpath(folders.desk + said['markets'])}/",
        signatures=said.get("signatures", "optional"),
        approvals={path: tuple(owners) for path, owners in said.get("approvals", {}).items()},
        experiments=f"{normpath(folders.desk + said['experiments'])}/" if "experiments" in said else None,
    )
    levels = tuple(_levels(document, desk))
    found = (*_overlaps(document, desk), *levels, *_approvals(document, desk, loaded))
    return Outcome(None if levels else desk, found)


def _judged(document: Document, schema: Schema) -> Iterator[Finding]:
    for violation in schema.violations(document.data):
        path = violation.path.removeprefix("desk").removeprefix(".")
        leaf = document.find(path) if path else None
        at_key = violation.keyword in ("additionalProperties", "required")
        place = Place(document.path) if leaf is None else leaf.key_place() if at_key else leaf.place()
        message = violation.message.replace("desk.", "", 1) if path else violation.message
        yield error(violation.code, message, violation.help, place)


def _overlaps(document: Document, desk: Desk) -> Iterator[Finding]:
    for one, other in desk.overlaps():
        message = f"{one.text} and {other.text} can name one file, so its level would be a guess"
        yield error("DESK002", message, "make the two patterns differ", *_listed(document, one, other))


def _levels(document: Document, desk: Desk) -> Iterator[Finding]:
    """Yield what keeps the hierarchy from being read at all."""
    for pattern in desk.hierarchy:
        if pattern.is_ambiguous:
            message = f"{pattern.text} does not say where one name ends and the next begins"
            yield error("DESK005", message, "put a dot or a slash between two variables", *_listed(document, pattern))
    declaring = [pattern for pattern in desk.hierarchy if pattern.declares]
    if len(declaring) != 1:
        found = " and ".join(pattern.text for pattern in declaring) or "no pattern"
        message = f"{found} of the hierarchy says where bots are declared, where one has to"
        places = _listed(document, *declaring) or (_spot(document, "hierarchy"),)
        yield error("DESK004", message, "let one pattern end in {bot}/bot.yaml, such as bots/{bot}/bot.yaml", *places)


def _listed(document: Document, *patterns: Pattern) -> tuple[Place, ...]:
    texts = {pattern.text for pattern in patterns}
    listed = (leaf for leaf in document.items.values() if leaf.path.startswith("hierarchy["))
    return tuple(leaf.place() for leaf in listed if leaf.value in texts)


def _approvals(document: Document, desk: Desk, loaded: Schemas) -> Iterator[Finding]:
    for path in desk.approvals:
        if not _is_setting(path, loaded):
            place = _spot(document, paths.child("approvals", path))
            message = f"approvals names {path}, which is no setting"
            yield error("DESK003", message, "name a section or a setting path", place)


def _is_setting(path: str, loaded: Schemas) -> bool:
    section = path.partition(".")[0]
    schemas = [loaded.sections.get(section), *(loaded.strategies.values() if section == "strategy" else ())]
    try:
        general = [schema.general(path) for schema in schemas if schema is not None]
    except ValueError:
        return False
    known = {
        name for schema in schemas if schema is not None for name in (*schema.settings, *schema.maps, *schema.objects)
    }
    return any(name in known for name in general)


def _spot(document: Document, path: str) -> Place:
    leaf = document.find(path)
    return leaf.key_place() if leaf else Place(document.path)
