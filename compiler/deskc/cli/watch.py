"""deskc watch."""

import gc
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import Format, Quiet, choose, write
from deskc.cli.scope import OneBot, OneEnvironment
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskc.runtime.follow import Follower
    from deskc.runtime.last_good import LastGood
    from deskc.runtime.lines import Context
    from deskc.runtime.locate import Found

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="A folder, or a URL: file, http(s), sqlite, tuf+….")]
Exec = Annotated[
    str | None,
    typer.Option("--exec", metavar="CMD", help="Run this for each snapshot; DESKC_SNAPSHOT is its file."),
]
State = Annotated[
    str | None, typer.Option("--state", metavar="DIR", help="Where the last good one is kept; DESKC_STATE if left out.")
]
Every = Annotated[float | None, typer.Option("--every", metavar="SECONDS", help="How often to look, at the least.")]
Once = Annotated[bool, typer.Option("--once", help="Tell what is current and end.")]
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", help="Follow uncommitted edits, too.")]

_DAY_S = 86_400


def command(
    channel: Channel,
    env: OneEnvironment = None,
    bot: OneBot = None,
    run: Exec = None,
    state: State = None,
    every: Every = None,
    once: Once = False,
    allow_dirty: AllowDirty = False,
    quiet: Quiet = False,
    output_format: Format = "text",
) -> None:
    """Prints a line a snapshot. A bot that only reads files finds the newest good one in DIR; ^C ends it."""
    gc.enable()  # this command does not end soon
    fmt = choose(output_format, ("text", "json"))
    if env is None or bot is None:
        missing = [option for option, value in (("--env ENV", env), ("--bot BOT", bot)) if value is None]
        raise DeskcError(f"watch needs {' and '.join(missing)}", help=f"add {' '.join(missing)}")
    if every is not None and not 0 < every <= _DAY_S:
        raise DeskcError(f"--every {every:g} is no time to wait between two looks", help="name seconds, up to a day's")
    words = _words(run)
    from deskc.runtime.channel import open_channel
    from deskc.runtime.follow import Follower
    from deskc.runtime.last_good import LastGood
    from deskc.runtime.state import state_folder

    folder = state_folder(state, environment=env, bot=bot)
    opened, usual_s = open_channel(channel, environment=env, bot=bot, state=os.fspath(folder))
    last_good = LastGood(folder, channel=channel, environment=env, bot=bot)
    follower = Follower(opened, last_good, opens=_Opening(env, bot), allow_dirty=allow_dirty)
    told = "" if follower.failure is None else _complain(follower, "")
    new: Context | None = follower.snapshot
    while True:
        if new is not None:
            _tell(new, last_good, words, fmt=fmt, quiet=quiet)
        if once:
            return
        opened.wait(usual_s if every is None else every)
        new = follower.poll()
        told = _complain(follower, told)


class _Opening:
    """Checks a snapshot to its last line and leaves its references alone: whoever reads the file binds them."""

    def __init__(self, environment: str, bot: str) -> None:
        self._target = {"environment": environment, "bot": bot}

    def __call__(self, found: "Found", _: "Context | None") -> "Context":
        """Return what was found once it is checked; raise a SnapshotError where something is wrong with it."""
        from deskc.runtime.late import Sources
        from deskc.runtime.lines import check_lines
        from deskc.runtime.snapshot import open_context

        context = open_context(found, **self._target, sources=Sources(env={}, secrets=None))
        check_lines(context)
        return context


def _words(command: str | None) -> list[str]:
    """Split a command as a shell would; raise DeskcError where it is none."""
    import shlex

    if command is None:
        return []
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise DeskcError(f"--exec {command} cannot be split into words: {error}", help="close its quotes") from error
    if not words:
        raise DeskcError("--exec names no command", help="name one; an unset variable may stand there")
    return words


def _tell(context: "Context", last_good: "LastGood", words: list[str], *, fmt: str, quiet: bool) -> None:
    """Print what the bot goes over to, then run the command on it."""
    from time import time_ns

    from deskc.core.times import text

    path = last_good.path(context.digest)
    if not path.exists():
        raise DeskcError(f"{path} could not be written", help="name a folder that can be with --state")
    header = context.header
    facts = {"environment": header.environment, "bot": header.bot, "digest": context.digest, "commit": context.git_sha}
    if not quiet:
        write(_line({"at": text(time_ns()), **facts, "path": os.fspath(path)}, fmt))
    if words:
        _run(words, {**{key: value or "" for key, value in facts.items()}, "snapshot": os.fspath(path)})


def _line(facts: "Mapping[str, str | None]", fmt: str) -> str:
    if fmt == "json":
        from deskc.core.canonical import encode

        return f"{encode(facts)}\n"
    commit = f" of commit {facts['commit'][:12]}" if facts["commit"] else ""
    name, digest = f"{facts['environment']}/{facts['bot']}", (facts["digest"] or "")[:12]
    return f"{facts['at']} {name} snapshot {digest}{commit}: {facts['path']}\n"


def _run(words: list[str], facts: "Mapping[str, str]") -> None:
    """Run the command with DESKC_SNAPSHOT and the others; say how it ended where that was not well."""
    import subprocess

    variables = {f"DESKC_{key.upper()}": value for key, value in facts.items()}
    try:
        done = subprocess.run(words, env={**os.environ, **variables}, check=False)  # noqa: S603 - the user's own command
    except OSError as error:
        raise DeskcError(f"{words[0]} cannot be run: {error.strerror}", help="name a program with --exec") from error
    if done.returncode:
        sys.stderr.write(f"deskc: {words[0]} ended with {done.returncode} on snapshot {facts['digest'][:12]}\n")


def _complain(follower: "Follower[Context]", told: str) -> str:
    """Say why nothing newer comes, once a reason; return the reason."""
    from deskc.report.cells import escape

    reason = "" if follower.failure is None else str(follower.failure)
    if reason and reason != told:
        sys.stderr.write(f"deskc: stays with snapshot {follower.snapshot.digest[:12]}: {escape(reason)}\n")
    return reason
