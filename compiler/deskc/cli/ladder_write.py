"""Putting a ladder that was found into the layer of its scope."""

from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from deskc.cli.where import Where, find_desk, now
from deskc.core.errors import DeskcError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskc.core.scopes import ScopeId
    from deskc.edit.addition import Addition
    from deskc.edit.present import Present
    from deskc.tuning.optimize import Outcome

__all__ = ["Target", "layer_of", "put"]

_PARTS = ("environment", "bot", "coin", "side")


class Target(NamedTuple):
    """A scope of the desk at hand, and its section `ladder` as the desk stands, empty where it has none."""

    where: Where
    scope: "ScopeId"
    section: "Mapping[str, Any]"


def layer_of(scope: str) -> Target:
    """Find the scope that was named, `environment/bot/coin[/side]`; raise DeskcError where the desk has none such."""
    from deskc.core.scopes import ScopeId
    from deskc.pipeline import prepare
    from deskc.plan.asked import scope_asked
    from deskc.stages.read import WorktreeSource

    names = scope.split("/")
    if not 3 <= len(names) <= len(_PARTS) or not all(names):  # noqa: PLR2004 - a ladder has a coin
        raise DeskcError(
            f"{scope} is no scope of a ladder", help="write environment/bot/coin, and /SIDE where the bot has sides"
        )
    where = find_desk(None)
    asked = ScopeId(*names)
    found = scope_asked(prepare(WorktreeSource(where.root, now()), where.folder), asked)
    if found.value is None:
        raise DeskcError(f"{scope} has errors, so nothing can be written there", help="run deskc check")
    return Target(where, asked, found.value.value("ladder") if "ladder" in found.value.sections else {})


def put(target: Target, outcome: "Outcome") -> None:
    """Write the orders into the layer whose axes are the scope's, comments kept, and say what comes next.

    Where the scope's ladder has another number of orders or another overlap, those are written with them.
    """
    from deskc.cli.adding import adding

    adding(
        target.where,
        lambda present: _addition(present, target, outcome),
        f"Trade the ladder of run {outcome.experiment.run_id} in {target.scope}",
        say=lambda text: typer.echo(text, err=True, nl=False),
    )


def _addition(present: "Present", target: Target, outcome: "Outcome") -> "Addition":
    from deskc.edit.addition import Addition
    from deskc.edit.put import put as edited

    path = _path(present, target.scope)
    text = present.files[path].decode() if path in present.files else ""
    for name, value in _settings(target, outcome).items():
        text = edited(text, tuple(name.split(".")), value)
    if path in present.files:
        return Addition({}, {path: text})
    return Addition(present.led({path: text}), {})


def _settings(target: Target, outcome: "Outcome") -> dict[str, object]:
    """Return what is written, by path: the orders, and of what they are for what the scope has otherwise."""
    from deskc.tuning.found import settings_for

    if outcome.ladder is None:
        return {}
    core = settings_for(outcome.ladder, outcome.settings).core
    own = {"num_orders": core.num_orders, "overlap_pct": core.overlap_pct}
    there = target.section.get("core", {})
    volumes, indents = outcome.ladder
    return {
        **{f"ladder.core.{name}": value for name, value in own.items() if there.get(name) != value},
        "ladder.orders.volumes_pct": list(volumes),
        "ladder.orders.indents_pct": list(indents),
    }


def _path(present: "Present", scope: "ScopeId") -> str:
    """Return the file of the layer whose axes are exactly the scope's; raise DeskcError where no level has them."""
    names = {axis: name for axis, name in zip(_PARTS, scope, strict=False) if name is not None}
    desk = present.layers.desk
    level = next((one for one in desk.hierarchy if {*one.axes} == names.keys()), None)
    if level is None:
        msg = f"the hierarchy has no level for {', '.join(names)} together"
        example = "bots/{bot}/environments/{environment}/{coin}" + ("" if scope.side is None else ".{side}") + ".yaml"
        raise DeskcError(msg, help=f"add {example} to hierarchy in desk.yaml")
    return f"{desk.folder}{level.path(names)}"
