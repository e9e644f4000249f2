"""The folder channel's end at a bot: plain files, and the system's word that one of them changed."""

import os
from pathlib import Path
from threading import Event

from watchfiles._rust_notify import RustNotify

from deskc.runtime.locate import Found, bot_folder, file_path, locate

__all__ = ["open_channel"]

_DEBOUNCE_MS = 20  # a publish is a few renames
_STEP_MS = 10


class _Folder:
    """A folder, or the file:// URL of one; what lies there is read anew by each fetch."""

    def __init__(self, url: str, *, environment: str, bot: str) -> None:
        self._url = url
        self._target = {"environment": environment, "bot": bot}
        self._folder = Path(bot_folder(file_path(url), **self._target))
        self._closed = Event()
        self._changes: RustNotify | None = None

    def fetch(self, known: str | None) -> Found | None:
        """Return what the pointer names; see Channel."""
        self._listen()  # first, so that no change falls between reading and waiting
        found = locate(self._url, **self._target)
        return None if found.digest == known else found

    def wait(self, timeout_s: float) -> None:
        """Return when a file of the bot changed; see Channel."""
        if self._changes is None:
            self._closed.wait(timeout_s)
        else:
            self._changes.watch(_DEBOUNCE_MS, _STEP_MS, max(1, round(1000 * timeout_s)), self._closed)

    def close(self) -> None:
        """End a wait; see Channel."""
        self._closed.set()

    def _listen(self) -> None:
        """Ask the system for changes once the folder is there; where it tells none, each wait lasts its whole time."""
        if self._changes is None and self._folder.is_dir():
            try:
                self._changes = RustNotify([os.fspath(self._folder)], False, False, 0, False, True)  # noqa: FBT003 - its signature
            except OSError:  # as where too many folders are watched already
                self._changes = None


def open_channel(url: str, *, environment: str, bot: str, state: str) -> _Folder:  # noqa: ARG001 - as every channel's
    """Follow a folder; it needs no state."""
    return _Folder(url, environment=environment, bot=bot)
