"""A snapshot as a channel holds it, checked to its last byte with what bots load it by."""

from typing import NamedTuple

from deskc.core.canonical import Digest
from deskc.core.scopes import Target
from deskc.core.snapshots import Sha, Snapshot
from deskc.publish.pointer import SHA
from deskc.runtime.channel import look_up
from deskc.runtime.errors import ChannelError, DirtyError, NotFoundError
from deskc.runtime.locate import Found, locate
from deskc.runtime.whole import whole

__all__ = ["Fetched", "fetch", "inspect"]


class Fetched(NamedTuple):
    """A snapshot and the commit that the channel's pointer names, None where no pointer was asked."""

    snapshot: Snapshot
    commit: Sha | None


def fetch(channel: str, target: Target, digest: Digest | None = None) -> Fetched:
    """Read what a channel of any kind has current for a bot, or what a folder has under a digest.

    Late references stay references, so no variable need be set. Raise a SnapshotError, which is a DeskcError, where
    there is no such snapshot, where one byte of it is not what was compiled, where it is of another bot or
    environment, and where it was compiled from uncommitted edits.
    """
    return inspect(_locate(channel, target, digest), target, channel=channel)


def inspect(found: Found, target: Target, *, channel: str) -> Fetched:
    """Check every byte of what a channel holds, and what it says of it; raise a SnapshotError where one is wrong."""
    if found.dirty:
        msg = f"{found.source} was compiled from uncommitted edits, which are never recorded"
        raise DirtyError(msg, path=found.source, help="commit them, then compile and publish again")
    if found.git_sha is not None and not SHA.fullmatch(found.git_sha):
        msg = f"{channel} names no commit for {target}, but {found.git_sha!r}"
        raise ChannelError(msg, path=found.source, help="publish again; the pointer was edited by hand")
    return Fetched(whole(found, target), None if found.git_sha is None else Sha(found.git_sha))


def _locate(channel: str, target: Target, digest: Digest | None) -> Found:
    environment, bot = target
    is_folder = "://" not in channel or channel.startswith("file://")
    if digest is None and is_folder:
        return locate(channel, environment=environment, bot=bot)
    if digest is None:
        return look_up(channel, environment=environment, bot=bot, state=None)
    if not is_folder:
        msg = f"{channel} tells of current snapshots alone"
        raise ChannelError(msg, path=channel, help="leave --digest out, or name a folder that has the snapshot")
    try:
        return locate(f"{channel.rstrip('/')}/{environment}/{bot}/{digest}.jsonl", environment=environment, bot=bot)
    except NotFoundError as error:
        msg = f"{channel} has no snapshot {digest} of {target}"
        way_out = "name a folder that has it; deskc compile --at COMMIT --out DIR makes one"
        raise NotFoundError(msg, path=error.path, help=way_out) from error
