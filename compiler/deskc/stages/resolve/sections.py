"""Build sections from merged patches: canonical text, shape, and what the schema finds missing."""

from collections.abc import Mapping

from deskc.core import paths
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, error
from deskc.core.layers import Patch
from deskc.core.resolved import Section, merge
from deskc.core.schemas import Schema
from deskc.core.scopes import Target
from deskc.stages.resolve.shapes import shape_of

__all__ = ["Sections"]


class Sections:
    """Builds one target's sections; sections with the same settings share their shape.

    `some_odd` says that one of them is: it lacks a required setting, or holds a reference still to be bound.
    """

    def __init__(self, target: Target, schemas: Mapping[str, Schema]) -> None:
        self.defaults = {name: Patch("", schema.defaults) for name, schema in schemas.items()}
        self.findings: list[Finding] = []
        self.some_odd = False
        self._target = target
        self._schemas = schemas

    def merged(self, name: str, patches: tuple[Patch, ...]) -> Section:
        """Merge the patches of one section, whatever they do; report what is required and set by none of them."""
        leaves = merge(patches)
        references = ((path, patch.leaves[path]) for patch in patches for path in patch.references)
        unbound = dict.fromkeys(path for path, leaf in references if leaves.get(path) is leaf)
        section = self._built(name, leaves, patches, unbound=tuple(unbound))
        for container, wanted in section.shape.missing:
            spoken = (leaf for patch in patches[1:] for leaf in patch.leaves.values())
            inside = [leaf for leaf in spoken if leaf.path == container or paths.within(leaf.path, container)]
            places = (inside[-1].key_place(f"{container} set here"),) if inside else ()
            message = f"{wanted} is required, and no layer sets it"
            way_out = f"set {wanted} in a layer of this scope"
            self.findings.append(error("REQ001", message, way_out, *places, scopes=(self._target,)))
        return section

    def bound(self, name: str, section: Section, sources: Mapping[str, Leaf]) -> Section:
        """Return a section with each `${ref:…}` replaced by the value it names."""
        own = {path: sources[path] for path in section.unbound}
        taken = {path: section.leaves[path]._replace(value=leaf.value, text=leaf.text) for path, leaf in own.items()}
        return self._built(name, {**section.leaves, **taken}, section.patches, bound=own)

    def _built(
        self,
        name: str,
        leaves: Mapping[str, Leaf],
        patches: tuple[Patch, ...],
        *,
        unbound: tuple[str, ...] = (),
        bound: Mapping[str, Leaf] | None = None,
    ) -> Section:
        shape = shape_of(tuple(leaves), self._schemas[name])
        text = shape.frame % tuple([leaves[path].text for path in shape.order])
        section = Section(patches, text, shape, leaves=leaves, unbound=unbound, bound=bound)
        self.some_odd = self.some_odd or section.is_odd
        return section
