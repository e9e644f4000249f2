"""Freeze the scopes of one (environment, bot) as a snapshot: bytes that depend on settings alone."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from deskc.core import canonical
from deskc.core.canonical import Digest
from deskc.core.layers import Layers
from deskc.core.resolved import Scope, Section
from deskc.core.schemas import Setting
from deskc.core.scopes import TRADING_SECTIONS, Target
from deskc.core.snapshots import FORMAT, ScopeRow, Snapshot

__all__ = ["freeze"]


def freeze(scopes: Sequence[Scope], layers: Layers, target: Target) -> Snapshot:
    """Write the snapshot of a target (ARCHITECTURE 4); `scopes` are all of them, bot level first."""
    rows: list[ScopeRow] = []
    lines: list[bytes] = []
    trading: list[bytes] = []
    for scope in scopes:
        row, line, traded = _line(scope)
        rows.append(row)
        lines.append(line)
        trading.append(traded)
    header = _header(rows, scopes, layers, target).encode()
    return Snapshot(
        environment=target.environment,
        bot=target.bot,
        digest=canonical.digest(header),
        header=header,
        rows=tuple(rows),
        lines=tuple(lines),
        trading=tuple(trading),
    )


def _line(scope: Scope) -> tuple[ScopeRow, bytes, bytes]:
    """Return a scope's row, its line, and the canonical JSON of its trading sections.

    The sections' own texts are canonical already, so joining them in order is RFC 8785 without encoding anything twice.
    """
    sections = scope.sections
    params = _object(sections)
    traded = (
        params if scope.id.coin else _object({name: sections[name] for name in sections if name in TRADING_SECTIONS})
    )
    version = None if scope.config_version is None else scope.config_version.value
    coin, side, arm = scope.id.coin, scope.id.side, scope.id.arm
    ids = f'"arm":{_text(arm)},"coin":{_text(coin)},"config_version":{_text(version)}'
    text = f'{{{ids},"params":{params},"side":{_text(side)}}}'
    line, trading = text.encode(), traded.encode()
    row = ScopeRow(
        coin, side, arm, version, Digest(sha256(trading).hexdigest()), Digest(sha256(line).hexdigest()), len(line)
    )
    return row, line, trading


def _object(sections: Mapping[str, Section]) -> str:
    return "{" + ",".join([f'"{name}":{section.text}' for name, section in sections.items()]) + "}"


@lru_cache(maxsize=1 << 12)
def _text(value: str | None) -> str:
    return "null" if value is None else canonical.string(value)


def _header(rows: Sequence[ScopeRow], scopes: Sequence[Scope], layers: Layers, target: Target) -> str:
    """Return the header's canonical JSON; its keys are written in order, since the rows of a fleet are many."""
    bot = layers.bots[target.bot]
    shapes = {id(section.shape): section.shape for scope in scopes for section in scope.sections.values()}.values()
    parts = {
        "bot": target.bot,
        "environment": target.environment,
        "exchanges": _exchanges(bot.exchange, scopes),
        "experiments": [],
        "floats": _union(shape.floats for shape in shapes),
        "format": FORMAT,
        "late": list(_late(scopes, layers, bot.strategy)),
        "restart": _union(shape.restart for shape in shapes),
        "scopes": None,
        "strategy": bot.strategy,
    }
    texts = {name: canonical.encode(value) for name, value in parts.items()} | {"scopes": _rows(rows)}
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}"


def _rows(rows: Sequence[ScopeRow]) -> str:
    return "[" + ",".join(map(_row, rows)) + "]"


def _row(row: ScopeRow) -> str:
    ids = f'"arm":{_text(row.arm)},"coin":{_text(row.coin)},"config_version":{_text(row.config_version)}'
    digests = f'"line_digest":"{row.line_digest}","params_digest":"{row.params_digest}"'
    return f'{{{ids},"length":{row.length},{digests},"side":{_text(row.side)}}}'


def _union(groups: Any) -> list[str]:  # noqa: ANN401
    return sorted({path for group in groups for path in group}, key=canonical.key_order)


def _exchanges(primary: str | None, scopes: Sequence[Scope]) -> list[str]:
    """Return the primary venue, then those of the strategy's legs in order."""
    found = [primary] if primary else []
    for scope in scopes:
        legs = scope.find("strategy.legs")
        listed = legs.value if legs and isinstance(legs.value, list) else ()
        found += [leg["exchange"] for leg in listed if isinstance(leg, dict) and "exchange" in leg]
    return list(dict.fromkeys(found))


def _late(scopes: Sequence[Scope], layers: Layers, strategy: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield what the loader needs to bind each path that holds a late reference somewhere in the snapshot."""
    settings = _late_settings(scopes, layers, strategy)
    for path in sorted(settings, key=canonical.key_order):
        setting = settings[path]
        bounds = {key: setting.schema.get(key) for key in ("minimum", "maximum", "enum")}
        yield {"path": path, "type": setting.late_type, **bounds}


def _late_settings(scopes: Sequence[Scope], layers: Layers, strategy: str | None) -> Mapping[str, Setting]:
    found: dict[str, Setting] = {}
    seen: set[int] = set()
    for scope in scopes:
        for name, section in scope.sections.items():
            if id(section) not in seen and section.shape.late:
                seen.add(id(section))
                schema = layers.schemas.of(name, strategy) or layers.schemas.sections[name]
                for path in section.shape.late:
                    setting = schema.setting(path)
                    if setting is not None and "${" in section.leaves[path].text:
                        found[path] = setting
    return found
