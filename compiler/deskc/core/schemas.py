"""A section's schema as the stages use it: one entry a setting, and what may vary by what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from deskc.core import canonical, paths
from deskc.core.documents import Leaf
from deskc.core.findings import Place
from deskc.core.violations import Violation, violations

__all__ = ["FREE", "Schema", "Schemas", "Setting", "Validator", "build", "inline"]

FREE = "*"
"""Stands for any key of a free-key map in a setting's path."""


class Validator(Protocol):
    """A compiled JSON Schema (jsonschema-rs); `iter_errors` yields its ValidationError objects."""

    def is_valid(self, instance: Any, /) -> bool: ...  # noqa: ANN401, D102
    def iter_errors(self, instance: Any, /) -> Iterator[Any]: ...  # noqa: ANN401, D102


class Setting(NamedTuple):
    """One leaf of a schema, or a map or object that axes may restrict.

    `pointer` leads to its schema inside `file`. `axes` is None where any layer may set it.
    """

    path: str
    file: str
    pointer: tuple[str, ...]
    schema: Mapping[str, Any]
    axes: frozenset[str] | None

    @property
    def types(self) -> tuple[str, ...]:
        """Return the JSON types it may have."""
        declared = self.schema.get("type", ())
        return (declared,) if isinstance(declared, str) else tuple(declared)

    @property
    def notes(self) -> Mapping[str, Any]:
        """Return what stands under `x-deskc`."""
        found: Mapping[str, Any] = self.schema.get("x-deskc", {})
        return found

    @property
    def is_late(self) -> bool:
        """Say whether a reference may stand here that is bound when a bot loads."""
        return bool(self.notes.get("late", False))

    @property
    def late_type(self) -> str:
        """Return the JSON type that a late reference becomes when a bot binds it."""
        return next((name for name in self.types if name not in ("null", "string")), "string")

    @property
    def is_hot(self) -> bool:
        """Say whether a running bot may take a new value without a restart."""
        return bool(self.notes.get("hot", False))

    @property
    def is_float(self) -> bool:
        """Say whether it, or each item of it, is declared as a number that need not be whole."""
        items = self.schema.get("items", {})
        return "number" in self.types or "number" in _types(items)


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    declared = schema.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """One section's schema; for `strategy` one a strategy, closed by that strategy's parameters.

    `settings` holds leaves, `maps` free-key maps, `objects` closed objects with their keys: each by path, with `*` for
    a free key. `required` pairs an object's path with a key. `restricted` holds what has axes of its own. `defaults` is
    layer 0. `partial` judges a layer: nothing is required.
    """

    section: str
    settings: Mapping[str, Setting]
    maps: Mapping[str, Setting]
    objects: Mapping[str, tuple[str, ...]]
    required: tuple[tuple[str, str], ...]
    defaults: Mapping[str, Leaf]
    restricted: Mapping[str, Setting]
    partial: Validator
    _known: dict[str, str] = field(default_factory=dict)
    _settable: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def general(self, path: str) -> str:
        """Write a path with `*` for each key of a free-key map; a path the schema does not know comes back as it is."""
        if path in self.settings or path in self.maps or path in self.objects:
            return path
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._walk(path)
        return known

    def _walk(self, path: str) -> str:
        general = ""
        for step in paths.split(path):
            general = f"{general}.{FREE}" if general in self.maps else _step(general, step)
        return general

    def setting(self, path: str) -> Setting | None:
        """Return the leaf at a path, or None where the schema has none."""
        return self.settings.get(self.general(path))

    def default_of(self, path: str) -> Setting | None:
        """Return what gives a path its default: the leaf itself, the free-key map, or the map that lists the entry."""
        general = self.general(path)
        own = self.settings.get(general) or self.maps.get(general)
        return own if own and "default" in own.schema else self.maps.get(general.rpartition(".")[0])

    def keys(self, path: str) -> tuple[str, ...]:
        """Return what the closed object at a path may hold; nothing where there is none."""
        return self.objects.get(self.general(path), ())

    def violations(self, instance: Any) -> Iterator[Violation]:  # noqa: ANN401 - any JSON value
        """Yield what is wrong with the values that a layer has for this section, in words."""
        if self.partial.is_valid(instance):
            return
        errors = list(self.partial.iter_errors(instance))
        spots = {paths.join((self.section, *error.instance_path)) for error in errors}
        keys = {spot: self.keys(spot) for spot in spots}
        yield from violations(errors, prefix=self.section, keys=keys)

    def settable(self, axes: frozenset[str]) -> frozenset[str]:
        """Return the settings that a layer of these axes may set; entries of free-key maps have to be looked at."""
        known = self._settable.get(axes)
        if known is None:
            known = frozenset(path for path in self.settings if _allows(self.limit(path), axes))
            self._settable[axes] = known
        return known

    def limit(self, path: str) -> Setting | None:
        """Return the setting, map or object whose axes hold for a path: its own or the nearest above it."""
        above = self.general(path)
        while above:
            if above in self.restricted:
                return self.restricted[above]
            above = above.rpartition(".")[0]
        return None


def _allows(limit: Setting | None, axes: frozenset[str]) -> bool:
    return limit is None or limit.axes is None or axes <= limit.axes


def _step(path: str, step: str | int) -> str:
    return paths.item(path, step) if isinstance(step, int) else paths.child(path, step)


@dataclass(frozen=True, slots=True, eq=False)
class Schemas:
    """All schemas of one tree. `strategies` holds the section `strategy` closed by each strategy's parameters.

    `locate` finds a keyword of a setting in its file, for findings that point at a limit.
    """

    sections: Mapping[str, Schema]
    strategies: Mapping[str, Schema]
    digest: canonical.Digest
    locate: Callable[[Setting, str], Place]

    def of(self, section: str, strategy: str | None) -> Schema | None:
        """Return the schema of a section for a bot of this strategy."""
        if section == "strategy" and strategy is not None:
            return self.strategies.get(strategy)
        return self.sections.get(section)


class _Part(NamedTuple):
    """A place in the schema while it is walked."""

    path: str
    file: str
    pointer: tuple[str, ...]
    schema: Mapping[str, Any]
    axes: frozenset[str] | None


def build(
    section: str,
    document: Mapping[str, Any],
    *,
    file: str,
    compiled: Callable[[Mapping[str, Any]], Validator],
    parameters: tuple[Mapping[str, Any], str] | None = None,
) -> Schema:
    """Build a section's schema from its JSON Schema; `parameters` is a strategy's own schema and its file.

    The document has passed the dialect's meta-schema: objects are closed or free-key maps, references local.
    """
    settings: dict[str, Setting] = {}
    maps: dict[str, Setting] = {}
    objects: dict[str, tuple[str, ...]] = {}
    required: list[tuple[str, str]] = []
    restricted: dict[str, Setting] = {}
    roots = {file: document, **({parameters[1]: parameters[0]} if parameters else {})}
    waiting = [_Part(section, file, (), document, None)]
    while waiting:
        part = _followed(waiting.pop(), roots)
        if parameters and part.path == "strategy.parameters" and part.file == file:
            part = _Part(part.path, parameters[1], (), parameters[0], part.axes)
        own = part.schema.get("x-deskc", {}).get("axes")
        axes = frozenset(own) if own is not None else part.axes
        setting = Setting(part.path, part.file, part.pointer, part.schema, axes)
        if own is not None:
            restricted[part.path] = setting
        if part.schema.get("type") != "object":
            settings[part.path] = setting
            continue
        properties = part.schema.get("properties", {})
        free = part.schema.get("additionalProperties")
        if isinstance(free, Mapping):
            maps[part.path] = setting
            pointer = (*part.pointer, "additionalProperties")
            waiting.append(_Part(f"{part.path}.{FREE}", part.file, pointer, _entry(free, setting.notes), axes))
        else:
            objects[part.path] = tuple(properties)
        required += [(part.path, key) for key in part.schema.get("required", ())]
        for key, schema in properties.items():
            pointer = (*part.pointer, "properties", key)
            waiting.append(_Part(paths.child(part.path, key), part.file, pointer, schema, axes))
    return Schema(
        section=section,
        settings=settings,
        maps=maps,
        objects=objects,
        required=tuple(required),
        defaults=_defaults(settings, maps),
        restricted=restricted,
        partial=compiled(_partial_of(document, parameters[0] if parameters else None)),
    )


def _entry(free: Mapping[str, Any], notes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a free-key map's entries: what is noted of the map holds for them unless they say more."""
    inherited = {key: value for key, value in notes.items() if key != "axes"}
    return {**free, "x-deskc": {**inherited, **free.get("x-deskc", {})}}


def _followed(part: _Part, roots: Mapping[str, Mapping[str, Any]]) -> _Part:
    """Replace a local reference by what it names, keeping what stands beside it."""
    reference = part.schema.get("$ref")
    if reference is None:
        return part
    pointer = tuple(reference.removeprefix("#/").split("/"))
    target: Any = roots[part.file]
    for key in pointer:
        target = target[key]
    beside = {key: value for key, value in part.schema.items() if key != "$ref"}
    return _followed(_Part(part.path, part.file, pointer, {**target, **beside}, part.axes), roots)


def _defaults(settings: Mapping[str, Setting], maps: Mapping[str, Setting]) -> Mapping[str, Leaf]:
    """Return layer 0: the default of each leaf and the entries of each free-key map's default."""
    leaves: dict[str, Leaf] = {}
    for path, setting in settings.items():
        if "default" in setting.schema:
            leaves[path] = _default(path, setting.schema["default"], setting.file)
    for path, setting in maps.items():
        if "default" in setting.schema:
            leaves[path] = _default(path, {}, setting.file)
            for key, value in setting.schema["default"].items():
                leaves[paths.child(path, key)] = _default(paths.child(path, key), value, setting.file)
    return leaves


def _default(path: str, value: Any, file: str) -> Leaf:  # noqa: ANN401 - any JSON value
    plain = int(value) if isinstance(value, float) and value.is_integer() else value
    return Leaf(path, plain, canonical.encode(plain), file)


def _partial_of(document: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> Mapping[str, Any]:
    whole = inline(document, document)
    if parameters is not None:
        properties = {**whole["properties"], "parameters": inline(parameters, parameters)}
        whole = {**whole, "properties": properties}
    return partial(whole)


def inline(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with its local references replaced by what they name; raise RecursionError for a cycle."""
    if "$ref" in schema:
        target: Any = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        return inline(schema, root)
    found = {key: value for key, value in schema.items() if key != "$defs"}
    if "properties" in found:
        found["properties"] = {key: inline(value, root) for key, value in found["properties"].items()}
    for key in ("additionalProperties", "items"):
        if isinstance(found.get(key), Mapping):
            found[key] = inline(found[key], root)
    return found


def partial(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema without what a whole section must have, so that it judges a layer, which sets only some keys."""
    if schema.get("type") != "object":
        return schema
    found = {key: value for key, value in schema.items() if key != "required"}
    if "properties" in found:
        found["properties"] = {key: partial(value) for key, value in found["properties"].items()}
    if isinstance(found.get("additionalProperties"), Mapping):
        found["additionalProperties"] = partial(found["additionalProperties"])
    return found
