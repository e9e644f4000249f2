"""The folder where a bot keeps what must outlive its process: the last good snapshot, the spool, a HALT file."""

from __future__ import annotations

import os
from pathlib import Path

from deskc.runtime.locate import bot_folder

__all__ = ["state_folder"]


def state_folder(state: str | os.PathLike[str] | None, *, environment: str, bot: str) -> Path:
    """Return one bot's folder below `state`, else below DESKC_STATE, else where the system keeps users' state.

    It is not made here. The last is `$XDG_STATE_HOME/deskc`, or `~/.local/state/deskc` (XDG Base Directory 0.8).
    Raise WrongTargetError for a name that would lead out of it.
    """
    above = state or os.environ.get("DESKC_STATE")
    if not above:
        above = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "deskc"
    return Path(bot_folder(os.fspath(above), environment=environment, bot=bot))
