"""deskc versions."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from deskc.cli.options import Bots, Desk, Environments, Format, Ledger, Output, choose, write
from deskc.cli.verbs import VERBS
from deskc.cli.where import Where, find_desk, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deskc.core.scopes import ScopeId, Target
    from deskc.core.snapshots import Snapshot
    from deskc.ledger.ledger import Interval, ScopeVersion
    from deskc.pipeline import Selection
    from deskc.report.versions import Version

Coins = Annotated[list[str] | None, typer.Option("--coin", metavar="COIN", help="Only this coin; repeatable.")]


class _Recorded(NamedTuple):
    """What a ledger knows: the newest version by scope, label and digest, and each scope's intervals."""

    versions: "Mapping[tuple[ScopeId, str | None, str], ScopeVersion]"
    intervals: "Mapping[ScopeId, tuple[Interval, ...]]"


group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["versions"])


@group.callback()
def _versions() -> None:
    """Keep `list` a verb of its own, though it is the only one yet."""


@group.command(
    name="list",
    short_help="List what each scope is compiled to, runs and ran.",
    help="List the label and digest that each scope has at HEAD, that bots run, and that they ran before.",
)
def list_versions(
    desk: Desk = None,
    env: Environments = None,
    bot: Bots = None,
    coin: Coins = None,
    ledger: Ledger = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Compile HEAD in memory and look up in the ledger what trades, since when, and what has."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.pipeline import Selection, compile_desk, prepare  # git starts first
        from deskc.report.versions import Versions, versions_json, versions_text
        from deskc.stages.read import CommitSource

        fmt = choose(output_format, ("text", "json"))
        selection = Selection(tuple(env or ()), tuple(bot or ()))
        compilation = compile_desk(prepare(CommitSource(reading, "HEAD"), where.folder), selection)
        if compilation.failed:
            raise DeskcError(
                "HEAD does not compile, so its versions cannot be listed", help="see deskc check --at HEAD"
            )
        recorded = _recorded(where, ledger)
    rows = _only(coin, _rows(compilation.snapshots, recorded or _Recorded({}, {}), selection))
    told = Versions(rows, recorded and _active(recorded), ledger, where.folder)
    write(versions_json(told) if fmt == "json" else versions_text(told), output)


def _recorded(where: Where, named: str | None) -> _Recorded | None:
    """Return what the ledger knows, None where there is no ledger yet.

    Raise DeskcError where the ledger that was named is missing.
    """
    from itertools import groupby

    from deskc.ledger.open import open_ledger
    from deskc.ledger.sqlite import location

    if named is None and not location(where.ledger).exists():
        return None
    with open_ledger(where.ledger if named is None else named) as ledger:
        versions = reversed(ledger.scope_versions())
        intervals = groupby(ledger.intervals(), key=lambda one: one.scope)
        return _Recorded(
            {(version.scope, version.config_version, version.params_digest): version for version in versions},
            {scope: tuple(found) for scope, found in intervals},
        )


def _rows(snapshots: "Iterable[Snapshot]", recorded: _Recorded, selection: "Selection") -> "tuple[Version, ...]":
    """Return every scope that HEAD has, or that some bot ran, in a snapshot's order."""
    from deskc.core.scopes import ScopeId, Target
    from deskc.report.versions import Version

    found = {
        scope: Version(scope, None, None, intervals)
        for scope, intervals in recorded.intervals.items()
        if selection.holds(Target(*scope[:2]))
    }
    for snapshot in snapshots:
        for row in snapshot.rows:
            scope = ScopeId(snapshot.environment, snapshot.bot, row.coin, row.side, row.arm)
            compiled = (row.config_version, row.params_digest)
            since = recorded.versions.get((scope, *compiled))
            found[scope] = Version(scope, compiled, since, recorded.intervals.get(scope, ()))
    return tuple(found[scope] for scope in sorted(found, key=lambda scope: [name or "" for name in scope]))


def _active(recorded: _Recorded) -> "frozenset[Target]":
    """Return the targets that some run is active for."""
    from deskc.core.scopes import Target

    every = (one for found in recorded.intervals.values() for one in found)
    return frozenset(Target(*one.scope[:2]) for one in every if one.ended_at_ns is None)


def _only(coins: list[str] | None, rows: "tuple[Version, ...]") -> "tuple[Version, ...]":
    """Keep the coins that were asked for; raise DeskcError for one that there is nothing of."""
    known = sorted({row.scope.coin for row in rows if row.scope.coin})
    for coin in coins or ():
        if coin not in known:
            from deskc.core.violations import close_to  # only a mistake needs it

            guess = close_to(coin, known)
            way_out = f"did you mean {guess}?" if guess else f"known are {', '.join(known)}" if known else ""
            raise DeskcError(f"there is no coin {coin}", help=way_out)
    return tuple(row for row in rows if not coins or row.scope.coin in coins)
