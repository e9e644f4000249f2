"""One line a changed scope: what changed, what that demands of the label, and the label that follows."""

from collections.abc import Iterable, Iterator

from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.scopes import ScopeId
from deskc.core.violations import shown
from deskc.plan.changes import Change, ChangedScope, Changes
from deskc.plan.settings import BUMPS, Bump

__all__ = ["changed_scope_lines"]

_NOTHING = "not set"


def changed_scope_lines(found: Changes) -> tuple[str, ...]:
    """Write `mm_multi_v1/ETH min_spread_bps 0.3 → 0.4 · minor → 1.3.0` for each changed scope, in order.

    The label is what the largest bump makes of the base's; where the tree has raised its label that far or further,
    the line ends in `labelled` and the tree's own. Environments that changed alike share a line, which names them only
    where the scope runs in others too.
    """
    rows: dict[ScopeId, list[Change]] = {}
    for row in found.rows:
        for scope in row.scopes:
            rows.setdefault(scope, []).append(row)
    together: dict[tuple[ScopeId, str], list[str]] = {}
    for changed in found.scopes:
        alike = changed.id._replace(environment="")
        said = _said(changed, rows[changed.id])
        if said:
            together.setdefault((alike, said), []).append(changed.id.environment)
    return tuple(sorted(f"{_named(scope, names, found)} {said}" for (scope, said), names in together.items()))


def _named(scope: ScopeId, environments: list[str], found: Changes) -> str:
    """Return a scope's name, with the environments that a line holds for unless it holds for all of them."""
    everywhere = {name for layers in (found.before, found.after) for name in _environments(scope, layers)}
    return str(scope._replace(environment="" if everywhere <= {*environments} else ",".join(sorted(environments))))


def _environments(scope: ScopeId, layers: Layers) -> Iterator[str]:
    bot = layers.bots.get(scope.bot)
    for environment, coins in bot.coins.items() if bot else ():
        if scope.coin is None or scope.coin in coins:
            yield environment


def _said(changed: ChangedScope, rows: Iterable[Change]) -> str:
    """Return what a line says after the scope's name; nothing of a scope that an error keeps from being compared."""
    kinds = {row.kind for row in rows}
    if "broken" in kinds:
        return ""
    if "added" in kinds or "removed" in kinds:
        label = _label(changed.after or changed.before)
        return " · ".join(part for part in ("added" if "added" in kinds else "removed", label) if part)
    settings = [row for row in rows if row.kind == "setting"]
    before, after = _label(changed.before), _label(changed.after)
    if not settings:
        return f"config_version {before or _NOTHING} → {after or _NOTHING}"
    bump = max((row.facts.bump for row in settings), key=BUMPS.index)
    return f"{', '.join(_changes(changed, settings))} · {_following(bump, before, after)}"


def _changes(changed: ChangedScope, rows: Iterable[Change]) -> Iterator[str]:
    """Yield each setting's change; a section that came or went as a whole, most of it by default, is one."""
    old, new = (set() if scope is None else scope.sections.keys() for scope in (changed.before, changed.after))
    whole = dict.fromkeys((row.path.partition(".")[0] for row in rows), 0)
    for row in rows:
        section = row.path.partition(".")[0]
        if section in old and section in new:
            yield _change(row)
        whole[section] += 1
    for section, count in whole.items():
        settings = "1 setting" if count == 1 else f"{count} settings"
        if section not in old:
            yield f"{section} {_NOTHING} → {settings}"
        elif section not in new:
            yield f"{section} {settings} → {_NOTHING}"


def _change(row: Change) -> str:
    name = row.path.removeprefix("trading.")
    before, after = (_NOTHING if leaf is None else shown(leaf.value) for leaf in (row.before, row.after))
    return f"{name} {before} → {after}"


def _label(scope: Scope | None) -> str | None:
    return None if scope is None or scope.config_version is None else str(scope.config_version.value)


def _following(bump: Bump, before: str | None, after: str | None) -> str:
    """Return the bump and the label that follows; the bump alone where the base's label is no semantic version."""
    from semver import Version  # noqa: PLC0415 - only a change needs it

    if before is None or not Version.is_valid(before):
        return f"{bump} · labelled {after}" if after not in (None, before) else bump
    wanted = Version.parse(before).next_version(bump)
    raised = after is not None and Version.is_valid(after) and Version.parse(after) >= wanted
    return f"{bump} · labelled {after}" if raised else f"{bump} → {wanted}"
