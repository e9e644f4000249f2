"""Commands as forks of a process that has imported them: processes of their own, without the time of a cold start.

What deskc keeps from one desk to the next in a process, they know of the reference desk. Cold starts are tried where a
test starts a process itself, and everywhere with DESKC_TEST_FORKS=0.
The server is this file, run as a script. A request is a byte with four open files: what to run, then three streams.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import IO, NamedTuple, NoReturn

__all__ = ["HEAVY", "LIGHT", "Start", "fork", "may_fork"]

LIGHT = (
    *(f"deskc.{part}" for part in ("cli", "content", "core", "edit", "gitio", "ledger", "outputs", "plan", "publish")),
    *("deskc.report", "deskc.runtime", "deskc.stages", "deskc.ladder.verdict"),
    *("encodings.utf_16_be", "fractions", "zoneinfo"),
)
"""What most commands import, the standard library's rarer modules too."""
HEAVY = (*LIGHT, "deskc.ladder", "deskc.tuning", "warm_up")
"""What a search imports: numba and machine code with it."""

ROOT = Path(__file__).parents[1]
_NUMERIC = {"deskc.report.certificate", "deskc.report.optimized"}
_HEARD_ONCE = ("GIT_PYTHON_", "LANG", "LC_", "LD_", "NUMBA_", "OMP_", "OPENBLAS_", "PATH", "PYTHON", "TZ")
_FAILED = 70


def may_fork(environment: Mapping[str, str], usual: Mapping[str, str]) -> bool:
    """Say whether what a process hears as it starts or imports is as usual: to the rest a fork listens by itself."""
    return os.environ.get("DESKC_TEST_FORKS") != "0" and _heard_once(environment) == _heard_once(usual)


def _heard_once(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in sorted(environment.items()) if name.startswith(_HEARD_ONCE)}


class Start(NamedTuple):
    """How a process begins: arguments, folder, environment, and a umask, or −1 for ours."""

    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    umask: int = -1


def fork(start: Start, streams: Sequence[IO[bytes]], *, parts: tuple[str, ...] = LIGHT) -> int:
    """Run a command on three open streams; return its exit code, or the number of what killed it below zero."""
    server = _server(tuple(_heard_once(start.environment).items()), parts)
    with TemporaryFile() as request:
        request.write(json.dumps(start).encode())
        request.seek(0)
        socket.send_fds(server, [b"."], [request.fileno(), *(stream.fileno() for stream in streams)])
        return int(server.recv(16))


@cache
def _server(environment: tuple[tuple[str, str], ...], parts: tuple[str, ...]) -> socket.socket:
    """Start what has imported some parts of deskc; it ends with this process."""
    ours, its = socket.socketpair()
    with its:
        command = [sys.executable, __file__, str(its.fileno()), *parts]
        process = subprocess.Popen(command, env=dict(environment), pass_fds=[its.fileno()])
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


# The server's side


def load(parts: Sequence[str]) -> None:
    """Import modules, and all that packages hold, and judge the reference desk, so that no command has to."""
    for part in parts:
        package = import_module(part)
        for module in walk_packages(getattr(package, "__path__", ()), f"{part}."):
            if "warm_up" in parts or module.name not in _NUMERIC:
                import_module(module.name)
    if "warm_up" in parts:
        import_module("warm_up").search()
        import_module("warm_up").rounding()
    pipeline, reading = import_module("deskc.pipeline"), import_module("deskc.stages.read")
    pipeline.compile_desk(pipeline.prepare(reading.WorktreeSource(ROOT, 0), "config-repo/"))
    gc.collect()
    gc.freeze()  # a fork that collects garbage copies no memory of ours


def serve(requests: socket.socket) -> None:
    """Answer one request after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C ends who asks, and then us
    while True:
        byte, files, _, _ = socket.recv_fds(requests, 1, 4)
        if not byte:
            return
        child = os.fork()
        if not child:
            try:
                become(files)
            finally:
                os._exit(_FAILED)
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def become(files: Sequence[int]) -> NoReturn:
    """Turn into the command of a request as if it were just started, and end with its exit code."""
    request, *streams = files
    with os.fdopen(request, "rb") as file:
        start = Start(*json.load(file))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(start.environment)
    os.chdir(start.folder)
    if start.umask >= 0:
        os.umask(start.umask)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = list(start.arguments)
    from deskc.cli import main  # noqa: PLC0415 - the server's side alone may import it

    main()
    raise AssertionError("main returned")


if __name__ == "__main__":
    load(sys.argv[2:])
    del sys.path[0]  # a command finds no module of the tests
    with socket.socket(fileno=int(sys.argv[1])) as _requests:
        serve(_requests)
