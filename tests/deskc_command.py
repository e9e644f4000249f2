"""Runs the command line in a process of its own, as a user does."""

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["deskc"]


def deskc(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run deskc in a folder, without colour and without what the caller's environment says of deskc."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKC_")}
    return subprocess.run(
        [sys.executable, "-c", "from deskc.cli import main; main()", *arguments],
        cwd=folder,
        env=environment | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
