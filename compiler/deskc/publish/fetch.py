"""A snapshot as a channel holds it, checked to its last byte with what bots load it by."""

from typing import NamedTuple

from deskc.core.canonical import Digest, encode
from deskc.core.scopes import TRADING_SECTIONS, Target
from deskc.core.snapshots import ScopeRow, Sha, Snapshot, frame
from deskc.publish.pointer import SHA
from deskc.runtime.errors import ChannelError, DirtyError, FormatError, NotFoundError
from deskc.runtime.late import Sources
from deskc.runtime.lines import Context, check_params, read_params
from deskc.runtime.locate import Found, locate
from deskc.runtime.snapshot import open_context

__all__ = ["Fetched", "fetch", "inspect"]

_NOTHING = Sources(env={}, secrets=None)


class Fetched(NamedTuple):
    """A snapshot and the commit that the channel's pointer names, None where no pointer was asked."""

    snapshot: Snapshot
    commit: Sha | None


def fetch(channel: str, target: Target, digest: Digest | None = None) -> Fetched:
    """Read what a channel (a folder, or its file:// URL) has current for a bot, or has under a digest.

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
    context = open_context(found, environment=target.environment, bot=target.bot, sources=_NOTHING)
    try:
        snapshot = _snapshot(context, found)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        msg = f"{found.source} holds what no deskc writes: {type(error).__name__} on {error}"
        raise FormatError(msg, path=found.source, help="compile it again from its commit") from error
    return Fetched(snapshot, None if found.git_sha is None else Sha(found.git_sha))


def _locate(channel: str, target: Target, digest: Digest | None) -> Found:
    environment, bot = target
    if digest is None:
        return locate(channel, environment=environment, bot=bot)
    try:
        return locate(f"{channel.rstrip('/')}/{environment}/{bot}/{digest}.jsonl", environment=environment, bot=bot)
    except NotFoundError as error:
        msg = f"{channel} has no snapshot {digest} of {target}"
        way_out = "name a folder that has it; deskc compile --at COMMIT --out DIR makes one"
        raise NotFoundError(msg, path=error.path, help=way_out) from error


def _snapshot(context: Context, found: Found) -> Snapshot:
    """Return the snapshot once every line is the one listed; raise ValueError where one is not canonical."""
    rows = tuple(ScopeRow(*(row[name] for name in ScopeRow._fields)) for row in context.header.rows)
    for number, row in enumerate(rows):
        check_params(context, number)
        start = context.header.starts[number]
        line = encode(read_params(context, number)).encode().join(frame(*row[:4]))
        if found.data[start : start + row.length] != line:
            msg = f"line {number + 2}, which is not canonical JSON"
            raise ValueError(msg)
    header, _, body = found.data.partition(b"\n")
    bot = read_params(context, 0)
    trading = encode({section: bot[section] for section in TRADING_SECTIONS if section in bot})
    digest = Digest(found.digest)
    return Snapshot(context.header.environment, context.header.bot, digest, header, rows, trading.encode(), body)
