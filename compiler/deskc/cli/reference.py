"""What rule and schema describe: the schemas and rules of the desk at hand, or those that came with deskc."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskc import sdk
from deskc.cli.where import find_desk, now
from deskc.content import bundled, load_folders, load_rules, load_schemas
from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.stages.parse import parse_file
from deskc.stages.read import Folder, WorktreeSource, read

__all__ = ["Content", "came_with_deskc", "content_of", "rules", "schemas"]

_SUFFIX = ".schema.json"
_DECLARATIONS = ("bot", "desk")  # they describe formats of deskc's own, so a desk need not carry them
_BUNDLED = {"schemas": ".json", "validators": ".py"}


@dataclass(frozen=True, slots=True)
class Content:
    """Schemas and rules as files: a tree, and the two folders in it, each with a slash at its end."""

    tree: Tree
    schemas: str
    validators: str


def content_of(desk: str | None) -> Content:
    """Read the desk named, else the one found, in the working tree; else what came with deskc.

    Raise DeskcError where the desk that was named is none.
    """
    try:
        where = find_desk(desk)
    except DeskcError:
        if desk is not None:
            raise
        return came_with_deskc()
    source = WorktreeSource(where.root, now())
    file = f"{where.folder}desk.yaml"
    data = read(source, (Folder(where.folder, ("desk.yaml",)),)).value.files.get(file)
    if data is None and desk is None:
        return came_with_deskc()
    folders = data and load_folders(parse_file(file, data).value, where.folder).value
    if not folders:
        msg = f"there is no {file}" if data is None else f"{file} does not say where its schemas and rules lie"
        raise DeskcError(msg, help="run deskc check" if data else "name the folder of a desk")
    wanted = (Folder(folders.schemas, (".json",)), Folder(folders.validators, (".py",)))
    return Content(read(source, wanted).value, folders.schemas, folders.validators)


def came_with_deskc() -> Content:
    """Return the schemas and rules that scaffold a desk."""
    files: dict[str, bytes] = {}
    for name, ending in _BUNDLED.items():
        folder = bundled(name)
        paths = sorted(folder.rglob(f"*{ending}"))
        files |= {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}
    return Content(Tree(None, 0, files), "schemas/", "validators/")


def rules(content: Content) -> tuple[sdk.Rule, ...]:
    """Load the rules; one that cannot be loaded is left out, which check reports."""
    return load_rules(content.tree, content.validators).value


def schemas(content: Content) -> Mapping[str, Mapping[str, Any]]:
    """Return the schemas by name, such as `trading` or `strategy/multi_coin_mm`.

    Raise DeskcError where one is no schema of the dialect.
    """
    broken = load_schemas(content.tree, content.schemas).findings
    if broken:
        raise DeskcError(broken[0].message, help="run deskc check, which says where")
    own = came_with_deskc()
    found = {name: schema for name, schema in _documents(own).items() if name in _DECLARATIONS}
    return dict(sorted({**found, **_documents(content)}.items()))


def _documents(content: Content) -> Mapping[str, Mapping[str, Any]]:
    paths = [path for path in content.tree.files if path.startswith(content.schemas) and path.endswith(_SUFFIX)]
    named = {path.removeprefix(content.schemas).removesuffix(_SUFFIX): path for path in paths}
    return {name: json.loads(content.tree.files[path]) for name, path in named.items() if not name.startswith("meta/")}
