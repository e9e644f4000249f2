"""What a team writes first: load every file once, deep-merge the whole chain of each scope, dump it as JSON.

The peers give it their own YAML reader or their own merge; nothing is shared between scopes but the loaded files.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["SECTIONS", "UNAVAILABLE", "Desk", "Scope", "Tree", "absent", "merge", "open_desk", "params", "run", "write"]

Tree = dict[str, Any]
SECTIONS = ("exchange", "ladder", "risk", "strategy", "trading")
UNAVAILABLE = 69  # sysexits.h EX_UNAVAILABLE: the peer is absent, which is no failure


class Scope(NamedTuple):
    """One coin scope with everything that a hierarchy's pattern may name."""

    environment: str
    bot: str
    exchange: str
    strategy: str
    coin: str
    side: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk's layers by path, its hierarchy, and each strategy's schema defaults by section."""

    layers: dict[str, Tree]
    defaults: dict[str, Tree]

    def bots(self) -> dict[str, Tree]:
        """Return each bot's `bot` section."""
        return {path.split("/")[1]: layer["bot"] for path, layer in self.layers.items() if path.endswith("/bot.yaml")}

    def scopes(self) -> Iterator[Scope]:
        """Yield every coin scope, (environment, bot) by (environment, bot)."""
        for name, bot in sorted(self.bots().items()):
            for environment in bot["environments"]:
                for coin in bot["coins"]:
                    for side in bot["sides"]:
                        yield Scope(environment, name, bot["exchange"], bot["strategy"], coin, side)

    def chain(self, scope: Scope) -> list[str]:
        """Return the paths of a scope's layers, least specific first."""
        names = scope._asdict()
        paths = (pattern.format(**names) for pattern in self.layers["desk.yaml"]["hierarchy"])
        return [path for path in paths if path in self.layers]


def absent(reason: str) -> int:
    """Print why this peer cannot run and return the exit status that says so."""
    print(f"absent: {reason}")
    return UNAVAILABLE


def open_desk(folder: Path, load: Callable[[Path], Tree]) -> Desk:
    """Read a desk with the given YAML reader."""
    paths = sorted(folder.rglob("*.yaml"))
    layers = {path.relative_to(folder).as_posix(): load(path) for path in paths}
    schemas = folder / layers["desk.yaml"]["schemas"]
    known = {section: schemas / f"{section}.schema.json" for section in SECTIONS}
    shared = {section: _defaults(_json(path)) for section, path in known.items() if path.exists()}
    strategies = {path.name.partition(".")[0]: _defaults(_json(path)) for path in (schemas / "strategy").glob("*.json")}
    defaults = {name: shared | {"strategy": {"parameters": inner}} for name, inner in strategies.items()}
    return Desk(layers, defaults)


def _json(path: Path) -> Tree:
    document: Tree = json.loads(path.read_bytes())
    return document


def _defaults(schema: Tree) -> Tree:
    properties = schema.get("properties", {})
    return {name: inner["default"] if "default" in inner else _defaults(inner) for name, inner in properties.items()}


def merge(below: Tree, above: Tree) -> Tree:
    """Return a deep merge of two mappings; the second wins."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = merge(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def params(desk: Desk, scope: Scope) -> Tree:
    """Return a scope's trading sections, each over its schema's defaults where a layer speaks of it."""
    merged: Tree = {}
    for path in desk.chain(scope):
        merged = merge(merged, {name: value for name, value in desk.layers[path].items() if name in SECTIONS})
    defaults = desk.defaults[scope.strategy]
    return merge({name: value for name, value in defaults.items() if name in merged}, merged)


def write(out: Path, lines: dict[tuple[str, str], list[str]]) -> None:
    """Write the lines of each (environment, bot) with the digests of all of them in front."""
    for (environment, bot), texts in lines.items():
        (out / environment).mkdir(parents=True, exist_ok=True)
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        whole = "\n".join((json.dumps(digests), *texts, ""))
        (out / environment / f"{bot}.jsonl").write_text(whole, encoding="utf-8")


def run(load: Callable[[Path], Tree], *, resolve: Callable[[Desk, Scope], Tree] = params) -> int:
    """Write every coin scope of the desk named by the first argument into the folder named by the second."""
    desk = open_desk(Path(sys.argv[1]), load)
    lines: dict[tuple[str, str], list[str]] = {}
    for scope in desk.scopes():
        line = {"coin": scope.coin, "params": resolve(desk, scope), "side": scope.side}
        text = json.dumps(line, sort_keys=True, separators=(",", ":"))
        lines.setdefault((scope.environment, scope.bot), []).append(text)
    write(Path(sys.argv[2]), lines)
    return 0
