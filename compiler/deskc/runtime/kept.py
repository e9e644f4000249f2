"""What a running bot keeps of its old settings when a new snapshot arrives: those that need a restart to change."""

from __future__ import annotations

import hashlib

from deskc.runtime.lines import Kept, Pending, read_params

__all__ = ["keep"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from deskc.runtime.lines import Context

_ABSENT = object()


def keep(old: Context, new: Context) -> Mapping[int, Kept]:
    """Return, by row of the new snapshot, the scopes that go on with an old value until the bot restarts.

    A setting waits where both snapshots have it in the same scope, with two values, and the new one says that it needs
    a restart. What came or went with its section, or with its scope, is taken over: there is nothing to go on with.
    """
    found = {}
    for key, number in new.header.index.items():
        before = old.header.index.get(key)
        if before is not None and _may_wait(old, before, new, number):
            kept = _kept(old, before, new, number)
            if kept is not None:
                found[number] = kept
    return found


def _may_wait(old: Context, before: int, new: Context, number: int) -> bool:
    return before in old.kept or old.header.rows[before]["line_digest"] != new.header.rows[number]["line_digest"]


def _kept(old: Context, before: int, new: Context, number: int) -> Kept | None:
    from deskc.core.canonical import encode  # noqa: PLC0415 - only a changed scope pays for these two
    from deskc.core.paths import split  # noqa: PLC0415 - as encode

    running, wanted = read_params(old, before), read_params(new, number)
    row, pending = new.header.rows[number], []
    for path in new.header.restart:
        steps = split(path)
        values = _at(running, steps), _at(wanted, steps)
        if _ABSENT not in values and encode(values[0]) != encode(values[1]):
            pending.append(
                Pending(coin=row["coin"], side=row["side"], setting=path, running=values[0], wanted=values[1])
            )
            _put(wanted, steps, values[0])
    if not pending:
        return None
    digest = _traded(wanted)
    same = digest == old.params_digest(before)
    version = old.config_version(before) if same else row["config_version"]
    return Kept(params=wanted, params_digest=digest, config_version=version, pending=tuple(pending))


def _traded(params: Mapping[str, Any]) -> str:
    """Return the params digest: of what trades in it alone."""
    from deskc.core.canonical import encode  # noqa: PLC0415 - only a changed scope pays for these two
    from deskc.core.scopes import TRADING_SECTIONS  # noqa: PLC0415 - as encode

    trading = {section: params[section] for section in TRADING_SECTIONS if section in params}
    return hashlib.sha256(encode(trading).encode()).hexdigest()


def _at(value: Any, steps: tuple[str | int, ...]) -> object:  # noqa: ANN401 - JSON is whatever it says
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return _ABSENT
    return value


def _put(value: Any, steps: tuple[str | int, ...], new: object) -> None:  # noqa: ANN401 - as _at
    for step in steps[:-1]:
        value = value[step]
    value[steps[-1]] = new
