"""What one file says about one section: its values, what it drops, and the references in it."""

from copy import deepcopy
from typing import Any

from deskc.core import canonical, paths, references
from deskc.core.documents import Document, Leaf
from deskc.core.findings import Finding, error
from deskc.core.layers import Drop, Patch
from deskc.core.references import Reference
from deskc.core.scalars import read_default
from deskc.core.schemas import Schema, Setting
from deskc.core.violations import close_to, shown

__all__ = ["patch_of"]

_OPERATIONS = {"$unset": "$unset: [key]", "$replace": "$replace: true"}


def patch_of(document: Document, section: str, schema: Schema) -> tuple[Patch, Any, tuple[Finding, ...]]:
    """Return a file's patch for a section, the plain values for the schema to judge, and what is wrong beside them."""
    leaves = document.leaves[section]
    data = document.data[section]
    if not document.dollar:
        return Patch(document.path, leaves), data, ()
    work = _Dollars(schema, deepcopy(data))
    for path, leaf in leaves.items():
        work.take(path, leaf)
    for leaf in document.items.values():
        if paths.within(leaf.path, section):
            work.take_item(leaf)
    patch = Patch(document.path, work.leaves, tuple(sorted(work.drops, key=_depth)), tuple(work.references))
    return patch, work.data, tuple(work.findings)


def _depth(drop: Drop) -> tuple[int, str]:
    """Order what is dropped from the outside in: keys have no order, so what is said inside a drop may have none."""
    return len(paths.split(drop.path)), drop.path


class _Dollars:
    """Sorts the leaves of a section that holds `$` keys or `${…}` texts."""

    def __init__(self, schema: Schema, data: Any) -> None:  # noqa: ANN401 - a file may hold any JSON value
        self.schema = schema
        self.data = data
        self.leaves: dict[str, Leaf] = {}
        self.drops: list[Drop] = []
        self.references: list[str] = []
        self.findings: list[Finding] = []

    def error(self, code: str, message: str, way_out: str, leaf: Leaf) -> None:
        """Add an error at a leaf."""
        self.findings.append(error(code, message, way_out, leaf.place()))

    def take(self, path: str, leaf: Leaf) -> None:
        """Sort one leaf into what is set and what is dropped."""
        steps = paths.split(path)
        dollar = next((index for index, step in enumerate(steps) if str(step).startswith("$")), None)
        if dollar is not None:
            self.without(steps[: dollar + 1])
            self.drop(paths.join(steps[:dollar]), str(steps[dollar]), leaf, is_whole=dollar == len(steps) - 1)
        elif isinstance(leaf.value, str) and "${" in leaf.value:
            self.text(leaf, steps)
        else:
            self.leaves[path] = leaf

    def take_item(self, leaf: Leaf) -> None:
        """Refuse a reference inside a list: a reference is a whole setting."""
        if isinstance(leaf.value, str) and "${" in leaf.value.replace("$${", ""):
            self.error("REF001", f"{leaf.path} holds a reference inside a list", "write the list's values here", leaf)

    def without(self, steps: tuple[str | int, ...]) -> None:
        """Take a key out of the values that the schema judges."""
        container: Any = self.data
        for step in steps[1:-1]:
            container = container[step]
        container.pop(steps[-1], None)

    def drop(self, path: str, operation: str, leaf: Leaf, *, is_whole: bool) -> None:
        """Read `$unset` and `$replace`."""
        if operation not in _OPERATIONS:
            known = " and ".join(_OPERATIONS.values())
            self.error("MERGE003", f"{operation} is no operation", f"known are {known}", leaf)
        elif operation == "$unset" and is_whole and _is_texts(leaf.value):
            keys = tuple(key for key in leaf.value if self.may_unset(path, key, leaf))
            self.drops.append(Drop(path, keys, leaf))
        elif operation == "$replace" and is_whole and leaf.value is True:
            if self.schema.general(path) in self.schema.maps:
                self.drops.append(Drop(path, None, leaf))
            else:
                message = f"{path} has a fixed set of settings, so $replace means nothing there"
                self.error("MERGE002", message, "write the settings you want to change", leaf)
        else:
            message = f"{operation} is written in a form that means nothing"
            self.error("MERGE003", message, f"write {_OPERATIONS[operation]}", leaf)

    def may_unset(self, path: str, key: str, leaf: Leaf) -> bool:
        """Say whether a key may be taken away; report where it may not."""
        if self.schema.general(path) in self.schema.maps:
            return True
        name = paths.child(path, key)
        general = self.schema.general(name)
        setting = self.schema.setting(name)
        if (self.schema.general(path), key) in self.schema.required:
            self.error("MERGE001", f"{name} is required, so it cannot be unset", "write the value you want", leaf)
        elif setting is not None and "default" in setting.schema:
            message = f"{name} has a default, so it is always set"
            default = canonical.encode(setting.schema["default"])
            self.error("MERGE001", message, f"write the value you want; its default is {default}", leaf)
        elif setting is not None:
            return True
        elif general in self.schema.maps:
            way_out = f"write $replace: true inside {key} to drop what it inherits"
            self.error("MERGE001", f"{name} is a map, which is not unset as a whole", way_out, leaf)
        elif general in self.schema.objects:
            self.error("MERGE001", f"{name} is a group of settings", "unset those of its settings that may be", leaf)
        else:
            guess = close_to(key, self.schema.keys(path))
            way_out = f"did you mean {guess}?" if guess else "name an entry of a free map, or an optional setting"
            self.error("KEY002", f"{name} is no setting that can be unset", way_out, leaf)
        return False

    def text(self, leaf: Leaf, steps: tuple[str | int, ...]) -> None:
        """Read a text that holds `${`."""
        setting = self.schema.setting(leaf.path)
        try:
            reference = references.read(leaf.value)
        except ValueError as problem:
            self.without(steps)
            way_out = "make the reference the whole value, or write $${ for a literal ${"
            self.error("REF001", f"{leaf.path}: {problem}", way_out, leaf)
            return
        if reference is None:
            late = setting is not None and setting.is_late
            value = leaf.value if late else references.unescape(leaf.value)
            self.leaves[leaf.path] = leaf._replace(value=value, text=canonical.string(value))
            self.put(steps, value)
            return
        self.leaves[leaf.path] = leaf
        if reference.kind == "ref":
            self.without(steps)
            self.references.append(leaf.path)
        elif setting is not None and not setting.is_late:
            self.without(steps)
            way_out = "write the value here; only hosts, ports and credentials may come from outside"
            self.error("REF002", f"{leaf.path} may not come from the environment or a secret store", way_out, leaf)
        elif setting is not None:
            self.judge_default(reference, setting, leaf)

    def put(self, steps: tuple[str | int, ...], value: str) -> None:
        """Let the schema judge a text as it is meant."""
        container: Any = self.data
        for step in steps[1:-1]:
            container = container[step]
        container[steps[-1]] = value

    def judge_default(self, reference: Reference, setting: Setting, leaf: Leaf) -> None:
        """Check the default of a late reference as the loader will, so that no bot finds out first."""
        if reference.default is None:
            return
        value = read_default(reference.default, setting.late_type)
        if value is None:
            message = f"{leaf.path} has the default {shown(reference.default)}, which is no {setting.late_type}"
            self.error(
                "TYPE001", message, f"write a default that is one, or leave it out: ${{env:{reference.name}}}", leaf
            )
            return
        for violation in self.schema.violations(paths.nested(leaf.path, value)):
            self.error(violation.code, f"the default of a reference: {violation.message}", violation.help, leaf)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(key, str) for key in value)
