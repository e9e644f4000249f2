"""Follow `extends`: which templates lie beneath a layer, depth first, later ones over earlier ones."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deskc.core import paths
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, error
from deskc.core.outcome import Outcome
from deskc.core.violations import close_to
from deskc.stages.validate.placed import Given

__all__ = ["Templates"]


class _Link(NamedTuple):
    """One entry of an `extends` list that leads to a template."""

    path: str
    leaf: Leaf


class _Expansion(NamedTuple):
    """A template with all that lies beneath it, each file once, itself last; and what is wrong in there."""

    order: tuple[str, ...]
    findings: tuple[Finding, ...]


class _Open:
    """A template whose own `extends` is being followed."""

    def __init__(self, path: str, links: Outcome[tuple[_Link, ...]]) -> None:
        self.path = path
        self.links = iter(links.value)
        self.order: dict[str, None] = {}
        self.findings = dict.fromkeys(links.findings)

    def take(self, beneath: _Expansion) -> None:
        """Put an expansion over what was found so far."""
        for path in beneath.order:
            self.order.pop(path, None)
            self.order[path] = None
        self.findings.update(dict.fromkeys(beneath.findings))

    def done(self) -> _Expansion:
        """Return the finished expansion."""
        return _Expansion((*self.order, self.path), tuple(self.findings))


class Templates:
    """Expands `extends` lists; each template is followed once, however many layers and templates name it.

    A template that is named twice counts where it stands last: the later one overrules whatever the earlier one said.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._known: dict[str, _Expansion] = {}

    def beneath(self, layer: Document) -> Outcome[Mapping[str, Leaf]]:
        """Return the templates beneath a layer in the order in which they apply, each with the entry that led to it."""
        links = self._links(layer)
        order: dict[str, Leaf] = {}
        findings = dict.fromkeys(links.findings)
        for link in links.value:
            expansion = self._expansion(link.path)
            findings.update(dict.fromkeys(expansion.findings))
            for path in expansion.order:
                order.pop(path, None)
                order[path] = link.leaf
        return Outcome(order, tuple(findings))

    def _expansion(self, start: str) -> _Expansion:
        """Follow one template without recursion, since nothing bounds how deep a chain of files goes."""
        if start in self._known:
            return self._known[start]
        opened = [self._open(start)]
        while opened:
            top = opened[-1]
            link = next(top.links, None)
            if link is None:
                opened.pop()
                self._known[top.path] = top.done()
                if opened:
                    opened[-1].take(self._known[top.path])
            elif link.path in self._known:
                top.take(self._known[link.path])
            elif link.path in (chain := [template.path for template in opened]):
                loop = " → ".join((*chain[chain.index(link.path) :], link.path))
                message = f"templates extend each other in a circle: {loop}"
                top.findings[error("EXT001", message, "take one of them out", link.leaf.place())] = None
            else:
                opened.append(self._open(link.path))
        return self._known[start]

    def _open(self, path: str) -> _Open:
        return _Open(path, self._links(self._given.documents[path]))

    def _links(self, document: Document) -> Outcome[tuple[_Link, ...]]:
        """Return the templates that a file names itself."""
        links: list[_Link] = []
        findings: list[Finding] = []
        for leaf in _entries(document):
            known = self._linked(leaf) if isinstance(leaf.value, str) and leaf.path.startswith("extends[") else None
            if isinstance(known, _Link):
                links.append(known)
            else:
                message, way_out = "extends is no list of files", "write extends: [templates/name.yaml]"
                findings.append(known or error("EXT004", message, way_out, leaf.place()))
        return Outcome(tuple(links), tuple(findings))

    def _linked(self, leaf: Leaf) -> _Link | Finding:
        """Return the template that an entry names, or why it names none."""
        path = paths.inside(self._given.desk.folder, leaf.value)
        if path is None:
            way_out = "name a file inside the desk, such as templates/name.yaml"
            return error("PATH001", f"{leaf.value} leads out of the desk", way_out, leaf.place())
        if self._given.is_layer(path) or path == self._given.desk.file:
            message = f"{leaf.value} is a layer of the hierarchy, so it is no template"
            return error("EXT005", message, "move what is shared to templates/", leaf.place())
        if path in self._given.documents and path.endswith(".yaml"):
            return _Link(path, leaf)
        known = [name.removeprefix(self._given.desk.folder) for name in self._given.documents]
        guess = close_to(leaf.value, [name for name in known if name.endswith(".yaml")])
        way_out = f"did you mean {guess}?" if guess else "add the template, or take it out"
        return error("EXT002", f"there is no file {path}", way_out, leaf.place())


def _entries(document: Document) -> Iterator[Leaf]:
    """Yield the entries of a file's `extends`; where it is no plain list, what it is instead."""
    if document.broken:
        return
    for path, leaf in document.leaves.get("extends", {}).items():
        if path != "extends" or not isinstance(leaf.value, list):
            yield leaf
            return
    for leaf in document.items.values():
        if leaf.path.startswith("extends["):
            yield leaf if leaf.path.count("[") == 1 and "." not in leaf.path else leaf._replace(value=None)
