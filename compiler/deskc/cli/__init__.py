"""The command line: parse, call, render; and the one place where errors end."""

import gc
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

from deskc.core.errors import DeskcError

__all__ = ["main"]


def main() -> None:
    """Run the command line; exit with 0, 1 (error findings), 2 (usage, environment, I/O, bug) or 130 (interrupted)."""
    gc.disable()  # a command ends soon and makes few cycles; collecting cost a cold compile a tenth of its time
    open_streams()
    try:
        from deskc.cli.app import app  # inside the boundary, so that ^C while importing is quiet too

        app()
    except SystemExit as leaving:
        broken_pipe = isinstance(leaving.__context__, BrokenPipeError)  # typer says 1 there, which means findings
        leave(2 if broken_pipe else leaving.code)
    except DeskcError as error:
        complain(error)
        leave(2)
    except KeyboardInterrupt:
        leave(130)
    except BrokenPipeError:
        leave(2)  # what read us has gone; nothing is left to say
    except Exception as error:  # noqa: BLE001 - the boundary: whatever comes here is a bug, and no traceback reaches a user
        report_bug(error)
        leave(2)


def open_streams() -> None:
    """Let every text be written: to a stream that was closed, to a terminal without our characters."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as above
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr is; in JSON that is an escape too


def leave(code: object) -> NoReturn:
    """End the process at once: taking a fleet apart object by object costs more than writing a snapshot of it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def complain(error: DeskcError) -> None:
    """Write an error of use or environment as one sentence, and the way out."""
    from deskc.report.cells import escape

    sys.stderr.write(f"deskc: {escape(error.message)}\n")
    if error.help:
        sys.stderr.write(f" help: {escape(error.help)}\n")


def report_bug(error: Exception) -> None:
    """Say that this is our fault; the traceback only for those who ask for it."""
    sys.stderr.write(f"deskc: this is a bug in deskc: {type(error).__name__}: {error}\n")
    if os.environ.get("DESKC_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    else:
        sys.stderr.write(" help: run again with DESKC_TRACEBACK=1 and report what it prints\n")
