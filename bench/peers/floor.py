"""The bare floor: read, the fastest YAML parse (no positions), shared-prefix merge, orjson and sha256, nothing else.

Usage: floor.py DESK OUT [--steps]. It writes OUT/<environment>/<bot>.jsonl, one line a coin scope; `--steps` prints the
milliseconds of each step on standard error. py-yaml12's reader was measured against rapidyaml, whose shortest way into
dictionaries is emitting JSON for orjson: 18 ms against 39 for these 960 files with the imports that each needs.
"""

import sys
from time import perf_counter

STARTED = perf_counter()

import gc
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson
import yaml12

Tree = dict[str, Any]
SECTIONS = {"exchange", "ladder", "risk", "strategy", "trading"}


def files(folder: str, suffix: str) -> Iterator[str]:
    """Yield the paths under a folder whose names end so."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from files(entry.path, suffix)
        elif entry.name.endswith(suffix):
            yield entry.path


def read(desk: str) -> dict[str, dict[str, Tree]]:
    """Return every YAML file of the desk by folder and by name without suffix."""
    layers: dict[str, dict[str, Tree]] = {}
    for path in files(desk, ".yaml"):
        folder, _, name = path[len(desk) + 1 :].rpartition("/")
        layers.setdefault(folder, {})[name[:-5]] = yaml12.read_yaml(path)  # type: ignore[assignment] # a layer is a mapping
    return layers


def defaults(schema: Tree) -> Tree:
    """Return what an object schema's properties are when no layer speaks of them."""
    return {
        name: inner["default"] if "default" in inner else defaults(inner)
        for name, inner in schema.get("properties", {}).items()
    }


def load_defaults(folder: str, strategy: str) -> Tree:
    """Return the defaults of every section, with one strategy's closed parameters."""
    paths = {section: f"{folder}/{section}.schema.json" for section in SECTIONS}
    known = {
        section: defaults(orjson.loads(open(path, "rb").read()))  # noqa: SIM115 - read at once
        for section, path in paths.items()
        if os.path.exists(path)
    }
    with open(f"{folder}/strategy/{strategy}.schema.json", "rb") as file:
        known["strategy"]["parameters"] = defaults(orjson.loads(file.read()))
    return known


def merge(below: Tree, above: Tree) -> Tree:
    """Lay one mapping over another; what only one of them has is shared with it, not copied."""
    merged = below | above
    for key, value in above.items():
        if type(value) is dict and key in below:
            merged[key] = merge(below[key], value)
    return merged


def lay(params: Tree, layer: Tree, unspoken: Tree) -> Tree:
    """Lay one layer's trading sections over the params; a section that is new begins with its defaults."""
    laid = params.copy()
    for section, above in layer.items():
        if section in SECTIONS:
            laid[section] = merge(laid[section] if section in laid else unspoken.get(section, {}), above)
    return laid


def fill(pattern: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return a hierarchy pattern's folder and stem with everything but coin and side filled in."""
    folder, _, name = pattern.replace("{coin}", "\0").replace("{side}", "\1").format(**names).rpartition("/")
    return folder, name.removesuffix(".yaml")


def resolve(
    layers: dict[str, dict[str, Tree]], bot: Tree, names: Mapping[str, str], unspoken: Tree
) -> Iterator[tuple[str, str, Tree]]:
    """Yield coin, side and params of one (environment, bot), computing what scopes share once."""
    steps = [fill(pattern, names) for pattern in layers[""]["desk"]["hierarchy"]]
    named = [index for index, (_, stem) in enumerate(steps) if "\0" in stem]
    base: Tree = {}
    for folder, stem in steps[: named[0]]:
        base = lay(base, layers.get(folder, {}).get(stem, {}), unspoken)
    rest = [("\0" in stem, "\1" in stem, layers.get(folder, {}), stem) for folder, stem in steps[named[0] :]]
    sides = bot["sides"]
    for coin in bot["coins"]:
        named_sides = [f"{coin}.{side}" for side in sides]
        params, split = [base], False  # one for all sides, until a layer of a side makes them differ
        for by_coin, by_side, siblings, stem in rest:
            if by_side:
                for index, name in enumerate(named_sides):
                    if name in siblings:
                        params, split = params if split else params * len(sides), True
                        params[index] = lay(params[index], siblings[name], unspoken)
            else:
                layer = siblings.get(coin if by_coin else stem)
                if layer is not None:
                    params = [lay(one, layer, unspoken) for one in params]
        for index, side in enumerate(sides):
            yield coin, side, params[index if split else 0]


def main(desk: str, out: str, *, timed: bool) -> None:
    """Write every coin scope of the desk, one (environment, bot) after the other."""
    gc.disable()  # nothing here is a cycle, and the collector would cost a tenth
    spent = dict.fromkeys(("import", "read and parse", "schemas' defaults", "merge", "orjson", "sha256", "write"), 0.0)
    last = STARTED

    def mark(step: str) -> None:
        nonlocal last
        now = perf_counter()
        spent[step] += now - last
        last = now

    mark("import")
    layers = read(desk)
    mark("read and parse")
    schemas = os.path.join(desk, layers[""]["desk"]["schemas"])
    bots = {folder[5:]: found["bot"]["bot"] for folder, found in layers.items() if "bot" in found}
    unspoken = {bot["strategy"]: load_defaults(schemas, bot["strategy"]) for bot in bots.values()}
    mark("schemas' defaults")
    for name, bot in bots.items():
        for environment in bot["environments"]:
            names = {"environment": environment, "bot": name, "exchange": bot["exchange"], "strategy": bot["strategy"]}
            scopes = list(resolve(layers, bot, names, unspoken[bot["strategy"]]))
            mark("merge")
            lines = [encode(coin, side, params) for coin, side, params in scopes]
            mark("orjson")
            digests = [sha256(line).hexdigest() for line in lines]
            mark("sha256")
            write(f"{out}/{environment}", name, [orjson.dumps(digests), *lines, b""])
            mark("write")
    if timed:
        print("".join(f"{step:18} {1e3 * seconds:6.1f} ms\n" for step, seconds in spent.items()), file=sys.stderr)


def encode(coin: str, side: str, params: Tree) -> bytes:
    """Return one scope's line."""
    line: bytes = orjson.dumps({"coin": coin, "params": params, "side": side}, option=orjson.OPT_SORT_KEYS)
    return line


def write(folder: str, name: str, lines: list[bytes]) -> None:
    """Write one (environment, bot)."""
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}.jsonl", "wb") as file:
        file.write(b"\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], timed="--steps" in sys.argv)
