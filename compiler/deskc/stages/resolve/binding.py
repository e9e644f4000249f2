"""Bind `${ref:…}`: find for each reference of a scope the setting at the end of its chain."""

from collections.abc import Iterator, Mapping, Sequence

from deskc.core import canonical, paths, references
from deskc.core.documents import Leaf
from deskc.core.findings import Finding, Place, error
from deskc.core.outcome import Outcome
from deskc.core.resolved import Section
from deskc.core.schemas import Schema
from deskc.core.scopes import ScopeId
from deskc.core.violations import close_to

__all__ = ["bindings"]


def bindings(
    scope: ScopeId, sections: Mapping[str, Section], schemas: Mapping[str, Schema]
) -> Outcome[Mapping[str, Leaf]]:
    """Return for each unbound setting of a scope the leaf that it takes its value from.

    The leaf has the value and the text that fit where they go, and the path and place of where they come from.
    """
    work = _Binding(scope, sections, schemas)
    for name, section in sections.items():
        for path in section.unbound:
            source = work.followed(path)
            if source is not None:
                work.bind(path, source, schemas[name])
    return Outcome(work.bound, tuple(work.findings))


class _Binding:
    """One scope's references while they are followed; no chain is walked twice."""

    def __init__(self, scope: ScopeId, sections: Mapping[str, Section], schemas: Mapping[str, Schema]) -> None:
        self.scope = scope
        self.sections = sections
        self.schemas = schemas
        self.unbound = {path for section in sections.values() for path in section.unbound}
        self.ends: dict[str, Leaf | None] = {}
        self.bound: dict[str, Leaf] = {}
        self.findings: list[Finding] = []

    def followed(self, start: str) -> Leaf | None:
        """Return the leaf at the end of a chain of references; report a circle or a miss where it is found first."""
        chain = {start: None}
        path, end = start, None
        while True:
            leaf = self.leaf(path)
            reference = references.read(leaf.value) if leaf else None
            name = reference.name if reference else ""
            if name in self.ends:
                end = self.ends[name]
            elif name in chain:
                self.circular(list(chain)[list(chain).index(name) :])
            elif name in self.unbound:
                chain[name] = None
                path = name
                continue
            else:
                end = self.end(name, path)
            break
        self.ends.update(dict.fromkeys(chain, end))
        return end

    def circular(self, walked: Sequence[str]) -> None:
        """Report references that go in a circle, with the place of each."""
        loop = " → ".join((*walked, walked[0]))
        places = [place for path in reversed(walked) for place in _places(self.leaf(path), "refers on here")]
        way_out = "write a value at one of these places"
        self.findings.append(
            error("REF003", f"references go in a circle: {loop}", way_out, *places, scopes=(self.scope,))
        )

    def leaf(self, path: str) -> Leaf | None:
        """Return what stands at a path of the scope, or None."""
        section = self.sections.get(path.partition(".")[0])
        return None if section is None else section.leaves.get(path)

    def end(self, name: str, path: str) -> Leaf | None:
        """Return the setting that a reference at `path` names, or report that it is none."""
        leaf = self.leaf(name)
        if leaf is not None and not isinstance(leaf.value, (dict, list)):
            return leaf
        guess = close_to(name, [known for section in self.sections.values() for known in section.leaves])
        way_out = f"did you mean {guess}?" if guess else "name a setting that this scope has, with a single value"
        self.misbound("REF004", f"{name} is no scalar setting of this scope", way_out, path)
        return None

    def bind(self, path: str, source: Leaf, schema: Schema) -> None:
        """Check a value against the schema of the place it goes to, and put it there."""
        is_late, was_late = self.is_late(path), self.is_late(source.path)
        value = source.value
        if was_late and isinstance(value, str) and references.read(value) is not None:
            message = f"{source.path} is bound only when a bot loads, so nothing can refer to it"
            self.misbound("REF005", message, "refer to a setting with a value", path, source)
            return
        if isinstance(value, str) and is_late != was_late:  # a late text keeps its `$${` for the loader
            value = references.escape(value) if is_late else references.unescape(value)
        found = tuple(schema.violations(paths.nested(path, value)))
        for violation in found:
            self.misbound(violation.code, violation.message, violation.help, path, source)
        if not found:
            self.bound[path] = source._replace(value=value, text=canonical.encode(value))

    def is_late(self, path: str) -> bool:
        """Say whether a setting's text is read again when a bot loads it."""
        setting = self.schemas[path.partition(".")[0]].setting(path)
        return setting is not None and setting.is_late

    def misbound(self, code: str, message: str, way_out: str, path: str, source: Leaf | None = None) -> None:
        """Report a reference that cannot be bound."""
        leaf = self.leaf(path)
        places = (*_places(leaf, ""), *_places(source, "the value comes from here"))
        self.findings.append(error(code, message, way_out, *places, scopes=(self.scope,)))


def _places(leaf: Leaf | None, role: str) -> Iterator[Place]:
    if leaf is not None and leaf.line:
        yield leaf.place(role)
