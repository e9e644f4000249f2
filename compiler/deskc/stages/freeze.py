"""Freeze the scopes of one (environment, bot) as a snapshot: bytes that depend on settings alone."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from deskc.core import canonical
from deskc.core.canonical import Digest
from deskc.core.layers import Layers
from deskc.core.resolved import Scope
from deskc.core.schemas import Schema
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
    header = canonical.encode(_header(rows, scopes, layers, target)).encode()
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
    """Return a scope's row, its line, and the canonical JSON of its trading sections."""
    sections = scope.sections
    traded = "{" + ",".join([f'"{name}":{section.text}' for name, section in sections.items() if name in TRADING_SECTIONS]) + "}"
    params = traded if scope.id.coin else "{" + ",".join([f'"{name}":{section.text}' for name, section in sections.items()]) + "}"
    version = None if scope.config_version is None else scope.config_version.value
    coin, side, arm = scope.id.coin, scope.id.side, scope.id.arm
    text = f'{{"arm":{_text(arm)},"coin":{_text(coin)},"config_version":{_text(version)},"params":{params},"side":{_text(side)}}}'
    line, trading = text.encode(), traded.encode()
    row = ScopeRow(coin, side, arm, version, Digest(sha256(trading).hexdigest()), Digest(sha256(line).hexdigest()), len(line))
    return row, line, trading


def _text(value: str | None) -> str:
    return "null" if value is None else canonical.string(value)


def _header(rows: Sequence[ScopeRow], scopes: Sequence[Scope], layers: Layers, target: Target) -> Mapping[str, Any]:
    bot = layers.bots[target.bot]
    shapes = {id(section.shape): section.shape for scope in scopes for section in scope.sections.values()}
    return {
        "format": FORMAT,
        "environment": target.environment,
        "bot": target.bot,
        "exchanges": _exchanges(bot.exchange, scopes),
        "strategy": bot.strategy,
        "experiments": [],
        "late": list(_late(scopes, layers, bot.strategy)),
        "restart": _union(shape.restart for shape in shapes.values()),
        "floats": _union(shape.floats for shape in shapes.values()),
        "scopes": [
            {
                "coin": row.coin,
                "side": row.side,
                "arm": row.arm,
                "config_version": row.config_version,
                "params_digest": row.params_digest,
                "line_digest": row.line_digest,
                "length": row.length,
            }
            for row in rows
        ],
    }


def _union(groups: Any) -> list[str]:  # noqa: ANN401
    return sorted({path for group in groups for path in group}, key=canonical.key_order)


def _exchanges(primary: str | None, scopes: Sequence[Scope]) -> list[str]:
    """Return the primary venue, then those of the strategy's legs in order."""
    found = [primary] if primary else []
    for scope in scopes:
        legs = scope.find("strategy.legs")
        for leg in legs.value if legs else ():
            if leg["exchange"] not in found:
                found.append(leg["exchange"])
    return found


def _late(scopes: Sequence[Scope], layers: Layers, strategy: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield what the loader needs to bind each path that holds a late reference somewhere in the snapshot."""
    waiting: dict[str, Schema] = {}
    seen: set[int] = set()
    for scope in scopes:
        for name, section in scope.sections.items():
            if id(section) not in seen and section.shape.late:
                seen.add(id(section))
                schema = layers.schemas.of(name, strategy) or layers.schemas.sections[name]
                waiting.update((path, schema) for path in section.shape.late if "${" in section.leaves[path].text)
    for path in sorted(waiting, key=canonical.key_order):
        setting = waiting[path].setting(path)
        if setting is not None:
            own = [name for name in setting.types if name not in ("null", "string")]
            bounds = {key: setting.schema.get(key) for key in ("minimum", "maximum", "enum")}
            yield {"path": path, "type": own[0] if own else "string", **bounds}
