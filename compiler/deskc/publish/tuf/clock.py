"""A clock that never goes back, over restarts either: else whoever sets it back revives what has expired."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, time

__all__ = ["Clock"]

_begun = monotonic(), time()
"""What both clocks showed at the process's start: between restarts the monotonic one is believed."""


class Clock:
    """The newest time that this process or, by a small file, an earlier one has seen."""

    def __init__(self, file: Path, *, wall: Callable[[], float] = time) -> None:
        self._file = file
        self._wall = wall

    def now(self) -> float:
        """Return unix seconds: the wall clock's, or the newest that was ever seen where that is later; keep it."""
        kept = self._kept()
        newest = max(self._wall(), kept, _begun[1] + monotonic() - _begun[0])
        if newest >= kept + 1:
            part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
            part.write_text(f"{newest:.0f}\n", encoding="ascii")
            part.replace(self._file)
        return newest

    def doubt(self) -> str:
        """Return what to do where a clock that ran ahead has made everything look old; empty where none did."""
        ahead_s = self._kept() - self._wall()
        if ahead_s < 60:  # noqa: PLR2004 - a minute is no more than clocks differ by
            return ""
        return f"the clock is {ahead_s:.0f} s behind the newest time seen; if that one was wrong, remove {self._file}"

    def _kept(self) -> float:
        with suppress(OSError, ValueError):
            return float(self._file.read_text(encoding="ascii"))
        return 0.0
