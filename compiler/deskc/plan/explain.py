"""Explain a setting: its value, every layer that was consulted, and what is known of it."""

from dataclasses import dataclass
from typing import Any

from deskc.core import references
from deskc.core.canonical import Digest
from deskc.core.documents import Leaf
from deskc.core.findings import Place
from deskc.core.layers import Layers
from deskc.core.references import Reference
from deskc.core.resolved import Scope, Section
from deskc.core.scopes import ScopeId
from deskc.plan.asked import CONFIG_VERSION, key_asked
from deskc.plan.consulted import Consulted, consulted
from deskc.plan.digests import params_digest
from deskc.plan.settings import Facts, facts_of, place_of, schema_of, within

__all__ = ["Bound", "Default", "Explanation", "Line", "explain"]


@dataclass(frozen=True, slots=True)
class Default:
    """A setting's default, layer 0. `applies` is false where no layer speaks of the section, so nothing fills it."""

    value: Any
    place: Place
    applies: bool
    wins: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """A reference as written; `path` and `place` say what it was bound to, None where a bot binds it when it loads."""

    text: str
    reference: Reference
    path: str | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Line:
    """One setting inside a section or a map: its value and where that stands."""

    path: str
    value: Any
    place: Place
    is_default: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a scope has at a key and why.

    `winner` is where the value stands, None where nothing sets it. For a section or a map `lines` holds its settings,
    and then layers, default and reference are empty.
    """

    key: str
    scope: ScopeId
    config_version: str | None
    params_digest: Digest
    is_set: bool
    value: Any
    winner: Place | None
    facts: Facts
    layers: tuple[Consulted, ...] = ()
    default: Default | None = None
    bound: Bound | None = None
    lines: tuple[Line, ...] | None = None


def explain(key: str, scope: Scope, layers: Layers) -> Explanation:
    """Explain a setting, a map, a section or `config_version` of a scope.

    Raise DeskcError, with what was probably meant, for a key that names nothing.
    """
    path = key_asked(key, scope, layers)
    leaf = scope.config_version if path == CONFIG_VERSION else scope.find(path)
    section = scope.sections.get(path.partition(".")[0])
    if _is_group(path, scope, layers):
        return _group(path, scope, layers, section)
    bound = _bound(path, leaf, section, layers, scope.id.bot)
    heard = consulted(path, scope.id, layers)
    default = _default(path, layers, scope, spoken=any(layer.hits for layer in heard))
    return Explanation(
        key=path,
        scope=scope.id,
        config_version=None if scope.config_version is None else scope.config_version.value,
        params_digest=params_digest(scope, layers),
        is_set=leaf is not None,
        value=None if leaf is None else leaf.value,
        winner=None if leaf is None else place_of(leaf, layers, scope.id.bot),
        facts=facts_of(path, layers, scope.id.bot),
        layers=heard,
        default=default,
        bound=bound,
    )


def _is_group(path: str, scope: Scope, layers: Layers) -> bool:
    """Say whether a path holds settings instead of being one; an empty map has been set as a whole."""
    schema = schema_of(path, layers, scope.id.bot)
    section = scope.sections.get(path.partition(".")[0])
    if section is not None and path in section.shape.order:
        return False
    return schema is not None and (schema.general(path) in schema.objects or schema.general(path) in schema.maps)


def _group(path: str, scope: Scope, layers: Layers, section: Section | None) -> Explanation:
    inside = () if section is None else tuple(name for name in section.shape.order if within(name, path))
    return Explanation(
        key=path,
        scope=scope.id,
        config_version=None if scope.config_version is None else scope.config_version.value,
        params_digest=params_digest(scope, layers),
        is_set=bool(inside),
        value=scope.value(path) if inside else None,
        winner=None,
        facts=facts_of(path, layers, scope.id.bot),
        lines=tuple(_line(section.leaves[name], layers, scope.id.bot) for name in inside) if section else (),
    )


def _line(leaf: Leaf, layers: Layers, bot: str) -> Line:
    return Line(leaf.path, leaf.value, place_of(leaf, layers, bot), is_default=not leaf.line)


def _default(path: str, layers: Layers, scope: Scope, *, spoken: bool) -> Default | None:
    schema = schema_of(path, layers, scope.id.bot) if path != CONFIG_VERSION else None
    leaf = schema.defaults.get(path) if schema else None
    if leaf is None:
        return None
    applies = path.partition(".")[0] in scope.sections
    return Default(leaf.value, place_of(leaf, layers, scope.id.bot), applies=applies, wins=applies and not spoken)


def _bound(path: str, leaf: Leaf | None, section: Section | None, layers: Layers, bot: str) -> Bound | None:
    """Return the reference that a setting holds; one that the compiler bound is in the layer that set it."""
    target = section.bound.get(path) if section else None
    if section is not None and target is not None:
        text = next(patch.leaves[path].value for patch in reversed(section.patches) if path in patch.leaves)
        reference = references.read(text)
        return reference and Bound(text, reference, target.path, place_of(target, layers, bot))
    if leaf is None or not isinstance(leaf.value, str):
        return None
    schema = schema_of(path, layers, bot)
    setting = schema.setting(path) if schema else None
    reference = references.read(leaf.value) if setting and setting.is_late else None
    return reference and Bound(leaf.value, reference, None, None)
