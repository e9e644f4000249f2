"""What rule and schema describe: the schemas and rules of the desk at hand, or those that came with deskc."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deskc import sdk
from deskc.cli.where import find_desk, now
from deskc.content import bundled, load_folders, load_rules
from deskc.core.documents import Tree
from deskc.core.errors import DeskcError
from deskc.stages.parse import parse_file
from deskc.stages.read import Folder, WorktreeSource, read

__all__ = ["Reference", "reference"]

_SUFFIX = ".schema.json"
_DECLARATIONS = ("bot", "desk")
_ENDINGS = {"schemas": ".json", "validators": ".py"}


@dataclass(frozen=True, slots=True)
class Reference:
    """Schemas by name, such as `trading` or `strategy/multi_coin_mm`, and rules."""

    schemas: Mapping[str, Mapping[str, Any]]
    rules: tuple[sdk.Rule, ...]


def reference(desk: str | None) -> Reference:
    """Load from the working tree of the desk named, else found, else from what came with deskc.

    Raise DeskcError where the desk that was named is none, or a schema is no JSON.
    """
    own = _bundled()
    found = _desk(desk)
    tree, schemas, validators = found or (own, "schemas/", "validators/")
    known = dict(_schemas(tree, schemas))
    if found:  # a desk need not carry what describes desk.yaml and bot.yaml
        known = {name: schema for name, schema in _schemas(own, "schemas/") if name in _DECLARATIONS} | known
    return Reference(dict(sorted(known.items())), load_rules(tree, validators).value)


def _desk(desk: str | None) -> tuple[Tree, str, str] | None:
    """Read the schemas and rules of a desk in the working tree; None where there is no desk and none was named."""
    try:
        where = find_desk(desk)
    except DeskcError:
        if desk is not None:
            raise
        return None
    source = WorktreeSource(where.root, now())
    file = f"{where.folder}desk.yaml"
    data = read(source, (Folder(where.folder, ("desk.yaml",)),)).value.files.get(file)
    if data is None:
        if desk is None:
            return None
        msg = f"there is no {file}"
        raise DeskcError(msg, help="name the desk's folder, or leave it out to read what came with deskc")
    folders = load_folders(parse_file(file, data).value, where.folder).value
    if folders is None:
        msg = f"{file} does not say where its schemas and rules lie"
        raise DeskcError(msg, help="run deskc check")
    wanted = (Folder(folders.schemas, (".json",)), Folder(folders.validators, (".py",)))
    return read(source, wanted).value, folders.schemas, folders.validators


def _bundled() -> Tree:
    files: dict[str, bytes] = {}
    for name, ending in _ENDINGS.items():
        folder = bundled(name)
        paths = sorted(folder.rglob(f"*{ending}"))
        files |= {f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths}
    return Tree(None, 0, files)


def _schemas(tree: Tree, folder: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(tree.files):
        name = path.removeprefix(folder)
        if path.startswith(folder) and name.endswith(_SUFFIX) and not name.startswith("meta/"):
            try:
                yield name.removesuffix(_SUFFIX), json.loads(tree.files[path])
            except ValueError as error:
                msg = f"{path} is no JSON"
                raise DeskcError(msg, help="run deskc check, which says where") from error
