"""Find the scope and the setting that a person named, or say what was probably meant."""

from collections.abc import Iterable

from deskc.core import paths
from deskc.core.errors import DeskcError
from deskc.core.layers import Layers
from deskc.core.outcome import Outcome
from deskc.core.resolved import Scope
from deskc.core.scopes import OTHER_SECTIONS, ScopeId, Target
from deskc.core.violations import close_to
from deskc.pipeline import Prepared, scopes_of
from deskc.plan.reach import errors_of
from deskc.plan.settings import schema_of, within

__all__ = ["CONFIG_VERSION", "key_asked", "scope_asked"]

CONFIG_VERSION = "config_version"
"""A scope's label, which may be asked for like a setting."""


def scope_asked(prepared: Prepared, asked: ScopeId) -> Outcome[Scope | None]:
    """Resolve the scope that was asked for; where an error keeps it from resolving, the findings say which.

    Raise DeskcError, with what was probably meant, for names that the desk does not have.
    """
    layers = prepared.layers
    target = Target(asked.environment, asked.bot)
    troubles = errors_of(prepared.findings, target)
    if layers is None:
        return Outcome(None, troubles)
    _refuse("environment", asked.environment, layers.desk.environments, "the desk has")
    if asked.bot not in layers.bots and troubles:
        return Outcome(None, troubles)
    _refuse("bot", asked.bot, layers.bots, "the desk has")
    _refuse_absent(asked, layers)
    resolved = scopes_of(prepared, target)
    found = next((scope for scope in resolved.value if scope.id == asked), None)
    return Outcome(found, (*troubles, *errors_of(resolved.findings, target)))


def _refuse_absent(asked: ScopeId, layers: Layers) -> None:
    """Refuse a bot that does not run there, a coin that it does not trade, and a side that is missing or too many."""
    environment, name, coin, side, _ = asked
    bot = layers.bots[name]
    if environment not in bot.coins:
        msg = f"{name} does not run in {environment}"
        raise DeskcError(msg, help=f"it runs in {', '.join(sorted(bot.coins))}")
    if coin is None:
        if side is not None:
            msg = f"a side needs a coin, and only {side} is named"
            raise DeskcError(msg, help="add --coin")
        return
    elsewhere = sorted(other for other, coins in bot.coins.items() if coin in coins)
    if elsewhere and coin not in bot.coins[environment]:
        msg = f"{name} does not trade {coin} in {environment}"
        raise DeskcError(msg, help=f"it does in {', '.join(elsewhere)}")
    _refuse("coin", coin, bot.coins[environment], f"{name} trades", f"in {environment}")
    if side is not None and not bot.sides:
        msg = f"{name} declares no sides, so {coin} has none"
        raise DeskcError(msg, help="leave out --side")
    if side is None and bot.sides:
        msg = f"{coin} has a scope a side"
        raise DeskcError(msg, help=f"add --side {' or --side '.join(sorted(bot.sides))}")
    if side is not None:
        _refuse("side", side, bot.sides, f"{name} declares")


def _refuse(what: str, name: str, known: Iterable[str], who: str, where: str = "") -> None:
    """Raise DeskcError where a name is not known, with what was probably meant."""
    listed = sorted(known)
    if name not in listed:
        guess = close_to(name, listed)
        way_out = f"did you mean {guess}?" if guess else f"known are {', '.join(listed)}" if listed else "it has none"
        msg = f"{who} no {what} {name}{' ' * bool(where)}{where}"
        raise DeskcError(msg, help=way_out)


def key_asked(key: str, scope: Scope, layers: Layers) -> str:
    """Return a setting's, map's or section's path as it is written here; raise DeskcError where there is none such."""
    try:
        path = paths.join(paths.split(key))
    except ValueError as error:
        raise DeskcError(str(error), help="write it such as trading.leverage") from error
    if path == CONFIG_VERSION:
        return path
    section = path.partition(".")[0]
    if section in OTHER_SECTIONS and scope.id.coin is not None:
        message = f"{section} stands on the bot's own scope, not on a coin's"
        raise DeskcError(message, help="leave out --coin and --side")
    if not path or not _is_known(path, scope, layers):
        known = tuple(dict.fromkeys(_known(scope, layers)))
        msg = f"{key or 'the empty key'} is no setting"
        raise DeskcError(msg, help=_way_out(path, known))
    return path


def _is_known(path: str, scope: Scope, layers: Layers) -> bool:
    """Say whether a path is the schema's, or an entry of a free-key map that some layer or default speaks of."""
    if path in _known(scope, layers):
        return True
    section = scope.sections.get(path.partition(".")[0])
    spoken = () if section is None else section.patches
    return any(within(other, path) for patch in spoken for other in patch.leaves)


def _known(scope: Scope, layers: Layers) -> list[str]:
    """Return every path of a scope that can be asked for: what is set, and what the schemas name."""
    found = [path for section in scope.sections.values() for path in section.shape.order]
    for name in layers.schemas.sections:
        schema = schema_of(name, layers, scope.id.bot)
        if schema is not None and name not in ("bot", "desk"):
            listed = (*schema.objects, *schema.maps, *schema.settings)
            found += [path for path in listed if "*" not in path]
    return [*found, CONFIG_VERSION]


def _way_out(path: str, known: tuple[str, ...]) -> str:
    """Guess the setting: one that ends like what was asked, or one that is spelt nearly so."""
    same_end = [other for other in known if other.endswith(f".{path}")]
    ends = {other.rpartition(".")[2]: other for other in reversed(known)}
    guess = same_end[0] if same_end else close_to(path, known)
    if guess is None:
        near = close_to(path.rpartition(".")[2], ends)
        guess = ends[near] if near else None
    return f"did you mean {guess}?" if guess else "deskc schema lists the settings"
