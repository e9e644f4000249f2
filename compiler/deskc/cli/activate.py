"""deskc activate."""

import re
from time import time_ns
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.options import Desk, Format, Ledger, Output, choose, write
from deskc.cli.where import find_desk
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from deskc.core.canonical import Digest
    from deskc.core.scopes import Target
    from deskc.core.snapshots import Sha
    from deskc.ledger.ledger import Ledger as OpenLedger
    from deskc.publish.fetch import Fetched

_DIGEST = re.compile(r"[0-9a-f]{64}")


def command(
    desk: Desk = None,
    env: Annotated[str | None, typer.Option("--env", metavar="ENV", help="The environment.")] = None,
    bot: Annotated[str | None, typer.Option("--bot", metavar="BOT", help="The bot.")] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="URL", help="The channel that the bot reads: a folder or a URL.")
    ] = None,
    digest: Annotated[
        str | None, typer.Option("--digest", metavar="D", help="This snapshot of the channel, not its current one.")
    ] = None,
    sha: Annotated[
        str | None, typer.Option("--sha", metavar="SHA", help="The commit that the bot runs, where no channel says it.")
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="A", help="The account, where the bot runs on several.")
    ] = None,
    instance: Annotated[
        str | None, typer.Option("--instance", metavar="I", help="Which run of the bot, where there are several.")
    ] = None,
    ledger: Ledger = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Ends and begins the intervals of what changed. Saying the same again changes nothing."""
    fmt = choose(output_format, ("text", "json"))
    if env is None or bot is None or channel is None:
        raise _unnamed({"--env ENV": env, "--bot BOT": bot, "--channel URL": channel})
    _require_names({"--channel": channel, "--account": account, "--instance": instance})
    _require_hex(digest=digest, sha=sha)
    from deskc.core.scopes import Target
    from deskc.ledger.ledger import Activation, Run
    from deskc.ledger.open import open_ledger
    from deskc.publish.fetch import fetch
    from deskc.report.activated import activated_json, activated_text

    target, run = Target(env, bot), Run(env, bot, account, instance)
    with open_ledger(find_desk(desk).ledger if ledger is None else ledger) as opened:
        fetched = fetch(channel, target, _digest(digest))
        commit = _commit(opened, target, fetched, sha)
        activation = Activation(run, fetched.snapshot.digest, commit, "activate", time_ns())
        done = opened.activate(activation, fetched.snapshot)
    write(activated_json(activation, done) if fmt == "json" else activated_text(activation, done), output)


def _unnamed(options: dict[str, str | None]) -> DeskcError:
    missing = [option for option, value in options.items() if value is None]
    names = " and ".join(option.split()[0] for option in missing)
    return DeskcError(f"activate needs {names}", help=f"add {' '.join(missing)}")


def _require_names(options: dict[str, str | None]) -> None:
    """Raise DeskcError where an option was given that says nothing, or what no table can show."""
    for option, name in options.items():
        if name is not None and not name.strip():
            raise DeskcError(f"{option} names nothing", help="name one; an unset variable may stand there")
        if name is not None and not name.isprintable():
            raise DeskcError(f"{option} holds characters that cannot be shown", help="name one without them")


def _require_hex(*, digest: str | None, sha: str | None) -> None:
    """Raise DeskcError for half a digest or commit: what is recorded must name one for ever."""
    from deskc.publish.pointer import SHA

    if digest is not None and not _DIGEST.fullmatch(digest):
        raise DeskcError("--digest is no digest of 64 hex digits", help="copy it whole from the snapshot's file name")
    if sha is not None and not SHA.fullmatch(sha):
        raise DeskcError("--sha is no commit of 40 hex digits", help="git rev-parse COMMIT prints it whole")


def _digest(text: str | None) -> "Digest | None":
    from deskc.core.canonical import Digest

    return None if text is None else Digest(text)


def _commit(ledger: "OpenLedger", target: "Target", fetched: "Fetched", sha: str | None) -> "Sha":
    """Return the commit that the bot runs: the one named, else the channel's, else the newest that gave the snapshot.

    Raise DeskcError where nobody knows one, or the ledger knows that the one named gave another snapshot.
    """
    from deskc.core.snapshots import Sha

    if sha is None and fetched.commit is not None:
        return fetched.commit
    digest = fetched.snapshot.digest
    builds = ledger.builds(environment=target.environment, bot=target.bot, commit=None if sha is None else Sha(sha))
    found = [row.build.commit for row in builds if row.build.digest == digest]
    if sha is None and not found:
        msg = f"neither channel nor ledger knows which commit gave {target} the snapshot {digest[:12]}"
        raise DeskcError(msg, help="name it with --sha")
    if sha is not None and builds and not found:
        msg = f"commit {sha[:12]} gave {target} the snapshot {builds[0].build.digest[:12]}, not {digest[:12]}"
        raise DeskcError(msg, help="name another commit with --sha, or leave it out")
    return found[0] if sha is None else Sha(sha)
