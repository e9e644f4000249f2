"""Load a frozen snapshot: what a bot does first."""

from __future__ import annotations

import os

from deskc.runtime.errors import DirtyError
from deskc.runtime.late import Variables, open_sources
from deskc.runtime.locate import locate
from deskc.runtime.overrides import warn_of_ignored
from deskc.runtime.snapshot import Snapshot, open_snapshot

__all__ = ["load"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskc.runtime.secrets import Secrets


def load(  # noqa: PLR0913 - the bot's face, by keyword past the first
    path_or_channel: str | os.PathLike[str],
    *,
    environment: str,
    bot: str,
    allow_dirty: bool = False,
    env: Mapping[str, str] | None = None,
    secrets: Secrets | None = None,
    state: str | os.PathLike[str] | None = None,
) -> Snapshot:
    """Return the verified, immutable snapshot of one bot in one environment, or raise a SnapshotError.

    `path_or_channel` is a file `<digest>.jsonl`, a folder, or the URL of a channel (see `watch`, also for `state`);
    `env` stands in for the process's environment; `secrets` says where a `${secret:path}` is found: `env:PREFIX_`,
    `files:FOLDER`, `age:FILE?identity=FILE`, `vault+https://HOST/MOUNT`, several with commas between them, or a
    function from the path to the text. What was compiled from uncommitted edits needs `allow_dirty=True`.
    Variables that are named like settings, as RISK_GLOBAL_MAX_LEVERAGE, change none: an IgnoredVariableWarning says so.
    """
    env = Variables(env)
    where = os.fspath(path_or_channel)
    if "://" in where and not where.startswith("file://"):
        from deskc.runtime.channel import look_up  # noqa: PLC0415 - only a URL pays for it

        found = look_up(where, environment=environment, bot=bot, state=state)
    else:
        found = locate(where, environment=environment, bot=bot)
    if found.dirty and not allow_dirty:
        msg = f"{found.source} was compiled from uncommitted edits"
        raise DirtyError(msg, path=found.source, help="commit and compile again, or load with allow_dirty=True")
    sources = open_sources(env=env, secrets=secrets)
    snap = open_snapshot(found, environment=environment, bot=bot, sources=sources)
    warn_of_ignored(found.data, sources.env)
    return snap
