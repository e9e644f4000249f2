"""Settings as a bot reads them: frozen mappings whose keys are also attributes, at the price of a plain attribute."""

from __future__ import annotations

from _collections_abc import Mapping  # collections.abc itself, without the package around it, which costs 1.5 ms
from sys import intern
from types import MappingProxyType

from deskc.runtime.errors import UnknownSettingError, nearest

__all__ = ["REDACTED", "Section", "fill", "plain"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn

REDACTED = "'***'"
_ABSENT = object()


class _Store:
    """Holds settings in the instance's own dictionary, which the interpreter reads fastest."""

    __slots__ = ("__dict__", "_hidden", "_path", "_place")

    _place: tuple[str, str]
    _path: str
    _hidden: frozenset[str]


_settings: Callable[[_Store], dict[str, Any]] = _Store.__dict__["__dict__"].__get__


class Section(_Store, Mapping[str, "Any"]):
    """A frozen group of settings, read as `section.leverage`, `section["leverage"]` or `section["legs[0].coin"]`.

    As an attribute a setting always wins over a mapping's method: where a setting is named `items`, `section.items` is
    its value. Subscripts, `in`, `len`, iteration and `==` never depend on names; `dict(section)` needs `keys`, so it
    raises TypeError where a setting bears that very name. A setting that is a Python keyword is read as
    `section["global"]` or `getattr(section, "global")`. Lists are tuples. What was bound late shows as '***'.

    An unknown subscript raises UnknownSettingError with a did-you-mean. An unknown attribute raises Python's own
    AttributeError: a hook there would triple the price of the known ones.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # noqa: ANN401, D105 - settings are whatever the desk says

    @property
    def __dict__(self) -> Mapping[str, Any]:  # type: ignore[override]  # the writable one is what must not be had
        """A read-only view, so that `vars(section)` cannot change a setting."""
        return MappingProxyType(_settings(self))

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - settings are whatever the desk says
        """Return the setting under a key or a path from here; raise UnknownSettingError, which is a KeyError."""
        value = _settings(self).get(key, _ABSENT)
        if value is _ABSENT:
            value = _find(self, key)
        if value is _ABSENT:
            raise _unknown(self, key)
        return value

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as Mapping.get
        """Return the setting under a key or a path from here, or the default."""
        value = _find(self, key)
        return default if value is _ABSENT else value

    def __contains__(self, key: object) -> bool:
        """Say whether a subscript with this key or path would find a setting."""
        return _find(self, key) is not _ABSENT

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys."""
        return iter(_settings(self))

    def __len__(self) -> int:
        """Count the keys."""
        return len(_settings(self))

    def __eq__(self, other: object) -> bool:
        """Compare as mappings, where a list of the other side equals a tuple of this one."""
        return plain(self) == plain(other) if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # equal to dictionaries, which have none

    def __repr__(self) -> str:
        """Show the settings, and what was bound late as '***'."""
        shown = (f"{key!r}: {REDACTED if key in self._hidden else repr(_settings(self)[key])}" for key in self)
        return f"Section({{{', '.join(shown)}}})"

    def __dir__(self) -> list[str]:
        """List the settings too, for completion and for Python's own did-you-mean."""
        return [*self, *dir(type(self))]

    def __copy__(self) -> Section:
        """Return itself: what never changes needs no copy."""
        return self

    def __deepcopy__(self, memo: object) -> Section:
        """Return itself: what never changes needs no copy."""
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled, since late-bound secrets would be written out."""
        msg = "settings are not pickled, for they may hold secrets: load the snapshot in the other process"
        raise TypeError(msg)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: settings change in the desk, never in a bot."""
        msg = f"settings are frozen: change {name} in the desk, then load the new snapshot"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: settings change in the desk, never in a bot."""
        self.__setattr__(name, None)


def fill(
    section: Section, values: Mapping[str, object], *, place: tuple[str, str], path: str, hidden: frozenset[str]
) -> None:
    """Give a new section its settings, once; `place` is (file, scope), `path` its own setting path, for errors."""
    # Interned, as the names in a bot's code are: the interpreter then finds an attribute without comparing text.
    _settings(section).update({intern(key): value for key, value in values.items()})
    for name, value in (("_place", place), ("_path", path), ("_hidden", hidden)):
        object.__setattr__(section, name, value)


def plain(value: object) -> object:
    """Return a copy of plain dictionaries and lists, all the way down; late-bound values are in the clear."""
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in value}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _find(section: Section, key: object) -> object:
    settings: dict[object, object] = _settings(section)  # type: ignore[assignment]  # looked into, never written
    if key in settings:
        return settings[key]
    return _walk(section, key)[2] if isinstance(key, str) and ("." in key or "[" in key) else _ABSENT


def _walk(section: Section, path: str) -> tuple[Section, str, object]:
    """Follow a path; return the last section reached, the step tried there, and what it led to or _ABSENT."""
    from deskc.core.paths import split  # noqa: PLC0415 - it imports json, and most bots never ask by a path

    try:
        steps = split(path)
    except ValueError:
        return section, path, _ABSENT
    tried = path
    value: object = section
    for step in steps:
        if isinstance(value, Section) and isinstance(step, str):
            section, tried, value = value, step, _settings(value).get(step, _ABSENT)
        elif isinstance(value, tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return section, tried, _ABSENT
    return section, tried, value


def _unknown(section: Section, key: object) -> UnknownSettingError:
    reached, tried, _ = _walk(section, key) if isinstance(key, str) else (section, str(key), None)
    source, scope = section._place  # noqa: SLF001 - this module's own
    path = _below(section._path, str(key))  # noqa: SLF001 - this module's own
    known = tuple(reached)
    error = UnknownSettingError(
        f"{scope} has no setting {path}", path=source, help="" if tried in known else nearest(tried, known)
    )
    error.setting, error.known = path, known
    return error


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path and not key.startswith("[") else f"{path}{key}"
