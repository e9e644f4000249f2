"""What differs between two snapshots, setting by setting, for a bot's callbacks."""

from __future__ import annotations

from deskc.core.paths import child
from deskc.runtime.sections import Section

__all__ = ["Setting", "changes"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Iterator

    from deskc.runtime.scopes import Scope
    from deskc.runtime.snapshot import Snapshot

_ABSENT = object()


class Setting(str):
    """A setting's path, as `trading.leverage`; `coin` and `side` say whose it is, None on the bot's own scope."""

    __slots__ = ("coin", "side")

    coin: str | None
    side: str | None


def changes(old: Snapshot, new: Snapshot, *, section: str | None) -> Iterator[tuple[Setting, object, object]]:
    """Yield (setting, old value, new value) of what a running bot now reads otherwise, None for what is not there.

    A list is one value. `section` leaves out the other sections.
    """
    for key in dict.fromkeys((None, *old, *new)):
        before, after = _scope(old, key), _scope(new, key)
        if before is not after:
            yield from _of_scope(before, after, section=section)


def _scope(snap: Snapshot, key: str | tuple[str, str] | None) -> Scope | None:
    if key is None:
        return snap.bot
    return snap[key] if key in snap else None  # noqa: SIM401 - a Snapshot is no mapping


def _of_scope(
    before: Scope | None, after: Scope | None, *, section: str | None
) -> Iterator[tuple[Setting, object, object]]:
    named = after if after is not None else before
    if named is None or (before is not None and after is not None and before == after):
        return
    values = [dict(_leaves(scope, "", section)) if scope is not None else {} for scope in (before, after)]
    for path in dict.fromkeys((*values[0], *values[1])):
        old, new = (one.get(path, _ABSENT) for one in values)
        if old is _ABSENT or new is _ABSENT or type(old) is not type(new) or old != new:
            setting = Setting(path)
            setting.coin, setting.side = named.coin, named.side
            yield setting, None if old is _ABSENT else old, None if new is _ABSENT else new


def _leaves(values: Section, path: str, section: str | None) -> Iterator[tuple[str, object]]:
    for key in values:
        if path or section in (None, key):
            below, value = child(path, key), values[key]
            if isinstance(value, Section):
                yield from _leaves(value, below, section)
            else:
                yield below, value
