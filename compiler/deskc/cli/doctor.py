"""deskc doctor."""

import os
import platform
import shlex
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import typer

from deskc.cli.options import Desk, Format, Ledger, Output, choose, write
from deskc.cli.where import Where, find_desk, now, objects
from deskc.core.errors import DeskcError
from deskc.core.version import VERSION

if TYPE_CHECKING:
    from deskc.core.layers import Layers
    from deskc.core.references import Reference
    from deskc.core.schemas import Schemas
    from deskc.pipeline import Prepared


class _Sign(NamedTuple):
    """One thing looked at: ok, note or wrong; what was seen; the way out."""

    state: str
    about: str
    seen: str
    help: str = ""


def command(desk: Desk = None, ledger: Ledger = None, output_format: Format = "text", output: Output = None) -> None:
    """Looks at Python, git, the desk, the ledger and the environment. Exits with 1 if something is wrong."""
    fmt = choose(output_format, ("text", "json"))
    signs = tuple(_signs(desk, ledger))
    if fmt == "json":
        import json

        write(json.dumps({"signs": [sign._asdict() for sign in signs]}, ensure_ascii=False, indent=2) + "\n", output)
    else:
        width = max(len(sign.about) for sign in signs)
        lines = []
        for sign in signs:
            lines.append(f"{sign.state:<5}  {sign.about:<{width}}  {sign.seen}")
            if sign.help:
                lines.append(f"{'':<5}  {'':<{width}}  help: {sign.help}")
        write("\n".join(lines) + "\n", output)
    if any(sign.state == "wrong" for sign in signs):
        raise typer.Exit(1)


def _signs(desk: str | None, ledger: str | None) -> Iterator[_Sign]:
    yield _Sign("ok", "deskc", f"{VERSION} on Python {platform.python_version()}")
    try:
        where = find_desk(desk)
    except DeskcError as error:
        yield _Sign("wrong", "repository", error.message, error.help)
        return
    yield _Sign("ok", "repository", str(where.root))
    yield from _history(where)
    prepared = None
    try:
        prepared = _prepared(where)
    except DeskcError as error:
        yield _Sign("wrong", "desk", error.message, error.help)
    else:
        yield from _desk(where, prepared)
        yield from _editor(where, prepared)
    yield from _ledger(where, ledger)
    yield from _ignored(where)
    if prepared is not None and prepared.layers is not None:
        asked = frozenset(_asked(prepared.layers))
        yield from _variables(asked)
        yield from _ignored_variables(prepared.layers.schemas, asked)


def _history(where: Where) -> Iterator[_Sign]:
    from deskc.gitio.repository import head_exists, is_shallow

    if not head_exists(where.root):
        yield _Sign("note", "history", "no commit yet, so there is nothing to compile", "git add -A && git commit")
    elif is_shallow(where.root):
        way_out = "fetch the rest with git fetch --unshallow; in a workflow set fetch-depth: 0"
        yield _Sign("note", "history", "a shallow clone: explain cannot name causing commits", way_out)
    else:
        yield _Sign("ok", "history", "whole")


def _prepared(where: Where) -> "Prepared":
    from deskc.pipeline import prepare
    from deskc.stages.read import CommitSource, WorktreeSource

    if not where.bare:
        return prepare(WorktreeSource(where.root, now()), where.folder)
    with objects(where) as reading:
        return prepare(CommitSource(reading, "HEAD"), where.folder)


def _desk(where: Where, prepared: "Prepared") -> Iterator[_Sign]:
    from deskc.pipeline import compile_desk

    compilation = compile_desk(prepared)
    errors = sum(finding.severity == "error" for finding in compilation.findings)
    about = where.folder or "./"
    if errors:
        yield _Sign(
            "wrong",
            "desk",
            f"{about} has {errors} error{'s' if errors > 1 else ''}",
            f"deskc check{' --at HEAD' if where.bare else ''} shows them",
        )
    else:
        scopes = sum(len(snapshot.rows) for snapshot in compilation.snapshots)
        yield _Sign("ok", "desk", f"{about} is clean: {len(compilation.snapshots)} snapshots of {scopes:,} scopes")


def _editor(where: Where, prepared: "Prepared") -> Iterator[_Sign]:
    """Say whether editors judge layers by what the schemas were once."""
    from deskc.edit.present import Present

    stale = "" if where.bare or prepared.layers is None else Present(where.root, prepared).stale_layer_schema
    if stale:
        file = shlex.quote(os.path.relpath(where.root / stale))
        yield _Sign("note", "editor", f"{stale} is not what the schemas give now", f"deskc schema --layer -o {file}")


def _ledger(where: Where, named: str | None) -> Iterator[_Sign]:
    from deskc.ledger.open import open_ledger
    from deskc.ledger.quick_check import quick_check
    from deskc.ledger.sqlite import location

    url = where.ledger if named is None else named
    try:
        if named is None and not location(url).exists():
            yield _Sign("note", "ledger", "none yet", "deskc compile makes one")
            return
        with open_ledger(url) as ledger:
            builds = len(ledger.builds())
        damage = quick_check(url)
    except DeskcError as error:
        yield _Sign("wrong", "ledger", error.message, error.help)
        return
    if damage:
        yield _Sign("wrong", "ledger", f"damaged: {damage[0]}", "restore a backup, or compile again into a new ledger")
    else:
        yield _Sign("ok", "ledger", f"{builds:,} build{'s' if builds != 1 else ''} recorded")


def _ignored(where: Where) -> Iterator[_Sign]:
    """Say whether git would take what deskc makes into a commit."""
    from deskc.gitio.repository import worktree_files

    if not where.bare and where.state.is_dir() and worktree_files(where.root, (".deskc",)):
        yield _Sign(
            "wrong",
            ".deskc",
            "git does not ignore it, so a ledger could be committed",
            "add a line .deskc/ to .gitignore",
        )


def _asked(layers: "Layers") -> Iterator["Reference"]:
    """Yield the variables that the layers ask for by name."""
    from deskc.core import references

    leaves = (
        leaf for document in layers.documents.values() for group in document.leaves.values() for leaf in group.values()
    )
    for leaf in leaves:
        if isinstance(leaf.value, str):
            with suppress(ValueError):  # a finding has said so
                reference = references.read(leaf.value)
                if reference and reference.kind == "env":
                    yield reference


def _variables(asked: Iterable["Reference"]) -> Iterator[_Sign]:
    """Name the variables that this desk's bots bind and this environment lacks; only a bot needs them."""
    wanted = {reference.name for reference in asked if reference.default is None}
    unset = sorted(wanted - os.environ.keys())
    if unset:
        yield _Sign(
            "note",
            "variables",
            f"not set here: {', '.join(unset)}",
            "bots that load these sections need them; compile does not",
        )
    elif wanted:
        yield _Sign("ok", "variables", f"all {len(wanted)} are set")


def _ignored_variables(schemas: "Schemas", asked: Iterable["Reference"]) -> Iterator[_Sign]:
    """Name the variables that are set here as if they overrode settings, which nothing of a desk's reads."""
    from fnmatch import fnmatchcase

    from deskc.runtime.overrides import variable_of

    known = (*schemas.sections.values(), *schemas.strategies.values())
    named = {variable_of(path): path for schema in known for path in schema.settings}  # * stands for any key
    free = os.environ.keys() - {reference.name for reference in asked}
    found = {name: path for name in free for form, path in named.items() if fnmatchcase(name, form)}
    if found:
        yield _Sign(
            "note",
            "overrides",
            f"set here without effect: {', '.join(sorted(found))}",
            f"settings come from reviewed commits: edit {', '.join(found[name] for name in sorted(found))} in a layer",
        )
