"""What reaches what: the scopes that a target declares, the scopes that read a file, the errors that touch a target."""

from collections.abc import Iterable, Iterator

from deskc.core.findings import Finding
from deskc.core.layers import Layers
from deskc.core.scopes import ScopeId, Target

__all__ = ["declared_scopes", "errors_of", "names_of", "order", "scopes_reading", "targets_reading"]


def order(scope: ScopeId) -> tuple[str, ...]:
    """Return the sort key of a scope; a name that it lacks comes before any that it could have."""
    return tuple(part or "" for part in scope)


def errors_of(findings: Iterable[Finding], target: Target) -> tuple[Finding, ...]:
    """Return the errors that touch a target or the whole desk."""
    own = str(target)
    errors = (finding for finding in findings if finding.severity == "error")
    return tuple(
        error
        for error in errors
        if not error.scopes or any(scope == own or scope.startswith(f"{own}/") for scope in error.scopes)
    )


def declared_scopes(layers: Layers, target: Target) -> Iterator[ScopeId]:
    """Yield the scopes that a bot declares in an environment, bot level first, then by coin and side."""
    bot = layers.bots[target.bot]
    yield ScopeId(target.environment, bot.id)
    for coin in sorted(bot.coins[target.environment], key=str.encode):
        for side in sorted(bot.sides, key=str.encode) or (None,):
            yield ScopeId(target.environment, bot.id, coin, side)


def scopes_reading(path: str, layers: Layers) -> Iterator[ScopeId]:
    """Yield the scopes that read a layer, or that some layer which extends a template has."""
    inside = path.removeprefix(layers.desk.folder)
    found = (pattern.match(inside) for pattern in layers.desk.hierarchy)
    own = next((names for names in found if names is not None), {})
    for target in targets_reading(path, layers):
        for scope in declared_scopes(layers, target):
            names = names_of(scope, layers)
            if all(names.get(axis) == name for axis, name in own.items()):
                yield scope


def targets_reading(path: str, layers: Layers) -> tuple[Target, ...]:
    """Return the targets of readable bots that read a file, in order."""
    known = frozenset(layers.targets)
    return tuple(sorted(known.intersection(layers.readers.get(path, ()))))


def names_of(scope: ScopeId, layers: Layers) -> dict[str, str]:
    """Return what the axes of a scope are called; an axis that it does not have is left out."""
    inside = {"coin": scope.coin, "side": scope.side}
    named = {axis: name for axis, name in inside.items() if name is not None}
    return {**layers.bots[scope.bot].names(scope.environment), **named}
