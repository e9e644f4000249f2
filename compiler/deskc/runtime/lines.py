"""A snapshot's line for one scope: checked against its digest, late references bound, frozen."""

from __future__ import annotations

import hashlib

from deskc.runtime.decode import decode
from deskc.runtime.errors import FormatError, TamperedError, UnboundError
from deskc.runtime.late import Misfit, bind, is_reference
from deskc.runtime.scopes import Scope
from deskc.runtime.sections import Section, fill
from deskc.runtime.stamp import Stamp

__all__ = ["Context", "Kept", "Pending", "check_lines", "check_params", "read_params", "read_scope", "scope_name"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from deskc.runtime.header import Header
    from deskc.runtime.late import Sources

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@$-")  # as core.paths has it
_IDS = ("coin", "side", "arm", "config_version")


class Pending:
    """A setting that waits for a restart: the value that runs and the one that the desk wants.

    References stay references: a bound value is never here.
    """

    __slots__ = ("coin", "running", "setting", "side", "wanted")

    def __init__(self, *, coin: str | None, side: str | None, setting: str, running: object, wanted: object) -> None:
        self.coin = coin
        self.side = side
        self.setting = setting
        self.running = running
        self.wanted = wanted

    def __repr__(self) -> str:
        """Show the scope, the setting and both values."""
        scope = "/".join(part for part in (self.coin, self.side) if part) or "bot"
        return f"Pending({scope} {self.setting}: {self.running!r} until a restart, then {self.wanted!r})"


class Kept:
    """A scope that keeps old values: the params that really run, their digest and label, and what waits."""

    __slots__ = ("config_version", "params", "params_digest", "pending")

    def __init__(
        self, *, params: dict[str, Any], params_digest: str, config_version: str | None, pending: tuple[Pending, ...]
    ) -> None:
        self.params = params
        self.params_digest = params_digest
        self.config_version = config_version
        self.pending = pending


class Context:
    """What every line of one file is read with; `source` names the file in errors, `git_sha` may be unknown.

    `kept` holds, by row, the scopes that go on with old values, none where the bot has just begun.
    """

    __slots__ = ("data", "digest", "git_sha", "header", "kept", "source", "sources")

    def __init__(  # noqa: PLR0913 - a record of six fields, by keyword alone
        self, *, data: bytes, digest: str, header: Header, source: str, git_sha: str | None, sources: Sources
    ) -> None:
        self.data = data
        self.digest = digest
        self.header = header
        self.source = source
        self.git_sha = git_sha
        self.sources = sources
        self.kept: Mapping[int, Kept] = {}

    def params_digest(self, number: int) -> str:
        """Return the digest of what really trades in the scope at this row."""
        kept = self.kept.get(number)
        return kept.params_digest if kept else str(self.header.rows[number]["params_digest"])

    def config_version(self, number: int) -> str | None:
        """Return the label of what really trades in the scope at this row."""
        kept = self.kept.get(number)
        version: str | None = kept.config_version if kept else self.header.rows[number]["config_version"]
        return version


class _Freezing:
    """One line on its way to a scope: what is known, and what could not be bound so far."""

    __slots__ = ("bound", "context", "place", "problems")

    def __init__(self, context: Context, place: tuple[str, str]) -> None:
        self.context = context
        self.place = place
        self.bound = 0
        self.problems: list[tuple[str, Misfit]] = []


def scope_name(header: Header, *, coin: str | None, side: str | None) -> str:
    """Return `environment/bot[/coin[/side]]`, as findings write it."""
    return "/".join(part for part in (header.environment, header.bot, coin, side) if part)


def read_params(context: Context, number: int) -> dict[str, Any]:
    """Return the params that run at this row; raise TamperedError or FormatError where its line is another."""
    if number in context.kept:
        return context.kept[number].params
    return _listed_params(context, number)


def _listed_params(context: Context, number: int) -> dict[str, Any]:
    return _params(_line(context, number), context.header.rows[number], source=f"{context.source}:{number + 2}")


def _line(context: Context, number: int) -> bytes:
    row, start = context.header.rows[number], context.header.starts[number]
    line = context.data[start : start + row["length"]]
    if hashlib.sha256(line).hexdigest() != row["line_digest"]:
        name = scope_name(context.header, coin=row["coin"], side=row["side"])
        msg = f"{context.source} was altered: the line of {name} has not the digest that the first line lists"
        raise TamperedError(msg, path=context.source, help="fetch the snapshot again")
    return line


def _params(line: bytes, row: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    try:
        content = decode(line)
        sound = all(content[key] == row[key] for key in _IDS) and isinstance(content["params"], dict)
    except (LookupError, TypeError, ValueError) as error:
        msg = f"{source} holds no scope: {type(error).__name__} on {error}"
        raise FormatError(msg, path=source) from error
    if not sound:
        msg = f"{source} holds another scope than the first line lists"
        raise FormatError(msg, path=source)
    params: dict[str, Any] = content["params"]
    return params


def check_lines(context: Context) -> None:
    """Raise TamperedError where a line is not the one listed: what a bot does before it goes over to a snapshot."""
    for number in range(len(context.header.rows)):
        _line(context, number)


def read_scope(context: Context, number: int) -> Scope:
    """Return the frozen scope at this row of the header; raise UnboundError where a late reference finds no value."""
    row = context.header.rows[number]
    params = read_params(context, number)
    name = scope_name(context.header, coin=row["coin"], side=row["side"])
    freezing = _Freezing(context, (context.source, name))
    scope = Scope()
    _fill(scope, params, path="", floats=False, freezing=freezing)
    if freezing.problems:
        del scope  # what is half made has no repr, and some tracebacks show variables
        raise _unbound(freezing)
    stamp = Stamp(
        environment=context.header.environment,
        git_sha=context.git_sha,
        snapshot_digest=context.digest,
        params_digest=context.params_digest(number),
        config_version=context.config_version(number),
    )
    for key, value in (("coin", row["coin"]), ("side", row["side"]), ("stamp", stamp)):
        object.__setattr__(scope, key, value)
    return scope


def check_params(context: Context, number: int) -> None:
    """Raise where a scope's line, or the digest of what trades in it, is not what the header lists."""
    from deskc.core.canonical import encode  # noqa: PLC0415 - only a full check pays for these two
    from deskc.core.scopes import TRADING_SECTIONS  # noqa: PLC0415 - as encode

    params = _listed_params(context, number)
    trading = {section: params[section] for section in TRADING_SECTIONS if section in params}
    actual = hashlib.sha256(encode(trading).encode()).hexdigest()
    if actual != context.header.rows[number]["params_digest"]:
        msg = f"{context.source} lists another params digest than line {number + 2} has, {actual}"
        raise TamperedError(msg, path=context.source, help="compile it again from its commit")


def _fill(section: Section, values: Mapping[str, Any], *, path: str, floats: bool, freezing: _Freezing) -> None:
    frozen, hidden = {}, []
    for key, value in values.items():
        before = freezing.bound
        frozen[key] = _frozen(value, path=_child(path, key), floats=floats, freezing=freezing)
        if freezing.bound > before and not isinstance(value, dict):
            hidden.append(key)
    fill(section, frozen, place=freezing.place, path=path, hidden=frozenset(hidden))


def _frozen(value: object, *, path: str, floats: bool, freezing: _Freezing) -> object:
    header = freezing.context.header
    floats = floats or path in header.floats
    if isinstance(value, dict):
        section = Section()
        _fill(section, value, path=path, floats=floats, freezing=freezing)
        return section
    if isinstance(value, list):
        return tuple(
            _frozen(one, path=f"{path}[{index}]", floats=floats, freezing=freezing) for index, one in enumerate(value)
        )
    if isinstance(value, str) and path in header.late:
        return _bound(value, path=path, freezing=freezing)
    return float(value) if floats and isinstance(value, int) and not isinstance(value, bool) else value


def _bound(text: str, *, path: str, freezing: _Freezing) -> object:
    context = freezing.context
    value = bind(text, rule=context.header.late[path], sources=context.sources)
    freezing.bound += is_reference(text)
    if isinstance(value, Misfit):
        freezing.problems.append((path, value))
    return value


def _child(path: str, key: str) -> str:
    if _PLAIN.issuperset(key) and key:
        return f"{path}.{key}" if path else key
    from deskc.core.paths import child  # noqa: PLC0415 - it imports json

    return child(path, key)


def _unbound(freezing: _Freezing) -> UnboundError:
    reasons = "; ".join(f"{path}: {misfit.variable} {misfit.reason}" for path, misfit in freezing.problems)
    source, scope = freezing.place
    error = UnboundError(
        f"{scope} cannot be bound: {reasons}", path=source, help="set these where the bot starts, then load again"
    )
    error.settings = tuple(path for path, _ in freezing.problems)
    error.variables = tuple(misfit.variable for _, misfit in freezing.problems)
    return error
