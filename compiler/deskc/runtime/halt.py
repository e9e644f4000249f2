"""A HALT file: the way to stop a bot on its own machine, with ledger, channel and network gone."""

from __future__ import annotations

__all__ = ["halt_path", "halted", "halts"]

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
    reason = _reason(halt_path(state, None))
    return _reason(halt_path(state, coin)) if reason is None and coin else reason


def halts(state: Path) -> dict[str, str]:
    """Return every halt of a bot by coin, "" for the whole bot, and why."""
    coins = (path.name.removeprefix("HALT").removeprefix(".") for path in sorted(state.glob("HALT*")))
    return {coin: reason for coin in coins if (reason := _reason(halt_path(state, coin))) is not None}


def _reason(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or _WITHOUT_REASON
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
