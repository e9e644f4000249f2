"""deskc resume."""

from typing import Annotated

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

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stands in the commit.")]


def command(
    desk: Desk = None,
    env: OneEnvironment = None,
    bot: OneBot = None,
    coin: OneCoin = None,
    reason: Reason = "the halt is over",
    channel: Channels = None,
    keys: KeyFolders = None,
    local: Local = False,
    state: State = None,
) -> None:
    """Puts back what deskc halt changed, and publishes the snapshot; what others changed since stays."""
    if not reason.strip() or "\0" in reason:
        raise DeskcError("--reason says nothing", help="write it out, or leave it out")
    if local:
        path = local_file(state, env=env, bot=bot, coin=coin)
        try:
            path.unlink()
        except FileNotFoundError:
            raise DeskcError(f"{path} does not exist, so nothing is halted by it", help="see deskc status") from None
        except OSError as error:
            raise DeskcError(f"{path} cannot be removed: {error.strerror}", help="remove it yourself") from error
        write(f"Removed {path}\n")
        return
    from deskc.edit.halt import halting_commit, resumed_texts
    from deskc.pipeline import prepare
    from deskc.stages.read import CommitSource

    where, channels = find_desk(desk), stores(channel, keys)
    with objects(where) as reading:
        source = CommitSource(reading, "HEAD")
        scope = scope_meant(prepare(source, where.folder, with_rules=False), "resume", env=env, bot=bot, coin=coin)
        head = source.commit.sha
        texts = resumed_texts(reading, head, halting_commit(where.root, head, scope))
        commit = commit_edit(where, reading, Edit("resume", scope, head, texts, reason.strip()))
    publish_bot(where, commit, scope, channels)
