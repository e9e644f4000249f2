"""Freeze the scopes of one (environment, bot) as a snapshot: bytes that depend on settings alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from deskc.core import canonical
from deskc.core.canonical import digest
from deskc.core.layers import Layers
from deskc.core.resolved import Scope, Section
from deskc.core.schemas import Setting
from deskc.core.scopes import TRADING_SECTIONS, Target
from deskc.core.snapshots import FORMAT, ScopeRow, Snapshot, frame

__all__ = ["freeze"]

_made_row = partial(tuple.__new__, ScopeRow)  # the generated constructor costs twice as much, and a fleet has thousands

_LEGS = "strategy.legs"


def freeze(scopes: Sequence[Scope], layers: Layers, target: Target) -> Snapshot:
    """Write the snapshot of a target (ARCHITECTURE 4); `scopes` are all of them, bot level first.

    The sections' own texts are canonical already, so joining them in order is RFC 8785 without encoding anything twice.
    """
    rows: list[ScopeRow] = []
    body: list[bytes] = []
    known: Mapping[str, Section] | None = None
    distinct: dict[int, tuple[str, Section]] = {}
    params = bot_trading = b"{}"
    params_digest = digest(params)
    for (_, _, coin, side, arm), label, sections in scopes:
        version = None if label is None else label.value
        if coin is None:
            bot_trading = _object({name: sections[name] for name in sections if name in TRADING_SECTIONS})
        if sections is not known:  # the sides of a coin often share their sections
            known, params = sections, _object(sections)
            params_digest = digest(bot_trading if coin is None else params)
            distinct.update({id(section): (name, section) for name, section in sections.items()})
        before, after = frame(coin, side, arm, version)
        line = before + params + after
        rows.append(_made_row((coin, side, arm, version, params_digest, digest(line), len(line))))
        body += (line, b"\n")
    header = _header(rows, tuple(distinct.values()), layers, target).encode()
    return Snapshot(*target, digest(header), header, tuple(rows), bot_trading, b"".join(body))


def _object(sections: Mapping[str, Section]) -> bytes:
    return ("{" + ",".join([f'"{name}":{section.text}' for name, section in sections.items()]) + "}").encode()


def _header(rows: Sequence[ScopeRow], sections: Sequence[tuple[str, Section]], layers: Layers, target: Target) -> str:
    """Return the header's canonical JSON; its keys are written in order, since the rows of a fleet are many."""
    bot = layers.bots[target.bot]
    shapes = {id(section.shape): section.shape for _, section in sections}.values()
    parts = {
        "bot": target.bot,
        "environment": target.environment,
        "exchanges": _exchanges(bot.exchange, sections),
        "experiments": [],
        "floats": _union(shape.floats for shape in shapes),
        "format": FORMAT,
        "late": list(_late(sections, layers, bot.strategy)),
        "restart": _union(shape.restart for shape in shapes),
        "scopes": None,
        "strategy": bot.strategy,
    }
    texts = {name: canonical.encode(value) for name, value in parts.items()} | {"scopes": _rows(rows)}
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}"


def _rows(rows: Sequence[ScopeRow]) -> str:
    return "[" + ",".join(map(_row, rows)) + "]"


def _row(row: ScopeRow) -> str:
    coin, side, arm, version, params_digest, line_digest, length = row
    before, after = _names(coin, side, arm, version)
    return f'{before}{length},"line_digest":"{line_digest}","params_digest":"{params_digest}"{after}'


@lru_cache(maxsize=1 << 12)
def _names(coin: str | None, side: str | None, arm: str | None, version: str | None) -> tuple[str, str]:
    """Return what stands in a row before its length and after its digests."""
    texts = [canonical.encode(text) for text in (arm, coin, version)]
    before = '{{"arm":{},"coin":{},"config_version":{},"length":'.format(*texts)
    return before, f',"side":{canonical.encode(side)}}}'


def _union(groups: Iterable[Iterable[str]]) -> list[str]:
    return sorted({path for group in groups for path in group}, key=canonical.key_order)


def _exchanges(primary: str | None, sections: Iterable[tuple[str, Section]]) -> list[str]:
    """Return the primary venue, then those of the strategy's legs in order."""
    found = {primary: None} if primary else {}
    for name, section in sections:
        legs = section.leaves[_LEGS].value if name == "strategy" and _LEGS in section.shape.order else None
        for leg in legs if isinstance(legs, list) else ():
            if isinstance(leg, dict) and isinstance(leg.get("exchange"), str):
                found[leg["exchange"]] = None
    return list(found)


def _late(sections: Iterable[tuple[str, Section]], layers: Layers, strategy: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield what the loader needs to bind each path that holds a late reference somewhere in the snapshot."""
    settings = _late_settings(sections, layers, strategy)
    for path in sorted(settings, key=canonical.key_order):
        setting = settings[path]
        bounds = {key: setting.schema.get(key) for key in ("minimum", "maximum", "enum")}
        yield {"path": path, "type": setting.late_type, **bounds}


def _late_settings(
    sections: Iterable[tuple[str, Section]], layers: Layers, strategy: str | None
) -> Mapping[str, Setting]:
    found: dict[str, Setting] = {}
    for name, section in sections:
        for path in section.shape.late:
            schema = layers.schemas.of(name, strategy) or layers.schemas.sections[name]
            setting = schema.setting(path)
            if setting is not None and "${" in section.leaves[path].text:
                found[path] = setting
    return found
