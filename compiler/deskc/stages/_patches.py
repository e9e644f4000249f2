"""What one file says about one section: its values, what it drops, and the references in it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from deskc.core import canonical, paths, references
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding
from deskc.core.layers import Drop, Patch
from deskc.core.schemas import Schema

__all__ = ["patch_of"]


def patch_of(document: Document, section: str, schema: Schema) -> tuple[Patch, Any, tuple[Finding, ...]]:
    """Return a file's patch for a section, the plain values that the schema has to judge, and what is wrong beside them."""
    leaves = document.leaves[section]
    data = document.data[section]
    if not document.dollar:
        return Patch(document.path, leaves), data, ()
    work = _Dollars(document, schema, deepcopy(data))
    for path, leaf in leaves.items():
        work.take(path, leaf)
    work.refuse_in_lists(section)
    patch = Patch(document.path, work.leaves, tuple(work.drops), tuple(work.references))
    return patch, work.data, tuple(work.findings)


class _Dollars:
    """Sorts the leaves of a section that holds `$` keys or `${…}` texts."""

    def __init__(self, document: Document, schema: Schema, data: Any) -> None:  # noqa: ANN401
        self.document = document
        self.schema = schema
        self.data = data
        self.leaves: dict[str, Leaf] = {}
        self.drops: list[Drop] = []
        self.references: list[str] = []
        self.findings: list[Finding] = []

    def error(self, code: str, message: str, way_out: str, leaf: Leaf) -> None:
        """Add an error at a leaf."""
        self.findings.append(Finding(code, "error", message, way_out, (leaf.place(),)))

    def take(self, path: str, leaf: Leaf) -> None:
        """Sort one leaf into what is set and what is dropped."""
        steps = paths.split(path)
        dollar = next((index for index, step in enumerate(steps) if isinstance(step, str) and step.startswith("$")), None)
        if dollar is not None:
            self.without(steps[: dollar + 1])
            self.drop(paths.join(steps[:dollar]), str(steps[dollar]), leaf, whole=dollar == len(steps) - 1)
        elif isinstance(leaf.value, str) and "${" in leaf.value:
            self.text(leaf, steps)
        else:
            self.leaves[path] = leaf

    def without(self, steps: tuple[str | int, ...]) -> None:
        """Take a key out of the values that the schema judges."""
        container: Any = self.data
        for step in steps[1:-1]:
            container = container[step]
        container.pop(steps[-1], None)

    def drop(self, path: str, operation: str, leaf: Leaf, *, whole: bool) -> None:
        """Read `$unset` and `$replace`."""
        if operation == "$unset" and whole and isinstance(leaf.value, list):
            keys = tuple(key for key in leaf.value if isinstance(key, str) and self.may_unset(path, key, leaf))
            self.drops.append(Drop(path, keys, leaf))
        elif operation == "$replace" and whole and leaf.value is True:
            if self.schema.general(path) in self.schema.maps:
                self.drops.append(Drop(path, None, leaf))
            else:
                self.error("MERGE002", f"{path} has a fixed set of settings, so $replace means nothing there", "write the settings you want to change", leaf)
        elif operation in ("$unset", "$replace"):
            form = "$unset: [key]" if operation == "$unset" else "$replace: true"
            self.error("MERGE003", f"{operation} is written in a form that means nothing", f"write {form}", leaf)
        else:
            self.error("MERGE003", f"{operation} is no operation", "known are $unset: [key] and $replace: true", leaf)

    def may_unset(self, path: str, key: str, leaf: Leaf) -> bool:
        """Say whether a key may be taken away; report where it may not."""
        if self.schema.general(path) in self.schema.maps:
            return True
        name = paths.child(path, key)
        setting = self.schema.setting(name)
        if setting is None:
            self.error("KEY002", f"{name} is no setting that can be unset", "name an entry of a free map, or an optional setting", leaf)
        elif "default" in setting.schema:
            self.error("MERGE001", f"{name} has a default, so it is always set", f"write the value you want; its default is {canonical.encode(setting.schema['default'])}", leaf)
        elif (self.schema.general(path), key) in self.schema.required:
            self.error("MERGE001", f"{name} is required, so it cannot be unset", "write the value you want", leaf)
        else:
            return True
        return False

    def text(self, leaf: Leaf, steps: tuple[str | int, ...]) -> None:
        """Read a text that holds `${`."""
        setting = self.schema.setting(leaf.path)
        try:
            reference = references.read(leaf.value)
        except ValueError as error:
            self.without(steps)
            self.error("REF001", f"{leaf.path}: {error}", "make the reference the whole value, or write $${", leaf)
            return
        if reference is None:
            late = setting is not None and setting.is_late
            plain = leaf.value if late else references.unescape(leaf.value)
            self.leaves[leaf.path] = leaf._replace(value=plain, text=canonical.string(plain))
            return
        self.leaves[leaf.path] = leaf
        if reference.kind == "ref":
            self.without(steps)
            self.references.append(leaf.path)
        elif setting is not None and not setting.is_late:
            self.without(steps)
            way_out = "write the value here; only hosts, ports and credentials may come from outside"
            self.error("REF002", f"{leaf.path} may not come from the environment or a secret store", way_out, leaf)

    def refuse_in_lists(self, section: str) -> None:
        """Report references inside lists: a reference is a whole setting."""
        for leaf in self.document.items.values():
            inside = leaf.path.startswith((f"{section}.", f"{section}["))
            if inside and isinstance(leaf.value, str) and "${" in leaf.value.replace("$${", ""):
                self.error("REF001", f"{leaf.path} holds a reference inside a list", "write the list's values here", leaf)
