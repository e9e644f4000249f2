"""deskc status."""

from time import time_ns
from typing import TYPE_CHECKING, Annotated

import typer

from deskc.cli.halting import State
from deskc.cli.options import Bots, Desk, Environments, Format, Ledger, Output, choose, write
from deskc.cli.where import find_desk
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deskc.core.scopes import Target
    from deskc.ledger.ledger import Ledger as OpenLedger
    from deskc.ledger.ledger import RunStatus
    from deskc.report.status import BotStatus, Wanted

Channel = Annotated[
    str | None,
    typer.Option(
        "--channel",
        metavar="URL",
        envvar="DESKC_CHANNEL",
        help="What says which are wanted; else the ledger.",
    ),
]


def command(
    desk: Desk = None,
    env: Environments = None,
    bot: Bots = None,
    channel: Channel = None,
    ledger: Ledger = None,
    state: State = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """What a bot says of itself is from its last heartbeat; a HALT file counts where it lies on this machine."""
    fmt = choose(output_format, ("text", "json"))
    from deskc.core.scopes import Target
    from deskc.ledger.open import open_ledger
    from deskc.pipeline import Selection
    from deskc.report.status import status_json, status_text

    selection = Selection(tuple(env or ()), tuple(bot or ()))
    rows: list[BotStatus] = []
    with open_ledger(find_desk(desk).ledger if ledger is None else ledger) as opened:
        built = {Target(one.build.environment, one.build.bot) for one in opened.builds()}
        for target in sorted({*built, *(Target(*one.run[:2]) for one in opened.statuses())}):
            if selection.holds(target):
                rows += _rows(opened, target, _wanted(opened, target, channel=channel, state=state), state=state)
    if not rows and (env or bot):
        raise DeskcError("the ledger knows no such bot", help="leave --env and --bot out to see those it knows")
    now_ns = time_ns()
    write((status_json if fmt == "json" else status_text)(tuple(rows), now_ns=now_ns), output)


def _rows(
    ledger: "OpenLedger", target: "Target", wanted: "Wanted | None", *, state: str | None
) -> "Iterator[BotStatus]":
    """Yield a status for each run of a bot, or one for a bot that never ran."""
    from deskc.report.status import BotStatus

    local = _halted_here(target, state)
    found = [one for one in ledger.statuses() if one.run[:2] == target]
    for one in found:
        yield BotStatus(target, one, wanted, {**_halted_by_settings(ledger, one), **_told(one), **local})
    if not found:
        yield BotStatus(target, None, wanted, local)


def _wanted(ledger: "OpenLedger", target: "Target", *, channel: str | None, state: str | None) -> "Wanted | None":
    """Return what the bot should run: what the channel names, else the newest recorded build; None for neither."""
    from deskc.core.canonical import Digest
    from deskc.core.snapshots import Sha
    from deskc.report.status import Wanted
    from deskc.runtime.channel import look_up
    from deskc.runtime.errors import NotFoundError

    environment, bot = target
    if channel is None:
        builds = ledger.builds(environment=environment, bot=bot)
        return Wanted(builds[0].build.commit, builds[0].build.digest) if builds else None
    try:
        found = look_up(channel, environment=environment, bot=bot, state=state)
    except NotFoundError:
        return None
    return Wanted(None if found.git_sha is None else Sha(found.git_sha), Digest(found.digest))


def _told(status: "RunStatus") -> dict[str, str]:
    """Return the halts that the bot's heartbeat told of."""
    said = status.said.get("halted")
    return {str(coin): str(reason) for coin, reason in said.items()} if isinstance(said, dict) else {}


def _halted_here(target: "Target", state: str | None) -> dict[str, str]:
    """Return what HALT files on this machine say, "" being the whole bot."""
    from deskc.runtime.halt import halts
    from deskc.runtime.state import state_folder

    return halts(state_folder(state, environment=target.environment, bot=target.bot))


def _halted_by_settings(ledger: "OpenLedger", status: "RunStatus") -> dict[str, str]:
    """Return the coins that the run's settings keep from opening positions; "" where that is all of them."""
    from json import loads

    environment, bot = status.run[:2]
    intervals = ledger.intervals(environment=environment, bot=bot)
    active = [one for one in intervals if one.ended_at_ns is None and one.run == status.run and one.scope.coin]
    names = {}
    for one in active:
        params = ledger.params(one.params_digest)
        if params is not None and loads(params).get("trading", {}).get("enabled") is False:
            names["/".join(filter(None, one.scope[2:4]))] = "trading.enabled is false"
    return {"": "trading.enabled is false"} if names and len(names) == len(active) else names
