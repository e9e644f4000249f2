"""A HALT file: the way to stop a bot on its own machine, with ledger, channel and network gone."""

from __future__ import annotations

__all__ = ["halt_path", "halted"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_REASON = "a HALT file without a reason"


def halt_path(state: Path, coin: str | None) -> Path:
    """Return the file that halts a bot, or one of its coins, by being there; what it holds is the reason."""
    return state / (f"HALT.{coin}" if coin else "HALT")


def halted(state: Path, coin: str | None) -> str | None:
    """Return why the bot or the coin is halted, None where neither is.

    A file that is there but cannot be read halts too: whoever put it there meant it.
    """
    for path in (halt_path(state, None), *((halt_path(state, coin),) if coin else ())):
        try:
            return path.read_text(encoding="utf-8", errors="replace").strip() or _WITHOUT_REASON
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return f"{path} cannot be read: {error.strerror}"
    return None
