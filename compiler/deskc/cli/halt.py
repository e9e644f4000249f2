"""deskc halt."""

from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.halting import (
    Channels,
    Edit,
    KeyFolders,
    Local,
    OneBot,
    OneCoin,
    OneEnvironment,
    State,
    commit_edit,
    local_file,
    publish_bot,
    scope_meant,
    stores,
)
from deskc.cli.options import Desk, write
from deskc.cli.where import find_desk, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from pathlib import Path

Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; it stands in the commit.")]


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: OneCoin = None,
    reason: Reason = None,
    channel: Channels = None,
    keys: KeyFolders = None,
    local: Local = False,
    state: State = None,
) -> None:
    """Commits trading.enabled false for the bot or coin, and publishes its snapshot; open positions may be closed."""
    if reason is None or not reason.strip() or "\0" in reason:
        raise DeskcError("halt needs a reason", help="write it out: --reason 'the venue rejects our orders'")
    if local:
        _put(local_file(state, env=env, bot=bot, coin=coin), reason)
        return
    from deskc.edit.halt import halted_texts
    from deskc.pipeline import prepare
    from deskc.stages.read import CommitSource

    where, channels = find_desk(desk), stores(channel, keys)
    with objects(where) as reading:
        source = CommitSource(reading, "HEAD")
        prepared = prepare(source, where.folder, with_rules=False)
        scope = scope_meant(prepared, "halt", env=env, bot=bot, coin=coin)
        texts = halted_texts(source, where.folder, prepared, scope)
        commit = commit_edit(where, reading, Edit("halt", scope, source.commit.sha, texts, reason.strip()))
    publish_bot(where, commit, scope, channels)


def _put(path: "Path", reason: str) -> None:
    """Write a HALT file; raise DeskcError where it cannot be written."""
    from deskc.runtime.durable import replace

    try:
        replace(path, f"{reason.strip()}\n".encode("utf-8", "replace"))
    except OSError as error:
        raise DeskcError(
            f"{path} cannot be written: {error.strerror}", help="name the bot's folder with --state"
        ) from error
    write(f"Wrote {path}: the bot that keeps its state there stops within a second\n")
