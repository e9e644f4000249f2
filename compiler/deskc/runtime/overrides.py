"""Variables named like settings, as RISK_GLOBAL_MAX_LEVERAGE: they override in other systems and do nothing here."""

from __future__ import annotations

from deskc.runtime.decode import decode

__all__ = ["IgnoredVariableWarning", "ignored", "variable_of", "warn_of_ignored"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

_PREFIXES = ("EXCHANGE_", "LADDER_", "MONITORING_", "RISK_", "STRATEGY_", "SYSTEM_", "TRADING_")  # core.scopes.SECTIONS
_REFERENCES = ('"${%s}"', '"${%s:-', '"${env:%s}"', '"${env:%s:-')


class IgnoredVariableWarning(UserWarning):
    """A variable is set that is named like a setting and that no layer asks for, so nothing reads it."""


def variable_of(path: str) -> str:
    """Return the variable that would override a setting where the environment may do so: RISK_GLOBAL_MAX_LEVERAGE."""
    return path.upper().replace(".", "_")


def warn_of_ignored(data: bytes, env: Collection[str]) -> None:
    """Warn the caller of `load` once, by name, of the variables that change nothing about a snapshot's settings."""
    names = ignored(data, env)
    if names:
        import warnings  # noqa: PLC0415 - only such a variable pays for it

        several = len(names) > 1
        msg = (
            f"{', '.join(names)} {'are' if several else 'is'} set here and change{'' if several else 's'} no setting: "
            "settings come from reviewed commits, and of the environment only what a layer names as ${env:NAME}; "
            f"change the layer, or unset the variable{'s' if several else ''}"
        )
        warnings.warn(msg, IgnoredVariableWarning, stacklevel=3)


def ignored(data: bytes, env: Collection[str]) -> tuple[str, ...]:
    """Return which of these variables are named like a setting of a snapshot and by no late reference in it, sorted."""
    alike = {name for name in env if name.startswith(_PREFIXES) and name.isascii()}
    if not alike:
        return ()
    asked = {name for name in alike if any((form % name).encode() in data for form in _REFERENCES)}
    waiting, found = alike - asked, set()
    for line in data.split(b"\n")[1:-1]:
        if not waiting:
            break
        found |= waiting.intersection(map(variable_of, _paths(line)))
        waiting -= found
    return tuple(sorted(found))


def _paths(line: bytes) -> Iterator[str]:
    """Yield the paths of a scope's settings; of a line that is none, nothing, since whoever reads it will say so."""
    try:
        inside: list[tuple[str, Any]] = [("", decode(line)["params"])]
    except (LookupError, TypeError, ValueError):
        return
    while inside:
        path, value = inside.pop()
        if isinstance(value, dict):
            inside += ((f"{path}.{key}" if path else key, one) for key, one in value.items())
        else:
            yield path
