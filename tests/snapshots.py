"""Writes snapshot files as ARCHITECTURE 4 describes them, plainly, so that the loader is tested against the page."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskc.core.canonical import Digest, encode
from deskc.core.snapshots import ScopeRow, Snapshot

__all__ = ["ScopeText", "SnapshotText", "frozen", "publish"]

_TRADING = ("exchange", "ladder", "risk", "strategy", "trading")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class ScopeText:
    """One scope to be written; `listed` changes what the header says of it, `raw` is written in place of its line."""

    params: Mapping[str, Any] = field(default_factory=dict)
    coin: str | None = None
    side: str | None = None
    config_version: str | None = "1.0.0"
    listed: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes = b""

    def ids(self) -> dict[str, Any]:
        """Return what header and line both say of the scope."""
        return {"arm": None, "coin": self.coin, "config_version": self.config_version, "side": self.side}

    def line(self) -> bytes:
        """Return the scope's line without its newline."""
        return self.raw or encode({**self.ids(), "params": self.params}).encode()

    def row(self) -> dict[str, Any]:
        """Return the scope as the header lists it."""
        line = self.line()
        trading = encode({name: self.params[name] for name in _TRADING if name in self.params}).encode()
        digests = {"params_digest": _sha256(trading), "line_digest": _sha256(line), "length": len(line)}
        return {**self.ids(), **digests, **self.listed}


@dataclass(frozen=True, slots=True)
class SnapshotText:
    """A snapshot to be written; `header` overrides keys of the first line."""

    scopes: Sequence[ScopeText] = (ScopeText(),)
    environment: str = "production"
    bot: str = "tradeengine"
    header: Mapping[str, Any] = field(default_factory=dict)

    def first_line(self) -> bytes:
        """Return the first line without its newline."""
        lists: dict[str, Any] = {"exchanges": ["binance"], "experiments": [], "late": [], "restart": [], "floats": []}
        target = {"environment": self.environment, "bot": self.bot, "strategy": "trend"}
        scopes = [scope.row() for scope in self.scopes]
        return encode({"format": "deskc-snapshot/1", **target, **lists, "scopes": scopes, **self.header}).encode()

    @property
    def digest(self) -> str:
        """The digest that names the file."""
        return _sha256(self.first_line())

    def data(self) -> bytes:
        """Return the file's bytes."""
        return b"".join(line + b"\n" for line in (self.first_line(), *(scope.line() for scope in self.scopes)))

    def write(self, folder: Path) -> Path:
        """Write the file into a folder and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.digest}.jsonl"
        path.write_bytes(self.data())
        return path


def frozen(text: SnapshotText) -> Snapshot:
    """Return what freezing would have returned, with the bot's own scope first."""
    rows = tuple(ScopeRow(**scope.row()) for scope in text.scopes)
    bot = text.scopes[0].params
    trading = encode({name: bot[name] for name in _TRADING if name in bot}).encode()
    header, _, lines = text.data().partition(b"\n")
    return Snapshot(text.environment, text.bot, Digest(text.digest), header, rows, trading, lines)


def publish(snapshot: SnapshotText, channel: Path, **record: object) -> Path:
    """Write a snapshot and its pointer, with these keys changed, into a folder channel; return the pointer's path."""
    folder = snapshot.write(channel / snapshot.environment / snapshot.bot).parent
    known = {"digest": snapshot.digest, "commit": "c0ffee" * 6 + "c0ff", "sequence": 1}
    target = {"environment": snapshot.environment, "bot": snapshot.bot}
    pointer = folder / "current.json"
    pointer.write_text(json.dumps({**known, **target, **record}), encoding="utf-8")
    return pointer
