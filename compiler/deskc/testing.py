"""Snapshots out of plain dictionaries, for a bot's unit tests: the same bytes and checks as the real ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from deskc.core.canonical import Digest, digest, encode
from deskc.core.paths import child, item
from deskc.core.scopes import SECTIONS, TRADING_SECTIONS
from deskc.runtime.errors import FormatError, nearest
from deskc.runtime.header import FORMAT
from deskc.runtime.late import Sources
from deskc.runtime.locate import Found
from deskc.runtime.snapshot import Snapshot, open_snapshot

__all__ = ["snapshot"]

_SOURCE = "deskc.testing.snapshot"
_Scope = tuple[str | None, str | None, str | None, Mapping[str, Any]]  # coin, side, config version, params


def snapshot(settings: Mapping[str, Any], /) -> Snapshot:
    """Return a snapshot of these settings, written, verified and loaded as a compiled one is.

    Sections stand as in a desk: those at the top are the bot's, and its trading sections are shared by every coin,
    whose own win. The keys of `coins` are what the snapshot is later asked for. Everything may be left out; no schema
    judges the values, and `${…}` is plain text. Raises FormatError for a key that means nothing here.

    >>> coins = {"ETH": {}, ("BTCUSDT", "LONG"): {"trading": {"leverage": 20}}}
    >>> snap = snapshot({"trading": {"leverage": 10}, "coins": coins})
    >>> snap["ETH"].trading.leverage, snap["BTCUSDT", "LONG"].trading.leverage
    (10, 20)
    """
    _refuse_unknown(settings, known=("bot", "coins", "config_version", "environment", *SECTIONS))
    environment, bot = settings.get("environment", "test"), settings.get("bot", "test_bot")
    header, lines = _written(_scopes(settings), environment=environment, bot=bot)
    data = b"\n".join((header, *lines, b""))
    found = Found(data=data, digest=digest(header), source=_SOURCE, git_sha=None, dirty=False)
    snap = open_snapshot(found, environment=environment, bot=bot, sources=Sources(env={}, secrets=None))
    snap.verify()
    return snap


def _refuse_unknown(settings: Mapping[str, Any], *, known: tuple[str, ...]) -> None:
    for key in settings:
        if key not in known:
            msg = f"{key!r} is neither a section nor one of {', '.join(one for one in known if one not in SECTIONS)}"
            raise FormatError(msg, path=_SOURCE, help=nearest(str(key), known))


def _scopes(settings: Mapping[str, Any]) -> list[_Scope]:
    """Return the scopes in a snapshot's order: the bot's own, then by coin and side."""
    version = settings.get("config_version")
    shared = {section: settings[section] for section in TRADING_SECTIONS if section in settings}
    coins: list[_Scope] = []
    for key, own in settings.get("coins", {}).items():
        _refuse_unknown(own, known=("config_version", *TRADING_SECTIONS))
        coin, side = key if isinstance(key, tuple) else (key, None)
        params = {section: own[section] for section in TRADING_SECTIONS if section in own}
        coins.append((coin, side, own.get("config_version", version), _merged(shared, params)))
    coins.sort(key=lambda one: (str(one[0]).encode(), one[1] is not None, str(one[1]).encode()))
    return [(None, None, version, {section: settings[section] for section in SECTIONS if section in settings}), *coins]


def _merged(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as layers do: maps by key, everything else replaced."""
    merged = {**lower, **upper}
    for key in lower.keys() & upper.keys():
        if isinstance(lower[key], Mapping) and isinstance(upper[key], Mapping):
            merged[key] = _merged(lower[key], upper[key])
    return merged


def _written(scopes: list[_Scope], *, environment: str, bot: str) -> tuple[bytes, list[bytes]]:
    """Return the header's line and the scopes' lines (ARCHITECTURE 4); what is a float here stays one."""
    rows, lines = [], []
    for coin, side, version, params in scopes:
        ids = {"arm": None, "coin": coin, "config_version": version, "side": side}
        line = encode({**ids, "params": params}).encode()
        lines.append(line)
        rows.append({**ids, "params_digest": _traded(params), "line_digest": digest(line), "length": len(line)})
    header = {
        "format": FORMAT,
        "environment": environment,
        "bot": bot,
        "exchanges": [],
        "strategy": None,
        "experiments": [],
        "late": [],
        "restart": [],
        "floats": sorted({path for *_, params in scopes for path in _floats(params, "")}),
        "scopes": rows,
    }
    return encode(header).encode(), lines


def _traded(params: Mapping[str, Any]) -> Digest:
    return digest(encode({section: params[section] for section in TRADING_SECTIONS if section in params}).encode())


def _floats(value: object, path: str) -> Iterator[str]:
    if isinstance(value, float):
        yield path
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _floats(one, child(path, key))
    elif isinstance(value, (list, tuple)):
        for index, one in enumerate(value):
            yield from _floats(one, item(path, index))
