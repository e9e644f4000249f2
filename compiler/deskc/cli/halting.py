"""What deskc halt and deskc resume share: one commit of a setting, compiled and published at once."""

from datetime import UTC, datetime
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from deskc.cli.options import write
from deskc.cli.publishing import KeyFolders, key_folders
from deskc.cli.scope import OneBot, OneCoin, OneEnvironment, unnamed
from deskc.cli.where import Where, objects, own_ledger
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deskc.core.findings import Finding
    from deskc.core.scopes import ScopeId
    from deskc.core.snapshots import Sha
    from deskc.gitio.objects import Objects
    from deskc.pipeline import Prepared, Selection
    from deskc.publish.store import Store

__all__ = [
    "Channels",
    "Edit",
    "KeyFolders",
    "Local",
    "OneBot",
    "OneCoin",
    "OneEnvironment",
    "State",
    "commit_edit",
    "local_file",
    "publish_bot",
    "scope_meant",
    "stores",
]

Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", metavar="URL", envvar="DESKC_CHANNEL", help="Where to publish it; repeatable."),
]
Local = Annotated[bool, typer.Option("--local", help="By a file on this machine; needs neither git nor channel.")]
State = Annotated[
    str | None, typer.Option("--state", metavar="DIR", help="With --local: the bot's folder; DESKC_STATE if left out.")
]


class Edit(NamedTuple):
    """What a halt or its end changes: texts by path, None for a file that goes, and the commit they were made of."""

    verb: str
    scope: "ScopeId"
    base: "Sha"
    texts: "Mapping[str, str | None]"
    reason: str


def local_file(state: str | None, *, env: str | None, bot: str | None, coin: str | None) -> Path:
    """Return the HALT file that is meant; raise DeskcError where the bot is not named."""
    from deskc.runtime.halt import halt_path
    from deskc.runtime.state import state_folder

    if env is None or bot is None:
        missing = [option for option, value in (("--env ENV", env), ("--bot BOT", bot)) if value is None]
        raise DeskcError(f"--local needs {' and '.join(missing)}", help=f"add {' '.join(missing)}")
    if coin is not None and (not coin or "/" in coin):
        raise DeskcError(f"{coin!r} is no name of a coin", help="name one as the desk does")
    return halt_path(state_folder(state, environment=env, bot=bot), coin)


def scope_meant(prepared: "Prepared", verb: str, *, env: str | None, bot: str | None, coin: str | None) -> "ScopeId":
    """Return the bot or coin that is meant; raise DeskcError for what the desk does not have.

    Where the bot has errors at HEAD, show them and exit with 1: no commit on top of it would compile.
    """
    from deskc.core.scopes import ScopeId, Target
    from deskc.core.violations import close_to
    from deskc.pipeline import scopes_of
    from deskc.plan.asked import scope_asked
    from deskc.plan.reach import errors_of

    if env is None or bot is None:
        raise unnamed(verb, prepared, env=env, bot=bot)
    found = scope_asked(prepared, ScopeId(env, bot))
    target = Target(env, bot)
    errors = found.findings or errors_of(scopes_of(prepared, target).findings, target)
    if errors:
        raise _refused(errors, prepared)
    coins = prepared.layers.bots[bot].coins.get(env, ()) if prepared.layers and bot in prepared.layers.bots else ()
    if coin is not None and coin not in coins:
        guess = close_to(coin, coins)
        way_out = f"did you mean {guess}?" if guess else f"it trades {', '.join(coins) or 'no coin'}"
        raise DeskcError(f"{bot} does not trade {coin} in {env}", help=way_out)
    return ScopeId(env, bot, coin)


def commit_edit(where: Where, reading: "Objects", edit: Edit) -> "Sha":
    """Judge an edit, commit it and say so; return the commit, which is the one before where nothing changes.

    The branch alone decides what the edit is made of: uncommitted edits stay out of the commit, and on disk.
    """
    from deskc.edit.halt import message, on_disk, text_at
    from deskc.gitio.write import commit_texts

    if not edit.texts:
        write(f"{edit.scope} opens no positions at {edit.base[:12]}, so nothing was committed\n")
        return edit.base
    if where.bare:
        raise DeskcError(f"{where.root} is a bare repository", help="do this in a clone, and push that")
    _require_sound(where, reading, edit)
    old = {path: text_at(reading, edit.base, path) for path in edit.texts}
    commit = commit_texts(where.root, edit.texts, message(edit.verb, edit.scope, edit.reason), base=edit.base)
    on_disk(where.root, edit.texts, old.get)
    write(f"Committed {commit[:12]}: {edit.verb} {edit.scope}, {edit.reason}\n")
    for path in edit.texts:
        write(f"  {path}\n")
    return commit


def publish_bot(where: Where, commit: "Sha", scope: "ScopeId", channels: "Mapping[str, Store]") -> None:
    """Compile one bot at a commit, make it current in channels and record it; say what became of it.

    A ledger that cannot be written is told of and is not in the way: the next compile records the build.
    """
    from deskc.outputs import builds, published, record
    from deskc.pipeline import compile_desk, prepare
    from deskc.stages.read import CommitSource

    with objects(where) as reading:  # anew: a process that read before has not seen the commit
        compilation = compile_desk(prepare(CommitSource(reading, commit), where.folder), _selection(scope))
    made = builds(compilation)
    for channel, store in channels.items():
        for publication in published(compilation, made, store, root=where.root, force=None):
            state = "Published" if publication.changed else "There already:"
            write(f"{state} snapshot {publication.digest[:12]} in {channel}\n")
        for note in store.notes():
            write(f"Note: {note}\n")
    if not channels:
        write("Nothing was published, so no bot knows of it yet: deskc publish --channel URL\n")
    try:
        record(compilation, made, own_ledger(where), recorded_at_ns=time_ns())
    except DeskcError as error:
        write(f"Note: {error.message}, so it does not know of this build yet; deskc compile records it\n")


def stores(channels: list[str] | None, keys: list[str] | None) -> "dict[str, Store]":
    """Open the channels that were named, before anything is committed."""
    from deskc.publish.open import open_store

    at_hand = key_folders(keys)
    return {channel: open_store(channel, at_hand, now=datetime.now(UTC)) for channel in channels or ()}


def _require_sound(where: Where, reading: "Objects", edit: Edit) -> None:
    """Raise typer.Exit with the findings shown where the bot would not compile with the edit."""
    from deskc.edit.addition import Addition, overlaid
    from deskc.pipeline import compile_desk, prepare
    from deskc.stages.read import CommitSource

    source = CommitSource(reading, edit.base)
    addition = Addition({}, {path: text or "" for path, text in edit.texts.items()})
    after = compile_desk(prepare(overlaid(source, addition), where.folder), _selection(edit.scope))
    if after.failed:
        raise _refused(after.findings, after.prepared)


def _refused(findings: "Iterable[Finding]", prepared: "Prepared") -> typer.Exit:
    """Show what keeps the bot from compiling, and return the exit with 1."""
    from deskc.core.findings import in_order
    from deskc.report.formats import render

    errors = in_order(one for one in findings if one.severity == "error")
    shown = render(errors, fmt="text", sources=prepared.tree.files.get, titles=str)
    typer.echo(f"{shown}Nothing was committed. deskc halt --local stops the bot on its own machine.", err=True)
    return typer.Exit(1)


def _selection(scope: "ScopeId") -> "Selection":
    from deskc.pipeline import Selection

    return Selection((scope.environment,), (scope.bot,))
