"""A snapshot as a bot holds it: one file's bytes, checked; scopes are decoded when they are first asked for."""

from __future__ import annotations

from deskc.runtime.errors import UnknownScopeError, WrongTargetError, nearest
from deskc.runtime.header import read_header
from deskc.runtime.lines import Context, check_lines, check_params, read_scope

__all__ = ["Snapshot", "follow_snapshot", "open_context", "open_snapshot"]

TYPE_CHECKING = False  # typing costs a bot 3 ms at its start; type checkers know this name
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, NoReturn

    from deskc.runtime.late import Sources
    from deskc.runtime.lines import Pending
    from deskc.runtime.locate import Found
    from deskc.runtime.scopes import Scope
    from deskc.runtime.stamp import Stamp

_LISTED = 12  # more names than this help nobody in a message


class Snapshot:
    """All scopes of one (environment, bot): `snap["ETH"]`, `snap["BTCUSDT", "LONG"]`, and the bot's own as `snap.bot`.

    Iteration, `len` and `scopes` are over the coins' scopes, in the file's order. Safe to share between threads.
    """

    __slots__ = ("_context", "_scopes", "bot", "dirty")

    bot: Scope
    dirty: bool
    _context: Context
    _scopes: dict[int, Scope]

    def __init__(self, context: Context, *, dirty: bool) -> None:
        for name, value in (("_context", context), ("_scopes", {}), ("dirty", dirty)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "bot", self._scopes.setdefault(0, read_scope(context, 0)))

    @property
    def environment(self) -> str:
        """The environment these settings are of."""
        return self._context.header.environment

    @property
    def bot_id(self) -> str:
        """The bot's id; `bot` is its own scope."""
        return self._context.header.bot

    @property
    def digest(self) -> str:
        """The snapshot's digest, which is its file's name."""
        return self._context.digest

    @property
    def data(self) -> bytes:
        """The file's bytes, in which late references are references still."""
        return self._context.data

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The venues whose facts these settings were judged by, the primary one first."""
        return self._context.header.exchanges

    @property
    def strategy(self) -> str | None:
        """The strategy that the bot runs."""
        return self._context.header.strategy

    @property
    def restart(self) -> tuple[str, ...]:
        """The setting paths whose change takes effect only when the bot restarts."""
        return self._context.header.restart

    @property
    def pending(self) -> tuple[Pending, ...]:
        """The settings that keep their old values until the bot restarts, scope by scope."""
        return tuple(one for kept in self._context.kept.values() for one in kept.pending)

    @property
    def kept(self) -> tuple[Mapping[str, Any], ...]:
        """The scopes that go on with old values: coin, side, label, digest and params as JSON has them, not bound."""
        context = self._context
        return tuple(
            {
                "coin": context.header.rows[number]["coin"],
                "side": context.header.rows[number]["side"],
                "config_version": kept.config_version,
                "params_digest": kept.params_digest,
                "params": kept.params,
            }
            for number, kept in context.kept.items()
        )

    @property
    def git_sha(self) -> str | None:
        """The commit that the channel names; None for a bare file or uncommitted edits."""
        return self._context.git_sha

    @property
    def stamp(self) -> Stamp:
        """The stamp of the bot's own scope, for what is no coin's."""
        return self.bot.stamp

    @property
    def coins(self) -> tuple[str, ...]:
        """The coins' names, each once."""
        return tuple(dict.fromkeys(coin for coin, _ in self._context.header.index if coin is not None))

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Every coin's scopes; the bot's own is `bot`."""
        return tuple(self[key] for key in self)

    def __getitem__(self, key: str | tuple[str, str]) -> Scope:
        """Return a coin's scope; raise UnknownScopeError, a KeyError, and whatever its line has wrong."""
        coin, side = key if isinstance(key, tuple) else (key, None)
        number = self._context.header.index.get((coin, side))
        if not number:
            raise _unknown(self, coin, side)
        scope = self._scopes.get(number)
        return scope or self._scopes.setdefault(number, read_scope(self._context, number))

    def __contains__(self, key: object) -> bool:
        """Say whether there is such a coin, sided or not, or such a (coin, side)."""
        if isinstance(key, tuple):
            return key in self._context.header.index and key[0] is not None
        return key in self.coins

    def __iter__(self) -> Iterator[str | tuple[str, str]]:
        """Iterate over the keys of the coins' scopes: `"ETH"`, or `("BTCUSDT", "LONG")` where there are sides."""
        for coin, side in self._context.header.index:
            if coin is not None:
                yield (coin, side) if side is not None else coin

    def __len__(self) -> int:
        """Count the coins' scopes."""
        return len(self._context.header.rows) - 1

    def verify(self) -> None:
        """Check every line against its digest and every params digest; raise TamperedError or FormatError."""
        for number in range(len(self._context.header.rows)):
            check_params(self._context, number)

    def __repr__(self) -> str:
        """Show whose settings these are and which, and no setting."""
        return f"Snapshot('{self.environment}/{self.bot_id}', {self.digest[:8]}, {len(self)} scopes)"

    def __copy__(self) -> Snapshot:
        """Return itself: what never changes needs no copy."""
        return self

    def __deepcopy__(self, memo: object) -> Snapshot:
        """Return itself: what never changes needs no copy."""
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled, since late-bound secrets would be written out."""
        msg = "a snapshot is not pickled, for it may hold secrets: load it in the other process"
        raise TypeError(msg)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: a snapshot is frozen."""
        msg = f"a snapshot is frozen: {name} stays what it was"
        raise AttributeError(msg)

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: a snapshot is frozen."""
        self.__setattr__(name, None)


def open_snapshot(found: Found, *, environment: str, bot: str, sources: Sources) -> Snapshot:
    """Check a snapshot's bytes and that it is the one asked for; its own scope is bound at once, coins' when read."""
    return Snapshot(open_context(found, environment=environment, bot=bot, sources=sources), dirty=found.dirty)


def follow_snapshot(found: Found, *, environment: str, bot: str, sources: Sources, after: Snapshot | None) -> Snapshot:
    """Do as open_snapshot for a bot that is running, so that what it trades by cannot fail later: check every line.

    `after` is the snapshot that the bot runs until now, None where it starts: settings that need a restart keep its
    values, and the scopes that were read of it are read here at once.
    """
    context = open_context(found, environment=environment, bot=bot, sources=sources)
    check_lines(context)
    if after is None:
        return Snapshot(context, dirty=found.dirty)
    from deskc.runtime.kept import keep  # noqa: PLC0415 - a bot that starts has nothing to keep

    old = after._context  # noqa: SLF001 - this module's own
    context.kept = keep(old, context)
    snap = Snapshot(context, dirty=found.dirty)
    keys = {number: key for key, number in old.header.index.items()}
    for number in tuple(after._scopes):  # noqa: SLF001 - as above
        coin, side = keys[number]
        if coin is not None and keys[number] in context.header.index:
            snap[coin if side is None else (coin, side)]
    return snap


def open_context(found: Found, *, environment: str, bot: str, sources: Sources) -> Context:
    """Check a snapshot's first line and that it is the one asked for; secrets are looked up, nothing is bound."""
    header = read_header(found.data, digest=found.digest, source=found.source)
    if (header.environment, header.bot) != (environment, bot):
        msg = f"{found.source} is of {header.environment}/{header.bot}, and {environment}/{bot} was asked for"
        raise WrongTargetError(msg, path=found.source)
    if sources.secrets is not None:
        from deskc.runtime.secrets import look_up  # noqa: PLC0415 - only who has secrets pays for it

        sources = look_up(found.data, header, sources)
    return Context(
        data=found.data,
        digest=found.digest,
        header=header,
        source=found.source,
        git_sha=found.git_sha,
        sources=sources,
    )


def _unknown(snap: Snapshot, coin: object, side: object) -> UnknownScopeError:
    sides = tuple(key[1] for key in snap if isinstance(key, tuple) and key[0] == coin)
    known = sides or snap.coins
    name = f"{snap.environment}/{snap.bot_id}"
    if sides and side is None:
        message, help_ = f"{name} has {coin} by side: {', '.join(sides)}", f'write snap["{coin}", "{sides[0]}"]'
    elif sides:
        message, help_ = f"{name} has no side {side} of {coin}: {', '.join(sides)}", nearest(str(side), sides)
    elif coin in known:
        message, help_ = f"{name} has {coin} without sides", f'write snap["{coin}"]'
    else:
        more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        message = f"{name} has no coin {coin}: {', '.join(known[:_LISTED]) or 'it has none at all'}{more}"
        help_ = nearest(str(coin), known)
    error = UnknownScopeError(message, path=snap._context.source, help=help_)  # noqa: SLF001 - this module's own
    error.known = known
    return error
