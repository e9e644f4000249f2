"""The layers that a scope consults, in the order of the hierarchy, and what each says of one setting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from deskc.core import paths
from deskc.core.documents import Document, Leaf
from deskc.core.layers import Layer, Layers, Patch
from deskc.core.resolved import drops
from deskc.core.scopes import ScopeId
from deskc.plan.asked import CONFIG_VERSION
from deskc.plan.reach import names_of

__all__ = ["Action", "Consulted", "Hit", "consulted"]

Action = Literal["set", "unset", "replace"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One time that a file spoke about a setting; `template` is the file where it is not the layer's own.

    `leaf` is the value, or for `unset` and `replace` what took it away.
    """

    leaf: Leaf
    action: Action
    template: str | None
    wins: bool = False


@dataclass(frozen=True, slots=True)
class Consulted:
    """One layer that a scope looks at, whether its file exists, and each time that it or a template of it spoke."""

    path: str
    exists: bool
    templates: tuple[str, ...]
    hits: tuple[Hit, ...]


def consulted(key: str, scope: ScopeId, layers: Layers) -> tuple[Consulted, ...]:
    """Return every layer that a scope consults, least specific first; the last hit is the one that wins."""
    found = [_one(key, path, layer, layers) for path, layer in _chain(scope, layers)]
    for index in range(len(found) - 1, -1, -1):
        if found[index].hits:
            *others, last = found[index].hits
            found[index] = replace(found[index], hits=(*others, replace(last, wins=True)))
            break
    return tuple(found)


def _chain(scope: ScopeId, layers: Layers) -> Iterator[tuple[str, Layer | None]]:
    """Yield the path of each level that a scope has the axes of, and the layer that stands there."""
    names = names_of(scope, layers)
    for level in layers.levels:
        if all(axis in names for axis in level.pattern.axes):
            yield layers.desk.folder + level.pattern.path(names), level.layer(names)


def _one(key: str, path: str, layer: Layer | None, layers: Layers) -> Consulted:
    if layer is None:
        return Consulted(path, exists=False, templates=(), hits=())
    templates = tuple(dict.fromkeys(_templates(path, layers.documents, layers.desk.folder)))
    if key == CONFIG_VERSION:
        label = layer.config_version
        return Consulted(path, exists=True, templates=(), hits=(Hit(label, "set", None),) if label else ())
    patches = layer.patches.get(key.partition(".")[0], ())
    hits = tuple(hit for patch in patches for hit in _hits(key, patch, layer))
    return Consulted(path, exists=True, templates=templates, hits=hits)


def _hits(key: str, patch: Patch, layer: Layer) -> Iterator[Hit]:
    template = None if patch.file == layer.path else patch.file
    for drop in patch.drops:
        if drop.path == key or drops(drop, key):
            yield Hit(drop.leaf, "replace" if drop.keys is None else "unset", template)
    if key in patch.leaves:
        yield Hit(patch.leaves[key], "set", template)


def _templates(path: str, documents: Mapping[str, Document], folder: str) -> Iterator[str]:
    """Yield the files that a file extends, as they apply: depth first, a template after what it extends itself."""
    for leaf in documents[path].items.values():
        if leaf.path.startswith("extends["):
            template = paths.inside(folder, leaf.value)
            if template is not None and template in documents:
                yield from _templates(template, documents, folder)
                yield template
