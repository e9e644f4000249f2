"""ladders.lock.yaml: what the desk's ladders, presets and kernels were worth when somebody reviewed them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NamedTuple, cast

from deskc.content.closed import faults, spot
from deskc.core import canonical, paths
from deskc.core.decisions import LADDERS
from deskc.core.documents import Document, Tree
from deskc.core.findings import Place, has_errors
from deskc.core.outcome import Outcome
from deskc.stages.parse import parse_file

__all__ = ["GROUPS", "Budget", "Group", "Lock", "Measurements", "lock_of", "lock_text", "no_lock", "read_lock"]

Group = Literal["kernels", "ladders", "presets"]
Measurements = Mapping[Group, Mapping[str, Mapping[str, str | float | None]]]
"""What was measured: by group, then by scope, preset or fixed input, then by what it is called in the lock."""

GROUPS: tuple[Group, ...] = ("presets", "ladders", "kernels")
_HEAD = """\
# What this desk's ladders and presets are worth, as deskc ladder lock measured it; deskc ladder regress compares.
# The command owns the file and writes it whole, keeping no comment; seed, evaluations and tolerance stay as they are.
"""


class Budget(NamedTuple):
    """How the search is run for a lock, and how much of its size, as a fraction, a best score may rise."""

    seed: int = 0
    evaluations: int = 5000
    tolerance: float = 0.001


class Lock(NamedTuple):
    """A lock that its schema has accepted."""

    document: Document

    @property
    def budget(self) -> Budget:
        """Return how its numbers came about."""
        said: Mapping[str, Any] = self.document.data
        return Budget(**{name: said[name] for name in Budget._fields if name in said})

    def entries(self, group: Group) -> Mapping[str, Mapping[str, str | float | None]]:
        """Return what it holds of a group, by name."""
        return cast("Mapping[str, Mapping[str, str | float | None]]", self.document.data.get(group, {}))

    def place(self, group: Group, name: str, field: str) -> Place:
        """Return where one number stands."""
        found = spot(self.document, paths.child(paths.child(group, name), field))
        return replace(found, role=f"{field} locked here")


def lock_of(tree: Tree, folder: str) -> Outcome[Lock | None]:
    """Read the lock of the desk in a folder of a tree; None where there is none, or where it has an error."""
    path = f"{folder}{LADDERS}"
    return read_lock(path, tree.files[path]) if path in tree.files else Outcome(None)


def no_lock(folder: str) -> Lock:
    """Return the lock of a desk that has none: it holds nothing."""
    return Lock(parse_file(f"{folder}{LADDERS}", b"format: 1\n").value)


def read_lock(path: str, data: bytes) -> Outcome[Lock | None]:
    """Read ladders.lock.yaml; None where it has an error."""
    parsed = parse_file(path, data)
    if has_errors(parsed.findings):
        return Outcome(None, parsed.findings)
    found = tuple(faults(parsed.value, "ladders_lock", noun="entry of the lock"))
    return Outcome(None if found else Lock(parsed.value), (*parsed.findings, *found))


def lock_text(measured: Measurements, budget: Budget) -> str:
    """Write a lock: equal measurements are equal bytes."""
    head = "".join(f"{name}: {canonical.encode(value)}\n" for name, value in budget._asdict().items())
    return f"{_HEAD}format: 1\n{head}" + "".join(_group(name, measured[name]) for name in GROUPS if measured[name])


def _group(group: Group, entries: Mapping[str, Mapping[str, str | float | None]]) -> str:
    lines = [f"{group}:"]
    for name, fields in sorted(entries.items()):
        lines.append(f"  {canonical.string(name)}:")
        lines += [f"    {field}: {canonical.encode(value)}" for field, value in fields.items()]
    return "\n".join(lines) + "\n"
