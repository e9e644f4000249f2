"""Find and load what a build brings beside its layers: desk.yaml, schemas and rules; and their digests."""

import ast
import json
import linecache
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import jsonschema_rs

from deskc import sdk
from deskc.core import canonical, paths, schemas
from deskc.core.canonical import Digest
from deskc.core.desk import Desk, Pattern
from deskc.core.documents import Document, Tree
from deskc.core.findings import Finding, Place
from deskc.core.outcome import Outcome
from deskc.core.schemas import Schema, Schemas, Setting, Validator
from deskc.core.scopes import SECTIONS
from deskc.core.violations import violations
from deskc.stages.parse import parse_file

__all__ = ["Folders", "bundled", "digest_of", "load_desk", "load_folders", "load_rules", "load_schemas"]

_SUFFIX = ".schema.json"
_DECLARATIONS = ("bot", "desk")
_PURE = frozenset(
    [
        "abc",
        "bisect",
        "calendar",
        "collections",
        "contextlib",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "heapq",
        "itertools",
        "math",
        "numbers",
        "operator",
        "re",
        "statistics",
        "string",
        "typing",
        "unicodedata",
        "zoneinfo",
    ]
)


def bundled(name: str) -> Path:
    """Return the folder `schemas` or `validators` that came with deskc: inside the wheel, or beside an editable install."""
    inside = Path(__file__).parent / "_bundled" / name
    return inside if inside.is_dir() else Path(__file__).parents[2] / name


def digest_of(tree: Tree, folder: str) -> Digest:
    """Return the digest of a folder's files: their names inside it and their bytes."""
    listed = {
        path.removeprefix(folder): sha256(data).hexdigest()
        for path, data in tree.files.items()
        if path.startswith(folder)
    }
    return canonical.digest(canonical.encode(listed).encode())


# desk.yaml


class Folders(NamedTuple):
    """Where desk.yaml says that schemas and rules lie, relative to the repository's root, each with a slash at its end."""

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
            findings.append(
                Finding(
                    "DESK001",
                    "error",
                    message,
                    f"write {name}: {name}",
                    (leaf.place() if leaf else Place(document.path),),
                )
            )
            continue
        path = paths.inside("", str(Path(folder, leaf.value))) if not leaf.value.startswith("/") else None
        if path is None or path == ".":
            message = f"{name}: {leaf.value} leads out of the repository"
            findings.append(
                Finding("PATH001", "error", message, "name a folder of the same repository", (leaf.place(),))
            )
        else:
            found[name] = f"{path}/"
    if findings:
        return Outcome(None, tuple(findings))
    return Outcome(Folders(folder, found["schemas"], found["validators"]))


def load_desk(document: Document, folders: Folders, loaded: Schemas) -> Outcome[Desk | None]:
    """Judge desk.yaml by the tree's desk.schema.json, or the compiler's own where the tree has none, and read it."""
    findings = list(_judged(document, loaded.sections["desk"]))
    if findings:
        return Outcome(None, tuple(findings))
    said = document.data
    markets = paths.inside(folders.desk, said["markets"])
    experiments = said.get("experiments")
    desk = Desk(
        folder=folders.desk,
        environments={name: environment["writes"] for name, environment in said["environments"].items()},
        hierarchy=tuple(Pattern(text) for text in said["hierarchy"]),
        schemas=folders.schemas,
        validators=folders.validators,
        markets=f"{markets}/",
        signatures=said.get("signatures", "optional"),
        approvals={path: tuple(owners) for path, owners in said.get("approvals", {}).items()},
        experiments=None if experiments is None else f"{paths.inside(folders.desk, experiments)}/",
    )
    return Outcome(desk, (*_overlaps(document, desk), *_approvals(document, desk, loaded)))


def _judged(document: Document, schema: Schema) -> Iterator[Finding]:
    for violation in violations(schema.partial.iter_errors(document.data), prefix="desk"):
        path = violation.path.removeprefix("desk").removeprefix(".")
        leaf = document.find(path) if path else None
        at_key = violation.keyword in ("additionalProperties", "required")
        place = Place(document.path) if leaf is None else leaf.key_place() if at_key else leaf.place()
        message = violation.message.replace("desk.", "", 1) if path else violation.message
        yield Finding(violation.code, "error", message, violation.help, (place,))


def _overlaps(document: Document, desk: Desk) -> Iterator[Finding]:
    for one, other in desk.overlaps():
        places = [leaf.place() for leaf in document.items.values() if leaf.value in (one.text, other.text)]
        message = f"{one.text} and {other.text} can name one file, so its level would be a guess"
        yield Finding("DESK002", "error", message, "make the two patterns differ", tuple(places))


def _approvals(document: Document, desk: Desk, loaded: Schemas) -> Iterator[Finding]:
    for path in desk.approvals:
        schema = loaded.sections.get(path.partition(".")[0])
        known = schema is not None and (schema.setting(path) or schema.general(path) in {*schema.maps, *schema.objects})
        if not known:
            leaf = document.find(paths.child("approvals", path))
            place = leaf.key_place() if leaf else Place(document.path)
            yield Finding(
                "DESK003",
                "error",
                f"approvals names {path}, which is no setting",
                "name a section or a setting path",
                (place,),
            )


# Schemas


def load_schemas(tree: Tree, folder: str) -> Outcome[Schemas]:
    """Load the schemas of a tree; one that breaks the dialect is a finding and is left out."""
    loading = _Loading(tree, folder)
    sections, strategies = loading.sections(), loading.strategies()
    loaded = Schemas(sections, strategies, digest_of(tree, folder), loading.locate)
    return Outcome(loaded, tuple(loading.findings))


class _Loading:
    """One run over a schema folder."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self.tree = tree
        self.findings: list[Finding] = []
        self.raw: dict[str, Mapping[str, Any]] = {}
        self.files: dict[str, str] = {}
        self.parsed: dict[str, Document] = {}
        for path in sorted(tree.files):
            name = path.removeprefix(folder)
            if path.startswith(folder) and name.endswith(_SUFFIX) and not name.startswith("meta/"):
                self.load(name.removesuffix(_SUFFIX), path)

    def load(self, name: str, path: str) -> None:
        """Read one schema and check that it keeps to the dialect."""
        if name not in (*_DECLARATIONS, *SECTIONS) and not name.startswith("strategy/"):
            message = f"{name} is no section, so its schema judges nothing"
            self.error("SCHEMA002", message, f"sections are: {', '.join(SECTIONS)}", Place(path))
            return
        try:
            document = json.loads(self.tree.files[path], object_pairs_hook=_without_twins)
        except json.JSONDecodeError as error:
            self.error(
                "SCHEMA001",
                f"the schema is no JSON: {error.msg}",
                "correct the JSON here",
                Place(path, error.lineno, error.colno),
            )
            return
        except (UnicodeDecodeError, ValueError) as error:
            self.error("SCHEMA001", f"the schema cannot be read: {error}", "correct the file", Place(path))
            return
        if name == "strategy":
            document = _with_closed_parameters(document)
        if self.keeps_to_dialect(name, path, document):
            self.raw[name] = document
            self.files[name] = path

    def keeps_to_dialect(self, name: str, path: str, document: Any) -> bool:  # noqa: ANN401
        """Check a schema against the dialect, and that its references go nowhere in circles."""
        judge = _metaschema() if name in _DECLARATIONS else _dialect()
        errors = list(judge.iter_errors(document))
        for error in errors:
            where = paths.join(tuple(error.instance_path)) or "the schema"
            self.error(
                "SCHEMA004",
                f"{where}: {error.message}",
                "see the dialect of schemas in the reference",
                self.place(path, where),
            )
        if not errors and name not in _DECLARATIONS:
            try:
                schemas.inline(document, document)
            except (RecursionError, KeyError) as error:
                what = "go in a circle" if isinstance(error, RecursionError) else f"lead to {error}, which is not there"
                self.error(
                    "SCHEMA005", f"the references of the schema {what}", "let each $ref name a definition", Place(path)
                )
                return False
        return not errors

    def sections(self) -> Mapping[str, Schema]:
        """Build the schema of each section, and those of desk.yaml and bot.yaml."""
        for name in _DECLARATIONS:
            if name not in self.raw:  # they describe the compiler's own formats, so a desk need not carry them
                self.raw[name] = json.loads((bundled("schemas") / f"{name}{_SUFFIX}").read_bytes())
                self.files[name] = f"{name}{_SUFFIX}"
        return {name: self.built(name, document) for name, document in self.raw.items() if "/" not in name}

    def built(self, name: str, document: Mapping[str, Any]) -> Schema:
        """Build one schema; what declares a desk or a bot is judged whole, since no layers add up to it."""
        schema = schemas.build(name, document, file=self.files[name], compiled=_compiled)
        return replace(schema, partial=_compiled(document)) if name in _DECLARATIONS else schema

    def strategies(self) -> Mapping[str, Schema]:
        """Build the section `strategy` once a strategy, closed by its parameters."""
        document = self.raw.get("strategy")
        if document is None:
            return {}
        found: dict[str, Schema] = {}
        for name in self.raw:
            if name.startswith("strategy/"):
                parameters = (self.raw[name], self.files[name])
                found[name.removeprefix("strategy/")] = schemas.build(
                    "strategy", document, file=self.files["strategy"], compiled=_compiled, parameters=parameters
                )
        return found

    def locate(self, setting: Setting, keyword: str) -> Place:
        """Return where a keyword of a setting stands in its schema."""
        path = paths.join((*setting.pointer, *keyword.split(".")))
        return self.place(setting.file, path, role=_ROLES.get(keyword, "limit set here"))

    def place(self, file: str, path: str, *, role: str = "") -> Place:
        """Return a place inside a schema file; JSON is YAML, so strict reading knows every position."""
        if file not in self.tree.files:
            return Place(file, role=role)
        if file not in self.parsed:
            self.parsed[file] = parse_file(file, self.tree.files[file]).value
        leaf = self.parsed[file].find(path)
        if leaf is None:
            return Place(file, role=role)
        return leaf.key_place(role) if leaf.path in self.parsed[file].containers else leaf.place(role)

    def error(self, code: str, message: str, way_out: str, place: Place) -> None:
        """Add an error."""
        self.findings.append(Finding(code, "error", message, way_out, (place,)))


def _with_closed_parameters(document: Any) -> Any:  # noqa: ANN401
    """Close `parameters` where the section leaves that to each strategy's own schema."""
    try:
        parameters = {"additionalProperties": False, "properties": {}, **document["properties"]["parameters"]}
    except (TypeError, KeyError):
        return document
    return {**document, "properties": {**document["properties"], "parameters": parameters}}


_ROLES = {
    "x-deskc.axes": "what it may vary by is set here",
    "default": "default set here",
    "enum": "choices set here",
    "pattern": "form set here",
}


def _compiled(document: Mapping[str, Any]) -> Validator:
    return jsonschema_rs.Draft202012Validator(dict(document))


@cache
def _dialect() -> Validator:
    return _compiled(json.loads((bundled("schemas") / "meta" / f"section{_SUFFIX}").read_bytes()))


@cache
def _metaschema() -> Validator:
    return _Metaschema()


class _Metaschema:
    """The meta-schema of JSON Schema 2020-12 itself, for the schemas of desk.yaml and bot.yaml."""

    def is_valid(self, instance: Any, /) -> bool:  # noqa: ANN401
        """Say whether a document is a schema."""
        return jsonschema_rs.meta.is_valid(instance)

    def iter_errors(self, instance: Any, /) -> Iterator[Any]:  # noqa: ANN401
        """Yield the first thing that makes it none."""
        try:
            jsonschema_rs.meta.validate(instance)
        except jsonschema_rs.ValidationError as error:
            yield error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        msg = f"{next(name for name in names if names.count(name) > 1)} is written twice"
        raise ValueError(msg)
    return found


# Rules


def load_rules(tree: Tree, folder: str) -> Outcome[tuple[sdk.Rule, ...]]:
    """Load the rules of a tree: source compiled from the tree's bytes, never from an import path."""
    rules: list[sdk.Rule] = []
    findings: list[Finding] = []
    for path in sorted(tree.files):
        if path.startswith(folder) and path.endswith(".py"):
            outcome = _rules_of(path, tree.files[path])
            rules += outcome.value
            findings += outcome.findings
    codes: dict[str, sdk.Rule] = {}
    for rule in rules:
        first = codes.setdefault(rule.code, rule)
        if first is not rule:
            places = (Place(rule.file), Place(first.file, role="first used here"))
            findings.append(
                Finding(
                    "RULE003",
                    "error",
                    f"the code {rule.code} is used twice",
                    "give each rule a code of its own",
                    places,
                )
            )
    return Outcome(tuple(codes.values()), tuple(findings))


def _rules_of(path: str, source: bytes) -> Outcome[tuple[sdk.Rule, ...]]:
    try:
        parsed = ast.parse(source, path)
        _refuse_imports(parsed)
        code = compile(parsed, path, "exec")
        namespace = _run(path, source, code)
    except _NotPure as error:
        way_out = "import deskc.sdk and the pure parts of the standard library only"
        return Outcome(
            (),
            (Finding("RULE002", "error", f"a rule may not import {error.name}", way_out, (Place(path, error.line),)),),
        )
    except Exception as error:  # noqa: BLE001 - a rule is the desk's code; whatever its loading raises is the desk's finding
        line = getattr(error, "lineno", None) or 1
        message = f"the rule cannot be loaded: {type(error).__name__}: {error}"
        return Outcome((), (Finding("RULE001", "error", message, "correct the rule", (Place(path, line),)),))
    title = (ast.get_docstring(parsed) or "").partition("\n")[0]
    found = tuple(value._replace(file=path, title=title) for value in namespace.values() if isinstance(value, sdk.Rule))
    if not found:
        return Outcome(
            (),
            (
                Finding(
                    "RULE004",
                    "error",
                    "the file defines no rule",
                    "decorate a function with @rule, or delete the file",
                    (Place(path),),
                ),
            ),
        )
    return Outcome(found)


def _run(path: str, source: bytes, code: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Run a rule's module under a name that holds its source's digest, with its lines known to tracebacks."""
    name = f"deskc_rule_{sha256(source).hexdigest()[:16]}"
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # dataclasses look their module up by name
    text = source.decode()
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    exec(code, module.__dict__)  # noqa: S102 - rules are code, trusted as their tree is trusted
    return module.__dict__


class _NotPure(Exception):  # noqa: N818 - a signal inside this module
    """An import that a rule may not have."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(name)
        self.name = name
        self.line = line


def _refuse_imports(parsed: ast.Module) -> None:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        else:
            continue
        for name in names:
            if name != "deskc.sdk" and name.partition(".")[0] not in _PURE:
                raise _NotPure(name, node.lineno)
