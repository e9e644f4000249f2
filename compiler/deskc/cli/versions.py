"""deskc versions."""

from typing import TYPE_CHECKING, Any

import typer

from deskc.cli.options import Bots, Desk, Environments, Format, Ledger, Output, choose, write
from deskc.cli.verbs import VERBS
from deskc.cli.where import Where, find_desk, objects
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deskc.core.scopes import ScopeId
    from deskc.core.snapshots import Snapshot
    from deskc.ledger.ledger import ScopeVersion

group = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True, help=VERBS["versions"])


@group.callback()
def _versions() -> None:
    """Keep `list` a verb of its own, though it is the only one yet."""


@group.command(
    name="list",
    short_help="List the label of each scope, and since when.",
    help="List the label and params digest of each scope at HEAD, and since which commit it stands.",
)
def list_versions(
    desk: Desk = None,
    env: Environments = None,
    bot: Bots = None,
    ledger: Ledger = None,
    output_format: Format = "text",
    output: Output = None,
) -> None:
    """Compile HEAD in memory and look up in the ledger since when each scope trades as it does."""
    where = find_desk(desk)
    with objects(where) as reading:
        from deskc.pipeline import Selection, compile_desk, prepare  # git starts first
        from deskc.stages.read import CommitSource

        fmt = choose(output_format, ("text", "json"))
        compilation = compile_desk(
            prepare(CommitSource(reading, "HEAD"), where.folder), Selection(tuple(env or ()), tuple(bot or ()))
        )
        if compilation.failed:
            raise DeskcError(
                "HEAD does not compile, so its versions cannot be listed", help="see deskc check --at HEAD"
            )
        recorded = _recorded(where, ledger)
        rows = [row for snapshot in compilation.snapshots for row in _rows(snapshot, recorded or {})]
    write(_json(rows) if fmt == "json" else _text(where, rows, known=recorded is not None), output)


def _recorded(where: Where, named: str | None) -> "Mapping[tuple[ScopeId, str | None, str], ScopeVersion] | None":
    """Return the recorded versions by scope, label and digest, the newest of each; None where there is no ledger yet.

    Raise DeskcError where the ledger that was named is missing.
    """
    from deskc.ledger.open import open_ledger
    from deskc.ledger.sqlite import location

    if named is None and not location(where.ledger).exists():
        return None
    with open_ledger(where.ledger if named is None else named) as ledger:
        versions = reversed(ledger.scope_versions())
        return {(version.scope, version.config_version, version.params_digest): version for version in versions}


def _rows(
    snapshot: "Snapshot", recorded: "Mapping[tuple[ScopeId, str | None, str], ScopeVersion]"
) -> "Iterator[dict[str, Any]]":
    from deskc.core.scopes import ScopeId
    from deskc.core.times import day

    for row in snapshot.rows:
        scope = ScopeId(snapshot.environment, snapshot.bot, row.coin, row.side, row.arm)
        version = recorded.get((scope, row.config_version, row.params_digest))
        yield {
            "environment": snapshot.environment,
            "bot": snapshot.bot,
            "coin": row.coin,
            "side": row.side,
            "config_version": row.config_version,
            "params_digest": row.params_digest,
            "since_commit": version and version.first_commit,
            "since": version and day(version.first_committed_at),
        }


def _json(rows: list[dict[str, Any]]) -> str:
    import json

    return json.dumps({"versions": rows}, ensure_ascii=False, indent=2) + "\n"


def _text(where: Where, rows: list[dict[str, Any]], *, known: bool) -> str:
    from deskc.report.table import table

    shown = [
        (
            row["environment"],
            row["bot"],
            " ".join(filter(None, (row["coin"], row["side"]))) or "(bot)",
            f"{row['config_version'] or 'no label'} · {row['params_digest'][:8]}",
            row["since_commit"][:12] if row["since_commit"] else "",
            row["since"] or "",
        )
        for row in rows
    ]
    text = table(shown, ("environment", "bot", "scope", "version", "since commit", "since"))
    if not known:
        text += "\nNo ledger yet, so nothing tells since when: run deskc compile, which makes one.\n"
    elif any(row["since_commit"] is None for row in rows):
        text += f"\nSome scopes of {where.folder or 'this desk'} are not recorded yet: run deskc compile.\n"
    return text
