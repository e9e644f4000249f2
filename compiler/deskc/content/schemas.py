"""Load schemas: JSON Schema in the desk's dialect, one file a section and one a strategy."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

import jsonschema_rs

from deskc.content.files import bundled, digest_of
from deskc.core import paths, schemas
from deskc.core.documents import Document, Tree
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.schemas import Schema, Schemas, Setting, Validator
from deskc.core.scopes import SECTIONS
from deskc.stages.parse import parse_file

__all__ = ["load_schemas"]

_SUFFIX = ".schema.json"
_DECLARATIONS = ("bot", "desk")


def load_schemas(tree: Tree, folder: str) -> Outcome[Schemas]:
    """Load the schemas of a tree; one that breaks the dialect is a finding and is left out."""
    return _loaded(tuple((path, data) for path, data in tree.files.items() if path.startswith(folder)), folder)


@lru_cache(maxsize=4)  # a check reads two trees, whose schemas are mostly the same
def _loaded(files: tuple[tuple[str, bytes], ...], folder: str) -> Outcome[Schemas]:
    tree = Tree(None, 0, dict(files))
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
            document = json.loads(self.tree.files[path], object_pairs_hook=_without_twins, parse_constant=_no_constant)
        except json.JSONDecodeError as problem:
            place = Place(path, problem.lineno, problem.colno)
            self.error("SCHEMA001", f"the schema is no JSON: {problem.msg}", "correct the JSON here", place)
            return
        except (ValueError, RecursionError) as problem:
            self.error("SCHEMA001", f"the schema cannot be read: {problem}", "correct the file", Place(path))
            return
        if name == "strategy":
            document = _with_closed_parameters(document)
        if self.keeps_to_dialect(name, path, document):
            self.raw[name] = document
            self.files[name] = path

    def keeps_to_dialect(self, name: str, path: str, document: Any) -> bool:
        """Check a schema against the dialect, its patterns, and that its references go nowhere in circles."""
        way_out = "see the dialect of schemas in the reference"
        judge = _metaschema() if name in _DECLARATIONS else _dialect()
        errors = list(judge.iter_errors(document))
        for one in errors:
            where = paths.join(tuple(one.instance_path)) or "the schema"
            self.error("SCHEMA004", f"{where}: {one.message}", way_out, self.place(path, where))
        if errors:
            return False
        try:
            if name not in _DECLARATIONS:
                schemas.inline(document, document)
            _compiled(document)
        except (RecursionError, KeyError) as problem:
            what = f"lead to {problem}, which is not there" if isinstance(problem, KeyError) else "go in a circle"
            message = f"the references of the schema {what}"
            self.error("SCHEMA005", message, "let each $ref name a definition", Place(path))
            return False
        except (jsonschema_rs.ValidationError, ValueError) as problem:
            self.error("SCHEMA004", f"the schema: {problem}".partition("\n")[0], way_out, Place(path))
            return False
        return True

    def sections(self) -> Mapping[str, Schema]:
        """Build the schema of each section, and those of desk.yaml and bot.yaml."""
        found = {name: self.declaration(name) for name in _DECLARATIONS}
        for name, document in self.raw.items():
            if "/" not in name and name not in _DECLARATIONS:
                found[name] = self.built(name, document)
        return found

    def declaration(self, name: str) -> Schema:
        """Build the schema of the compiler's own formats; a desk need not carry them, and may only add to them.

        What declares a desk or a bot is judged whole, since no layers add up to it.
        """
        own = json.loads((bundled("schemas") / f"{name}{_SUFFIX}").read_bytes())
        schema = schemas.build(name, own, file=self.files.get(name, ""), compiled=_compiled)
        theirs = self.raw.get(name, own)
        judges = (_compiled(own),) if theirs == own else (_compiled(own), _compiled(theirs))
        return replace(schema, partial=judges[0] if len(judges) == 1 else _Both(*judges))

    def built(self, name: str, document: Mapping[str, Any], strategy: str = "") -> Schema:
        """Build one schema, closed by a strategy's parameters if one is named, and judge its defaults by itself."""
        parameters = (self.raw[strategy], self.files[strategy]) if strategy else None
        schema = schemas.build(name, document, file=self.files[name], compiled=_compiled, parameters=parameters)
        for path, leaf in schema.defaults.items():
            for violation in schema.violations(paths.nested(path, leaf.value)):
                setting = schema.default_of(path)
                place = self.locate(setting, "default") if setting else Place(leaf.file)
                self.error("SCHEMA006", f"the default of {path}: {violation.message}", violation.help, place)
        return schema

    def strategies(self) -> Mapping[str, Schema]:
        """Build the section `strategy` once a strategy, closed by its parameters."""
        document = self.raw.get("strategy")
        if document is None:
            return {}
        prefix = "strategy/"
        names = [name for name in self.raw if name.startswith(prefix)]
        return {name.removeprefix(prefix): self.built("strategy", document, strategy=name) for name in names}

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
        """Add an error, once."""
        finding = error(code, message, way_out, place)
        if finding not in self.findings:
            self.findings.append(finding)


def _with_closed_parameters(document: Any) -> Any:
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


def _compiled(document: Mapping[str, Any] | bool) -> Validator:  # noqa: FBT001 - true is a schema
    return jsonschema_rs.Draft202012Validator(document if isinstance(document, bool) else dict(document))


class _Both(NamedTuple):
    """Two schemas of one thing; what either refuses is refused."""

    one: Validator
    other: Validator

    def is_valid(self, instance: Any, /) -> bool:
        """Say whether both accept a value."""
        return self.one.is_valid(instance) and self.other.is_valid(instance)

    def iter_errors(self, instance: Any, /) -> Iterator[Any]:
        """Yield what either refuses."""
        yield from self.one.iter_errors(instance)
        yield from self.other.iter_errors(instance)


@cache
def _dialect() -> Validator:
    return _compiled(json.loads((bundled("schemas") / "meta" / f"section{_SUFFIX}").read_bytes()))


@cache
def _metaschema() -> Validator:
    return _Metaschema()


class _Metaschema:
    """The meta-schema of JSON Schema 2020-12 itself, for the schemas of desk.yaml and bot.yaml."""

    def is_valid(self, instance: Any, /) -> bool:
        """Say whether a document is a schema."""
        return jsonschema_rs.meta.is_valid(instance)

    def iter_errors(self, instance: Any, /) -> Iterator[Any]:
        """Yield the first thing that makes it none."""
        try:
            jsonschema_rs.meta.validate(instance)
        except jsonschema_rs.ValidationError as error:
            yield error


def _no_constant(name: str) -> None:
    msg = f"{name} is no number"
    raise ValueError(msg)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        msg = f"{next(name for name in names if names.count(name) > 1)} is written twice"
        raise ValueError(msg)
    return found
