"""jrsonnet by its Python binding, with the layers rewritten in Jsonnet's own `+:` before the clock starts.

`jrsonnet.py prepare DESK WORK` rewrites; `jrsonnet.py WORK OUT` evaluates, writes OUT/scopes.json and hashes nothing.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from naive import SECTIONS, Desk, Tree, absent, open_desk

_ENTRY = """
local lay(below, path) = if std.objectHas(layers, path) then below + layers[path] else below;
local resolve(environment, bot, exchange, strategy, coin, side) =
  std.foldl(lay, [%s], defaults[strategy]);
{[environment]: {[bot]: {[coin]: {[side]:
  resolve(environment, bot, bots[bot].exchange, bots[bot].strategy, coin, side)
  for side in bots[bot].sides} for coin in bots[bot].coins} for bot in std.objectFields(bots)} for environment in %s}
"""


def source(tree: Tree) -> str:
    """Write a layer as a Jsonnet object that adds to what it is laid over."""
    return "{" + ",".join(_member(key, value) for key, value in tree.items()) + "}"


def _member(key: str, value: object) -> str:
    return (
        f"{json.dumps(key)}+:{source(value)}" if isinstance(value, dict) else f"{json.dumps(key)}:{json.dumps(value)}"
    )


def program(desk: Desk) -> Iterator[str]:
    """Yield the lines of a program whose value is environment → bot → coin → side → params.

    Defaults lie beneath every scope, because each section of the fleet is spoken of by its first layers.
    """
    settings = desk.layers["desk.yaml"]
    yield "local layers = {"
    yield from (
        f"  {json.dumps(path)}: import {json.dumps(f'layers/{path}.libsonnet')}," for path in sorted(desk.layers)
    )
    yield "};"
    yield f"local defaults = {json.dumps(desk.defaults)};"
    yield f"local bots = {json.dumps(desk.bots())};"
    patterns = ('"' + pattern.replace("{", '"+').replace("}", '+"') + '"' for pattern in settings["hierarchy"])
    yield _ENTRY % (", ".join(patterns), json.dumps(list(settings["environments"])))


def prepare(folder: Path, work: Path) -> int:
    """Rewrite a desk as Jsonnet, or say that the binding is not here."""
    try:
        import rjsonnet  # noqa: F401 - whether it is there is the question
        import yaml
    except ImportError as error:
        return absent(str(error))
    desk = open_desk(folder, lambda path: yaml.load(path.read_bytes(), yaml.CSafeLoader))
    for path, layer in desk.layers.items():
        target = work / "layers" / f"{path}.libsonnet"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source({name: value for name, value in layer.items() if name in SECTIONS}), encoding="utf-8")
    (work / "main.jsonnet").write_text("\n".join(program(desk)), encoding="utf-8")
    return 0


def main(work: str, out: str) -> None:
    """Evaluate what was prepared; leave without freeing the values, which would cost it another second."""
    import rjsonnet

    text = rjsonnet.evaluate_file(f"{work}/main.jsonnet")
    Path(out).mkdir(parents=True, exist_ok=True)
    Path(out, "scopes.json").write_text(text, encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        sys.exit(prepare(Path(sys.argv[2]), Path(sys.argv[3])))
    main(sys.argv[1], sys.argv[2])
