"""A tiny desk, laid out by tests with files of their own: in memory where speed counts, else in a git repository."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deskc.core.findings import Finding
from deskc.core.resolved import Scope
from deskc.gitio.objects import Objects
from deskc.pipeline import Compilation, compile_desk, prepare, scopes_of
from deskc.stages.read import CommitSource
from in_memory import InMemory

__all__ = ["BASE", "Files", "codes", "commit", "committed", "compiled", "lay", "only", "scope", "scopes", "section"]

Files = Mapping[str, str | bytes | None]
"""Files by path from the repository's root; None takes one of the base away."""

_DESK = """\
format: 1
environments:
  paper: {writes: direct}
  live: {writes: proposal}
hierarchy:
  - global.yaml
  - environments/{environment}.yaml
  - exchanges/{exchange}.yaml
  - strategies/{strategy}.yaml
  - coins/{coin}.yaml
  - coins/{coin}.{side}.yaml
  - bots/{bot}/bot.yaml
  - bots/{bot}/coins/{coin}.yaml
  - bots/{bot}/coins/{coin}.{side}.yaml
  - bots/{bot}/environments/{environment}.yaml
schemas: schemas
validators: validators
markets: markets
"""


def _leaf(kind: str | list[str], **more: object) -> dict[str, object]:
    return {"type": kind, **more}


def section(properties: Mapping[str, object], **more: object) -> str:
    """Return a section's schema as text."""
    return json.dumps({"type": "object", "additionalProperties": False, "properties": properties, **more}, indent=1)


_LIMITS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "additionalProperties": False,
        "required": ["orders"],
        "properties": {"orders": _leaf("integer"), "value": _leaf("number")},
    },
}
_LATE = {"x-deskc": {"late": True}}
_REFERENCE = r"^\$\{(?!ref:)[^{}]+\}$"
_OF_ENVIRONMENTS = {"x-deskc": {"axes": ["environment"]}}

BASE: Mapping[str, str] = {
    "desk.yaml": _DESK,
    "global.yaml": "trading:\n  leverage: 5\n",
    "bots/mm/bot.yaml": "bot: {exchange: venue, strategy: quote, environments: [paper, live], coins: [ETH, BTC]}\n",
    "schemas/trading.schema.json": section(
        {
            "leverage": _leaf("integer", minimum=1, maximum=125, default=10),
            "size": _leaf("number", minimum=0.5),
            "mode": _leaf("string", enum=["maker", "taker"], default="maker"),
            "label": _leaf("string", pattern="^[a-z]+$"),
            "note": _leaf("string"),
            "hedged": _leaf("boolean", default=False),
            "stop": _leaf(["number", "null"], default=None),
            "venues": _leaf("array", items=_leaf("string")),
            "weights": {"type": "object", "additionalProperties": _leaf("number"), "default": {"a": 1, "b": 0.5}},
            "names": {"type": "object", "additionalProperties": _leaf("string")},
            "limits": _LIMITS,
            "key": _leaf("string", **_LATE),
            "nested": {
                "type": "object",
                "additionalProperties": False,
                "required": ["must"],
                "properties": {"must": _leaf("integer"), "may": _leaf("integer")},
            },
        }
    ),
    "schemas/risk.schema.json": section(
        {
            "cap": _leaf("integer", default=20, **_OF_ENVIRONMENTS),
            "floor": _leaf("integer", **_OF_ENVIRONMENTS),
            "other": _leaf("integer"),
            "caps": {"type": "object", "additionalProperties": _leaf("number"), **_OF_ENVIRONMENTS},
            "books": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"depth": _leaf("integer", **_OF_ENVIRONMENTS), "name": _leaf("string")},
                },
            },
        }
    ),
    "schemas/system.schema.json": section(
        {
            "host": _leaf("string", **_LATE),
            "port": _leaf(["integer", "string"], minimum=1, maximum=65535, pattern=_REFERENCE, **_LATE),
            "fast": _leaf(["boolean", "string"], pattern=_REFERENCE, **_LATE),
            "log_level": _leaf("string", enum=["DEBUG", "INFO"], default="INFO"),
        }
    ),
    "schemas/strategy.schema.json": section(
        {
            "name": _leaf("string"),
            "parameters": {"type": "object", "additionalProperties": False, "properties": {}},
        }
    ),
    "schemas/strategy/quote.schema.json": section({"alpha": _leaf("number", default=0.5)}),
    "schemas/strategy/trend.schema.json": section({"beta": _leaf("integer", minimum=1)}),
}
"""A desk that compiles clean: one bot, two coins, two environments, one layer."""


def lay(files: Files) -> dict[str, bytes]:
    """Return the base with these files laid over it."""
    laid = {**BASE, **files}
    return {path: text if isinstance(text, bytes) else text.encode() for path, text in laid.items() if text is not None}


def compiled(files: Files) -> Compilation:
    """Compile the base with these files laid over it, in memory."""
    return compile_desk(prepare(InMemory(lay(files)), ""))


def scopes(files: Files) -> dict[str, Scope]:
    """Return the scopes of the base with these files laid over it, by name; poisoned ones are missing."""
    prepared = prepare(InMemory(lay(files)), "")
    targets = prepared.layers.targets if prepared.layers else ()
    return {str(one.id): one for target in targets for one in scopes_of(prepared, target).value}


def scope(files: Files, name: str = "paper/mm/ETH") -> Scope:
    """Return one scope of a desk that compiles without a finding."""
    compilation = compiled(files)
    assert compilation.findings == ()
    return scopes(files)[name]


def codes(files: Files) -> list[str]:
    """Return the codes of what is wrong with the base with these files laid over it, in the order of the findings."""
    return [finding.code for finding in compiled(files).findings]


def only(files: Files) -> Finding:
    """Return the one finding of a desk."""
    (finding,) = compiled(files).findings
    return finding


def commit(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a new git repository and commit them; return its root."""
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    who = {
        f"GIT_{role}_{what}": "desk@example.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z"}
    env: dict[str, Any] = {**os.environ, **who, **quiet, "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Begin"]):
        subprocess.run(["git", "-C", str(root), "-c", "core.autocrlf=false", *command], check=True, env=env)
    return root


def committed(root: Path, folder: str = "") -> Compilation:
    """Compile the desk in a folder of a repository's HEAD."""
    with Objects(root) as objects:
        return compile_desk(prepare(CommitSource(objects, "HEAD"), folder))
