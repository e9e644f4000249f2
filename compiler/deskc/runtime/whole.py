"""A snapshot as the compiler froze it, made again from a file's bytes and checked to the last one."""

from deskc.core.canonical import Digest, encode
from deskc.core.scopes import TRADING_SECTIONS, Target
from deskc.core.snapshots import ScopeRow, Snapshot, frame
from deskc.runtime.errors import FormatError
from deskc.runtime.late import Sources
from deskc.runtime.lines import Context, check_params, read_params
from deskc.runtime.locate import Found
from deskc.runtime.snapshot import open_context

__all__ = ["whole"]

_NOTHING = Sources(env={}, secrets=None)


def whole(found: Found, target: Target) -> Snapshot:
    """Return the snapshot that a file's bytes are, late references unbound.

    Raise a SnapshotError where one byte is not what was compiled, and where it is of another bot or environment.
    """
    context = open_context(found, environment=target.environment, bot=target.bot, sources=_NOTHING)
    try:
        return _snapshot(context, found)
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        msg = f"{found.source} holds what no deskc writes: {type(error).__name__} on {error}"
        raise FormatError(msg, path=found.source, help="compile it again from its commit") from error


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
